"""How good the market is at this instant: how fresh, how complete, what is left out and where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.market.crosscheck import CrosscheckReport
from app.market.health import VenueHealth
from app.market.methodology import RULE_OF_FLAG
from app.market.quorum import SURVIVORS_MIN
from app.market.registry import Registry, Tier
from app.market.snapshot import MarketSnapshot, MarketVotes
from app.market.venue_matrix import VenueRow, venue_rows
from app.market.verdict import FLAG_SENTENCE, STATUS_SENTENCE, Flag, Status

Mask = NDArray[np.bool_]
Bits = NDArray[np.uint32]

_OF_SINGLE_MARKETS = (
    Flag.OUTLIER_EXCLUDED | Flag.STALE_SOURCE | Flag.INVALID_INPUT | Flag.CLOCK_SKEW
)
"""Flags of an asset that do not say why its price is held."""


@dataclass(frozen=True, slots=True)
class Ages:
    """How old prices are, in seconds; NaN without a price."""

    prices: int
    p50: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of the listed assets have what."""

    listed: int
    priced: int
    """With a number to show, however old."""
    quorum: int
    """With at least SURVIVORS_MIN operators behind the price."""
    by_status: Mapping[str, int]
    """Status as the API spells it → assets; together they are `listed`."""


@dataclass(frozen=True, slots=True)
class FlagCount:
    """How often one flag is raised now."""

    flag: str
    rule: str
    sentence: str
    markets: int
    share: float
    """Of the markets that have ever sent a price; NaN where there is none."""
    assets: int


@dataclass(frozen=True, slots=True)
class Concern:
    """An asset whose sources contradict each other, or whose price is held for another reason."""

    id: str
    symbol: str
    name: str
    rank: int
    """0 while unranked."""
    status: str
    price: float
    """USD; the last one that was agreed on."""
    age: float
    """Seconds since then."""
    volume_24h: float
    flags: tuple[str, ...]
    sentences: tuple[str, ...]
    """Why, without what is only noticed of single markets."""


@dataclass(frozen=True, slots=True)
class Quality:
    """What was measured at `time`, in epoch seconds."""

    time: float
    freshness: Ages
    freshness_major: Ages
    coverage: Coverage
    coverage_major: Coverage
    markets: int
    """Markets that have ever sent a price; 0 before the votes have arrived."""
    counted: int
    """Of these, those with a weight."""
    rejects: tuple[FlagCount, ...]
    """One for each flag, in the order of the flags."""
    venues: tuple[VenueRow, ...]
    """The heaviest first."""
    concerned: int
    """How many assets are in dispute or held."""
    concerns: tuple[Concern, ...]
    """The largest of them."""
    crosscheck: CrosscheckReport | None
    """The last comparison with sources that are not inputs; None before the first."""


def quality(
    *,
    registry: Registry,
    snapshot: MarketSnapshot,
    votes: MarketVotes | None,
    venues: Sequence[VenueHealth],
    crosscheck: CrosscheckReport | None = None,
    now: float,
    worst: int,
) -> Quality:
    """The market measured at `now`; `worst` is how many concerns are told in full."""
    columns = snapshot.columns
    listed = (columns["listed"] > 0) & (registry.tier != Tier.FIAT)
    major = listed & (registry.tier == Tier.MAJOR)
    if votes is not None and votes.registry_version != registry.version:
        votes = None
    quoted = _quoted(votes)
    weight = np.zeros(0) if votes is None else np.nan_to_num(votes.columns["weight"])
    concerned = _concerned(snapshot, listed)
    return Quality(
        time=now,
        freshness=_ages(snapshot, listed, now),
        freshness_major=_ages(snapshot, major, now),
        coverage=_coverage(snapshot, listed),
        coverage_major=_coverage(snapshot, major),
        markets=int(quoted.sum()),
        counted=int((weight[quoted] > 0).sum()),
        rejects=_rejects(_bits(votes, quoted), columns["flags"][listed]),
        venues=venue_rows(registry, snapshot, votes, venues, now=now),
        concerned=len(concerned),
        concerns=tuple(_concern(registry, snapshot, row, now) for row in concerned[:worst]),
        crosscheck=crosscheck,
    )


def _quoted(votes: MarketVotes | None) -> Mask:
    return np.zeros(0, dtype=bool) if votes is None else np.isfinite(votes.columns["updated"])


def _bits(votes: MarketVotes | None, quoted: Mask) -> Bits:
    return np.zeros(0, dtype=np.uint32) if votes is None else votes.columns["flags"][quoted]


def _ages(snapshot: MarketSnapshot, among: Mask, now: float) -> Ages:
    ages = now - snapshot.columns["updated"][among & np.isfinite(snapshot.columns["price"])]
    ages = np.maximum(ages[np.isfinite(ages)], 0.0)
    if not len(ages):
        return Ages(0, np.nan, np.nan, np.nan)
    p50, p95, p99 = np.percentile(ages, (50, 95, 99)).tolist()
    return Ages(len(ages), p50, p95, p99)


def _coverage(snapshot: MarketSnapshot, among: Mask) -> Coverage:
    columns = snapshot.columns
    status = np.bincount(columns["status"][among], minlength=len(Status)).tolist()
    return Coverage(
        listed=int(among.sum()),
        priced=int(np.isfinite(columns["price"][among]).sum()),
        quorum=int((columns["sources"][among] >= SURVIVORS_MIN).sum()),
        by_status={one.word: status[one] for one in reversed(Status)},
    )


def _rejects(markets: Bits, assets: Bits) -> tuple[FlagCount, ...]:
    found: list[FlagCount] = []
    for flag, sentence in FLAG_SENTENCE.items():
        (word,) = flag.words
        raised = int(np.count_nonzero(markets & np.uint32(flag)))
        share = raised / len(markets) if len(markets) else np.nan
        told = int(np.count_nonzero(assets & np.uint32(flag)))
        found.append(FlagCount(word, RULE_OF_FLAG[word], sentence, raised, share, told))
    return tuple(found)


def _concerned(snapshot: MarketSnapshot, among: Mask) -> list[int]:
    """Assets in dispute or held, those with the largest market cap and then volume first."""
    columns = snapshot.columns
    disputed = (columns["flags"] & np.uint32(Flag.DISPUTED)) > 0
    rows = np.flatnonzero(among & ((columns["status"] == Status.HELD) | disputed))
    cap = np.nan_to_num(columns["market_cap"][rows])
    volume = np.nan_to_num(columns["volume_24h"][rows])
    return rows[np.lexsort((rows, -volume, -cap))].tolist()


def _concern(registry: Registry, snapshot: MarketSnapshot, row: int, now: float) -> Concern:
    asset, columns = registry.assets[row], snapshot.columns
    flags = Flag(int(columns["flags"][row]))
    status = Status(columns["status"][row])
    told = [FLAG_SENTENCE[flag] for flag in Flag if flag in flags & ~_OF_SINGLE_MARKETS]
    return Concern(
        id=asset.id,
        symbol=asset.symbol,
        name=asset.name,
        rank=int(columns["rank"][row]),
        status=status.word,
        price=float(columns["price"][row]),
        age=float(now - columns["updated"][row]),
        volume_24h=float(columns["volume_24h"][row]),
        flags=tuple(flags.words),
        sentences=tuple(told) or (STATUS_SENTENCE[status],),
    )
