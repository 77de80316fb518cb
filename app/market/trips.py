"""When the publication breaker held a price back and when it let it go, as events."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from math import inf

import numpy as np
from numpy.typing import NDArray

from app.market.events import Kind, PriceEvent
from app.market.quotes import Floats
from app.market.watch import SETTLED, WARM_UP

KINDS = (Kind.BREAKER_TRIPPED, Kind.BREAKER_RELEASED)
"""What a breaker does."""

TRIPPED = "The last gate holds a price that its inputs or its last 24 h do not bear out."
RELEASED = "The last gate holds the price no longer."


class Trips:
    """Which breakers are tripped as far as the ledger knows; each trip is told once."""

    def __init__(self, assets: Sequence[str], *, warm_up: float = WARM_UP) -> None:
        self._assets = assets
        self._tripped = np.zeros(len(assets), dtype=np.bool_)
        self._warm_up, self._ready_at = warm_up, -inf
        self._began = False

    def recall(self, events: Iterable[PriceEvent]) -> None:
        """Go on from what the ledger said last, oldest first; while the market comes up."""
        number_of = {id: number for number, id in enumerate(self._assets)}
        for event in events:
            if event.asset in number_of and event.kind in KINDS:
                self._tripped[number_of[event.asset]] = event.kind == Kind.BREAKER_TRIPPED

    def feed(self, since: Floats, good: Floats, now: float) -> list[PriceEvent]:
        """What changed by `now`: trips that have lasted for SETTLED, and those that are over.

        `since` is when each breaker tripped, NaN if it did not; `good` the last good price in USD.
        """
        if not self._began:
            # What was tripped before a restart may trip again before it counts as over.
            self._began, self._ready_at = True, now + self._warm_up
        holds = since <= now
        new = holds & ~self._tripped & (since <= now - SETTLED)
        over = self._tripped & ~holds & (now >= self._ready_at)
        if not new.any() and not over.any():
            return []
        self._tripped = (self._tripped | new) & ~over
        return [
            *self._events(new, Kind.BREAKER_TRIPPED, since, good),
            *self._events(over, Kind.BREAKER_RELEASED, np.full_like(since, now), good),
        ]

    def _events(
        self, where: NDArray[np.bool_], kind: Kind, time: Floats, good: Floats
    ) -> list[PriceEvent]:
        """One event for each asset; its last good price is `old` where it is held, else `new`."""
        tripped = kind is Kind.BREAKER_TRIPPED
        return [
            PriceEvent(
                time=datetime.fromtimestamp(float(time[row]), UTC),
                kind=kind,
                asset=self._assets[row],
                old=_said(float(good[row])) if tripped else "",
                new="" if tripped else _said(float(good[row])),
                reason=TRIPPED if tripped else RELEASED,
            )
            for row in np.flatnonzero(where).tolist()
        ]


def _said(price: float) -> str:
    return repr(price) if price == price else ""
