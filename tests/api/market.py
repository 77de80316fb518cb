"""A hand-made market small enough to work out every answer by hand."""

from collections.abc import Mapping, Sequence
from math import nan

import msgspec
import numpy as np
import redis.asyncio as redis

from app.market.health import VenueHealth, encode_health
from app.market.registry import Asset, Market, Registry, Tier, encode_registry
from app.market.snapshot import (
    ASSET_COLUMNS,
    MARKET_COLUMNS,
    MarketSnapshot,
    MarketVotes,
    Totals,
    delta_between,
    encode,
)
from app.market.verdict import Flag, Status
from app.store import keys
from app.store.mirror import SPARK_POINTS, Mirror

TIME = 1_795_379_940.25
"""2026-11-22T20:39:00.250Z"""
AS_OF = "2026-11-22T20:39:00.250Z"

CONTRACT = "0xdac17f958d2ee523a2206206994597c13d831ec7"

ASSETS = (
    Asset("usd", "USD", "US Dollar", Tier.FIAT),
    Asset("eur", "EUR", "Euro", Tier.FIAT),
    Asset(
        "bitcoin",
        "BTC",
        "Bitcoin",
        Tier.MAJOR,
        "layer-1",
        circulating=20e6,
        total=20e6,
        maximum=21e6,
        supply_source="chain",
        logo="btc",
    ),
    Asset("ethereum", "ETH", "Ethereum", Tier.MAJOR, "layer-1", circulating=120e6, total=120e6),
    Asset("tether", "USDT", "Tether", Tier.STABLE, "stablecoin", "ethereum", CONTRACT),
    Asset("neiro", "NEIRO", "Neiro on Ethereum", Tier.TAIL, "meme"),
    Asset("first-neiro", "NEIRO", "First Neiro", Tier.TAIL, "meme"),
)

ROWS: Sequence[Mapping[str, float]] = (
    {"price": 1.0, "status": Status.OK},
    {"price": 1.25, "status": Status.OK, "confidence": 0.0003, "updated": TIME - 30},
    {
        "price": 50_000.0,
        "confidence": 0.0004,
        "status": Status.OK,
        "sources": 3,
        "listed": 4,
        "updated": TIME - 0.5,
        "volume_24h": 2e9,
        "volume_reported": 2.5e9,
        "market_cap": 1e12,
        "circulating": 20e6,
        "rank": 1,
        "change_1h": 0.01,
        "change_24h": 0.25,
        "change_7d": -0.5,
        "high_24h": 51_000.0,
        "low_24h": 39_000.0,
    },
    {
        "price": 2_000.0,
        "confidence": 0.001,
        "status": Status.DEGRADED,
        "flags": Flag.LOW_QUORUM | Flag.THIN_MARKET,
        "sources": 2,
        "listed": 2,
        "updated": TIME - 2,
        "volume_24h": 1e9,
        "market_cap": 2.4e11,
        "circulating": 120e6,
        "rank": 2,
        "change_24h": -0.2,
        "high_24h": 2_600.0,
        "low_24h": 1_900.0,
    },
    {
        "price": 1.0,
        "status": Status.OK,
        "sources": 3,
        "listed": 3,
        "updated": TIME - 1,
        "volume_24h": 3e9,
    },
    {"price": 0.001, "status": Status.HELD, "listed": 1, "updated": TIME - 60, "rank": 3},
    {"status": Status.UNAVAILABLE, "listed": 1, "flags": Flag.STALE_SOURCE},
)

MARKETS = (
    Market("coinbase", "coinbase", "BTC-USD", "bitcoin", "usd", pinned=True),
    Market("kraken", "kraken", "BTC/EUR", "bitcoin", "eur"),
    Market("upbit", "upbit", "KRW-BTC", "bitcoin", "eur", restricted=True),
    Market("kraken", "kraken", "BTC/USDT", "bitcoin", "tether"),
    Market("coinbase", "coinbase", "ETH-USD", "ethereum", "usd"),
)

