"""What stands on every page: the market in one line, the movers, and how good the data is now."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from app.market.registry import Registry, Tier
from app.market.snapshot import MarketSnapshot
from app.market.verdict import Status
from app.ui import format

LATE = 5.0
"""Seconds of silence after which prices are called late."""

MOVERS = 2
MOVER_VOLUME = 50_000.0
"""USD in 24 h below which a move says nothing."""

FRESHNESS_OF = 100
"""How many of the biggest assets the age of prices is measured over."""


@dataclass(frozen=True, slots=True)
class Mover:
    """One line of a card: `text` is a change or a volume."""

    id: str = ""
    name: str = ""
    symbol: str = ""
    logo: str = ""
    text: str = format.MISSING
    direction: str = ""


@dataclass(frozen=True, slots=True)
class Pulse:
    """Texts only; the defaults are what is shown before the first answer."""

    coins: str = format.MISSING
    venues_live: str = format.MISSING
    venues: str = format.MISSING
    market_cap: str = format.MISSING
    cap_change: str = format.MISSING
    cap_direction: str = ""
    volume: str = format.MISSING
    bitcoin: str = format.MISSING
    ethereum: str = format.MISSING
    age: str = format.MISSING
    state: str = "waiting"
    """live, late or waiting."""
    notice: str = ""
    freshness: str = format.MISSING
    ok: str = format.MISSING
    degraded: str = format.MISSING
    stale: str = format.MISSING
    gainers: list[Mover] = field(default_factory=lambda: [Mover()] * MOVERS)
    losers: list[Mover] = field(default_factory=lambda: [Mover()] * MOVERS)
    traded: list[Mover] = field(default_factory=lambda: [Mover()] * MOVERS)
    beat: int = 0
    """Counts up once a second while the server is there."""


def pulse(snapshot: MarketSnapshot, registry: Registry, *, silence: float, beat: int) -> Pulse:
    """The market as it stands; `silence` is how long ago the indexer was last heard."""
    totals, columns = snapshot.totals, snapshot.columns
    coins = (columns["listed"] > 0) & (registry.tier != Tier.FIAT)
    status = columns["status"][coins]
    known = coins & (columns["status"] >= Status.DEGRADED)
    traded = known & (columns["volume_24h"] >= MOVER_VOLUME)
    change = columns["change_24h"]
    return Pulse(
        coins=format.count(totals.assets),
        venues_live=format.count(totals.venues_live),
        venues=format.count(totals.venues),
        market_cap=format.money(totals.market_cap),
        cap_change=format.percent(totals.market_cap_change_24h),
        cap_direction=format.direction(totals.market_cap_change_24h),
        volume=format.money(totals.volume_24h),
        bitcoin=_share(totals.bitcoin_share),
        ethereum=_share(totals.ethereum_share),
        age=format.age(silence),
        state="live" if silence < LATE else "late",
        notice=notice(snapshot),
        freshness=format.age(_median_age(snapshot, known)),
        ok=format.count(int((status == Status.OK).sum())),
        degraded=format.count(int((status == Status.DEGRADED).sum())),
        stale=format.count(int((status < Status.DEGRADED).sum())),
        gainers=_movers(registry, change, traded & (change > 0), biggest=True),
        losers=_movers(registry, change, traded & (change < 0), biggest=False),
        traded=_most_traded(registry, columns["volume_24h"], known),
        beat=beat,
    )


def notice(snapshot: MarketSnapshot) -> str:
    """What must be said beside prices that are not of the live market; empty when they are."""
    if snapshot.source == "sandbox":
        return (
            "Simulated market: these prices come from the built-in sandbox, not from real venues."
        )
    if snapshot.source == "replay":
        return (
            f"Replay of recorded quotes of {datetime.fromtimestamp(snapshot.time, UTC):%Y-%m-%d}."
        )
    return ""


def _share(share: float) -> str:
    return format.fixed(share * 100, 1) + "%" if np.isfinite(share) else format.MISSING


def _median_age(snapshot: MarketSnapshot, known: NDArray[np.bool_]) -> float:
    rank = snapshot.columns["rank"]
    top = known & (rank > 0) & (rank <= FRESHNESS_OF)
    ages = snapshot.time - snapshot.columns["updated"][top]
    return float(np.median(ages)) if len(ages) else float("nan")


def _movers(
    registry: Registry, change: NDArray[np.float32], among: NDArray[np.bool_], *, biggest: bool
) -> list[Mover]:
    found = _first(change, among, biggest=biggest)
    shares = [float(change[row]) for row in found]
    texts = [(format.percent(share), format.direction(share)) for share in shares]
    return _lines(registry, found, texts)


def _most_traded(
    registry: Registry, volume: NDArray[np.float64], among: NDArray[np.bool_]
) -> list[Mover]:
    found = _first(volume, among & (registry.tier != Tier.STABLE), biggest=True)
    return _lines(registry, found, [(format.money(float(volume[row])), "") for row in found])


def _first(values: NDArray[np.float64], among: NDArray[np.bool_], *, biggest: bool) -> list[int]:
    rows = np.flatnonzero(among & np.isfinite(values))
    order = np.argsort(-values[rows] if biggest else values[rows], kind="stable")
    return rows[order[:MOVERS]].tolist()


def _lines(registry: Registry, found: list[int], texts: list[tuple[str, str]]) -> list[Mover]:
    lines = []
    for number, (text, direction) in zip(found, texts, strict=True):
        asset = registry.assets[number]
        lines.append(Mover(asset.id, asset.name, asset.symbol, asset.logo, text, direction))
    # Cards keep their height while there is nothing to say.
    return lines + [Mover()] * (MOVERS - len(lines))
