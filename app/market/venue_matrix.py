"""Each venue beside the others: how much of it counts, how far and how old it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.market.health import VenueHealth
from app.market.registry import Registry
from app.market.snapshot import MarketSnapshot, MarketVotes
from app.market.verdict import Flag

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

UNHEARD: Final = "unheard"
"""State of a venue whose health has not been told yet."""


@dataclass(frozen=True, slots=True)
class VenueRow:
    """One venue; counts are of its markets that have ever sent a price."""

    name: str
    title: str
    state: str
    """live, connecting, silent, down or unheard."""
    markets: int
    counted: int
    """With a weight."""
    stale: int
    outliers: int
    invalid: int
    deviation: float
    """Median distance from the index as a share, of markets that are not stale; NaN unknown."""
    age: float
    """Median age of its markets in seconds; NaN without one."""
    weight: float
    """Share of all votes on all assets; NaN before there are votes."""


def venue_rows(
    registry: Registry,
    snapshot: MarketSnapshot,
    votes: MarketVotes | None,
    venues: Sequence[VenueHealth],
    *,
    now: float,
) -> tuple[VenueRow, ...]:
    """Every venue that is followed or listed, the heaviest first, then by name."""
    titles = {venue.name: (venue.title, venue.state) for venue in venues}
    names = sorted(titles.keys() | registry.rows_of_venue.keys())
    if votes is None:
        return tuple(_unknown(name, *titles.get(name, (name, UNHEARD))) for name in names)
    measured = _Measured(registry, snapshot, votes, now)
    rows = [measured.row(name, *titles.get(name, (name, UNHEARD))) for name in names]
    return tuple(sorted(rows, key=lambda row: -np.nan_to_num(row.weight)))


def _unknown(name: str, title: str, state: str) -> VenueRow:
    return VenueRow(name, title, state, 0, 0, 0, 0, 0, np.nan, np.nan, np.nan)


class _Measured:
    """The columns of all markets that venues are picked from."""

    def __init__(
        self, registry: Registry, snapshot: MarketSnapshot, votes: MarketVotes, now: float
    ) -> None:
        self._rows = registry.rows_of_venue
        self._flags = votes.columns["flags"]
        self._weight = np.nan_to_num(votes.columns["weight"].astype(np.float64))
        self._whole = float(self._weight.sum())
        self._age: Floats = now - votes.columns["updated"]
        index = snapshot.columns["price"][registry.base]
        self._off: Floats = np.abs(votes.columns["usd"] / index - 1)

    def row(self, name: str, title: str, state: str) -> VenueRow:
        """That venue's line."""
        markets = np.array(list(self._rows.get(name, {}).values()), dtype=np.int64)
        quoted = markets[np.isfinite(self._age[markets])]
        fresh = quoted[(self._flags[quoted] & np.uint32(Flag.STALE_SOURCE)) == 0]
        weight = self._weight[quoted]
        return VenueRow(
            name=name,
            title=title,
            state=state,
            markets=len(quoted),
            counted=int((weight > 0).sum()),
            stale=len(quoted) - len(fresh),
            outliers=self._raised(quoted, Flag.OUTLIER_EXCLUDED),
            invalid=self._raised(quoted, Flag.INVALID_INPUT),
            deviation=_median(self._off[fresh]),
            age=max(0.0, _median(self._age[quoted])) if len(quoted) else np.nan,
            weight=float(weight.sum()) / self._whole if self._whole > 0 else np.nan,
        )

    def _raised(self, quoted: Ints, flag: Flag) -> int:
        return int(np.count_nonzero(self._flags[quoted] & np.uint32(flag)))


def _median(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else np.nan