VOTES: Sequence[Mapping[str, float]] = (
    {
        "raw": 50_000.0,
        "usd": 50_000.0,
        "weight": 0.75,
        "spread": 0.0002,
        "volume_24h": 1.5e9,
        "updated": TIME - 0.5,
    },
    {
        "raw": 40_008.0,
        "usd": 50_010.0,
        "weight": 0.25,
        "volume_24h": 4e8,
        "updated": TIME - 2,
        "flags": Flag.CLOCK_SKEW,
    },
    {
        "raw": 41_000.0,
        "usd": 51_250.0,
        "weight": 0.0,
        "volume_24h": 1e8,
        "updated": TIME - 4,
        "flags": Flag.PREMIUM_MARKET | Flag.RESTRICTED_MARKET,
    },
    {"weight": 0.0},
    {"raw": 2_000.0, "usd": 2_000.0, "weight": 0.5, "volume_24h": 1e9, "updated": TIME - 2},
)

TOTALS = Totals(1.24e12, 6e9, 0.1234567, 0.8064516, 0.1935484, 6, 2, 3)

COINBASE = VenueHealth(
    "coinbase",
    "Coinbase Exchange",
    "coinbase",
    "https://exchange.coinbase.com",
    "https://docs.cdp.coinbase.com",
    "live",
    markets=2,
    connections=1,
    connections_wanted=1,
    frames=100,
    quotes=90,
    parse_errors=0,
    unknown_symbols=1,
    reconnects=2,
    missing_acks=0,
    refused=0,
    last_message=TIME - 0.25,
    lag_p50=0.035,
    lag_p99=0.21,
    rest_calls=5,
    rest_failures=1,
    circuit="closed",
)
KRAKEN = msgspec.structs.replace(
    COINBASE, name="kraken", title="Kraken", operator="kraken", lag_p50=nan, lag_p99=nan
)
VENUES = (KRAKEN, COINBASE)


class Clock:
    """A clock that a test sets."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def registry(version: int = 1, assets: Sequence[Asset] = ASSETS) -> Registry:
    return Registry(version, tuple(assets), MARKETS)


def snapshot(version: int = 7, *, time: float = TIME, rows: Sequence[Mapping[str, float]] = ROWS):
    columns = _columns(ASSET_COLUMNS, rows)
    return MarketSnapshot(version, 1, time, "sandbox", TOTALS, columns)


def votes(version: int = 7):
    return MarketVotes(version, 1, TIME, _columns(MARKET_COLUMNS, VOTES))


def sparks():
    closes = np.full((len(ASSETS), SPARK_POINTS), np.nan, dtype=np.float32)
    closes[2, 1:] = np.arange(1, SPARK_POINTS, dtype=np.float32)
    return closes


def empty_mirror(clock: Clock) -> Mirror:
    return Mirror(redis.Redis(), clock=clock)


async def filled_mirror(clock: Clock) -> Mirror:
    """A mirror that has read everything; nothing is connected."""
    mirror = empty_mirror(clock)
    await load(mirror, registry(), snapshot(6))
    await hear(mirror, snapshot(7))
    await mirror._adopt(keys.VOTES, encode(votes()))
    await mirror._adopt(keys.VENUES, encode_health(VENUES))
    await mirror._adopt(keys.SPARKS, sparks().tobytes())
    return mirror


async def load(mirror: Mirror, registry: Registry, snapshot: MarketSnapshot) -> None:
    """What the mirror does with these two when it starts."""
    await mirror._adopt(keys.REGISTRY, encode_registry(registry))
    await mirror._adopt(keys.SNAPSHOT, encode(snapshot))


async def hear(mirror: Mirror, following: MarketSnapshot) -> None:
    """What the mirror does when the indexer publishes the next snapshot."""
    assert mirror.snapshot is not None
    await mirror._apply(encode(delta_between(mirror.snapshot, following)))


def _columns(kinds: Mapping[str, str], rows: Sequence[Mapping[str, float]]):
    unknown = {"f": nan, "u": 0}
    return {
        name: np.array([row.get(name, unknown[kind[0]]) for row in rows], dtype=kind)
        for name, kind in kinds.items()
    }
