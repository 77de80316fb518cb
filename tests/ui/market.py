"""A market small enough to be read: four coins, two currencies, six books."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import redis.asyncio as redis
from numpy.typing import NDArray

from app.market.events import PriceEvent
from app.market.registry import Asset, Market, Registry, Tier
from app.market.snapshot import (
    ASSET_COLUMNS,
    MARKET_COLUMNS,
    MarketSnapshot,
    MarketVotes,
    Totals,
)
from app.market.verdict import Flag, Status
from app.store.mirror import SPARK_POINTS, Mirror
from app.store.quality import Measured
from app.ui.live.quality import QualityDesk

Columns: TypeAlias = Mapping[str, Sequence[float]]

NOW = 1_700_000_000.0
IDS = ("usd", "tether", "bitcoin", "ethereum", "pepe", "bitcoin-cash")
TOTALS = Totals(1.71e12, 53.2e9, 0.0124, 0.491, 0.178, 5, 11, 12)

_VALUES: Columns = {
    "price": [1.0, 0.99989, 42_652.0, 2_511.71, 0.000001234, np.nan],
    "confidence": [0.0, 1e-4, 4.5e-5, 1e-4, 1e-3, np.nan],
    "status": [Status.OK, Status.OK, Status.OK, Status.OK, Status.DEGRADED, Status.UNAVAILABLE],
    "flags": [0, 0, 0, 0, Flag.LOW_QUORUM, 0],
    "sources": [0, 2, 3, 3, 2, 0],
    "listed": [0, 2, 3, 3, 2, 1],
    "updated": [NOW, NOW - 1, NOW - 0.2, NOW - 0.4, NOW - 3, np.nan],
    "volume_24h": [0.0, 20.45e9, 20.65e9, 17.89e9, 1e6, 0.0],
    "volume_reported": [0.0, 20.45e9, 20.65e9, 17.89e9, 1e6, 0.0],
    "market_cap": [np.nan, 95e9, 836.03e9, 301.86e9, 519e6, np.nan],
    "circulating": [np.nan, 95.01e9, 19.6e6, 120.18e6, 420.69e12, np.nan],
    "rank": [0, 3, 1, 2, 4, 0],
    "change_1h": [0.0, 0.0, 0.0047, 0.0064, -0.02, np.nan],
    "change_24h": [0.0, -0.0006, -0.0079, -0.0158, 0.0512, np.nan],
    "change_7d": [0.0, 0.0, -0.0553, 0.0166, np.nan, np.nan],
    "high_24h": [1.0, 1.0, 43_244.0, 2_600.0, 0.0000013, np.nan],
    "low_24h": [1.0, 0.999, 41_724.0, 2_400.0, 0.0000012, np.nan],
}


def registry(version: int = 1) -> Registry:
    """Six assets under the numbers of IDS."""
    assets = (
        Asset("usd", "USD", "US Dollar", Tier.FIAT),
        Asset("tether", "USDT", "Tether", Tier.STABLE, category="stablecoin", circulating=95.01e9),
        Asset(
            "bitcoin", "BTC", "Bitcoin", Tier.MAJOR, circulating=19.6e6, maximum=21e6, logo="btc"
        ),
        Asset("ethereum", "ETH", "Ethereum", Tier.MAJOR, circulating=120.18e6, total=120.18e6),
        Asset("pepe", "PEPE", "Pepe <b>", Tier.MID, category="meme", circulating=420.69e12),
        Asset("bitcoin-cash", "BCH", "Bitcoin Cash", Tier.MID),
    )
    markets = (
        Market("alpha", "alpha", "BTC-USD", "bitcoin", "usd"),
        Market("beta", "beta", "BTCUSDT", "bitcoin", "tether"),
        Market("gamma", "gamma", "BTC/USD", "bitcoin", "usd"),
        Market("alpha", "alpha", "USDT-USD", "tether", "usd"),
        Market("beta", "beta", "ETHUSDT", "ethereum", "tether"),
        Market("gamma", "gamma", "PEPE/USD", "pepe", "usd"),
    )
    return Registry(version, assets, markets)


def snapshot(
    version: int = 1, *, source: str = "sandbox", changed: Columns | None = None
) -> MarketSnapshot:
    """The market at NOW; `changed` gives whole columns other values."""
    values = {**_VALUES, **(changed or {})}
    columns = {name: np.array(values[name], dtype=kind) for name, kind in ASSET_COLUMNS.items()}
    return MarketSnapshot(version, 1, NOW, source, TOTALS, columns)


def votes() -> MarketVotes:
    """Alpha and beta make the price of bitcoin, gamma is too far away."""
    values = {
        "raw": [42_650.1, 42_659.0, 42_988.0, 0.99989, 2_512.0, 0.000001234],
        "usd": [42_650.1, 42_654.3, 42_988.0, 0.99989, 2_511.71, 0.000001234],
        "weight": [0.6, 0.4, 0.0, 1.0, 1.0, 1.0],
        "spread": [0.0002, np.nan, 0.0041, 0.0001, 0.0002, 0.01],
        "volume_24h": [2.31e9, 7.42e9, 0.88e9, 1e9, 1e9, 1e6],
        "updated": [NOW - 0.1, NOW - 0.2, NOW - 0.5, NOW, NOW, NOW],
        "flags": [0, 0, Flag.OUTLIER_EXCLUDED, 0, 0, Flag.SINGLE_SOURCE],
    }
    columns = {name: np.array(values[name], dtype=kind) for name, kind in MARKET_COLUMNS.items()}
    return MarketVotes(1, 1, NOW, columns)


def closes() -> NDArray[np.float32]:
    """Seven days of closes: bitcoin rises, ethereum has none."""
    found = np.full((len(IDS), SPARK_POINTS), np.nan, dtype=np.float32)
    found[2] = np.linspace(40_000, 42_652, SPARK_POINTS)
    return found


class Told:
    """A ledger that says what a test lets it say."""

    def __init__(self, *events: PriceEvent) -> None:
        self.events: Sequence[PriceEvent] | None = events

    async def newest(self) -> Sequence[PriceEvent] | None:
        return self.events


def desk(mirror: Mirror, told: Told | None = None) -> QualityDesk:
    """The quality of that mirror's market, beside an empty ledger."""
    return QualityDesk(mirror, Measured(mirror, stale_after=5.0), told or Told())


def mirror(*, ready: bool = True) -> Mirror:
    """A copy of this market, as if it had just been heard; empty when it is not ready."""
    found = Mirror(redis.Redis(), clock=lambda: NOW)
    if ready:
        found.registry, found.snapshot = registry(), snapshot()
        found.votes, found.sparks = votes(), closes()
    return found
