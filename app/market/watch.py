"""Which changes of status and flags are worth an entry in the ledger: those that last.

A change is recorded once it has stood for a while, so a price that flaps between two states
fills nothing. The whole market is compared at once; only what changed is looked at one by one.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from math import inf

import numpy as np
from numpy.typing import NDArray

from app.market.events import Kind, PriceEvent
from app.market.quotes import Mask
from app.market.verdict import FLAG_SENTENCE, STATUS_SENTENCE, Flag, Status

Flags = NDArray[np.uint32]

SETTLED = 5.0
"""Seconds that a change must have stood."""

WARM_UP = 60.0
"""Seconds after a start in which the market comes up; what it does then is no change."""

_OF_SINGLE_MARKETS = (
    Flag.OUTLIER_EXCLUDED | Flag.STALE_SOURCE | Flag.INVALID_INPUT | Flag.CLOCK_SKEW
)
RECORDED = np.uint32(sum(Flag) & ~_OF_SINGLE_MARKETS)
"""The flags that the ledger tells of; the others are the noise of single markets."""

_BITS = np.array([flag.bit_length() - 1 for flag in Flag if flag & int(RECORDED)], dtype=np.uint32)


class Watch:
    """What every asset was last recorded as, and since when it has been something else."""

    def __init__(self, assets: Sequence[str], *, warm_up: float = WARM_UP) -> None:
        count = len(assets)
        self._assets = assets
        self._warm_up, self._ready_at, self._now = warm_up, inf, -inf
        self._status = np.zeros(count, dtype=np.uint8)
        self._status_since = np.full(count, -inf)
        self._recorded_status = self._status.copy()
        self._flags = np.zeros(count, dtype=np.uint32)
        self._flag_since = np.full((len(_BITS), count), -inf)
        self._recorded_flags = self._flags.copy()
        self._unknown = np.ones(count, dtype=bool)
        """Assets that were never recorded: what they are when the market is up needs no event."""

    def recall(self, events: Iterable[PriceEvent]) -> None:
        """Go on from what the ledger said last, oldest first; while the market comes up."""
        number_of = {id: number for number, id in enumerate(self._assets)}
        for event in events:
            number = number_of.get(event.asset, -1)
            if number >= 0 and event.kind == Kind.STATUS:
                self._recorded_status[number] = Status[event.new.upper()]
            elif number >= 0 and event.kind == Kind.FLAGS:
                self._recorded_flags[number] = _flags_in(event.new)
            else:
                continue
            self._unknown[number] = False

    def feed(self, status: NDArray[np.uint8], flags: Flags, now: float) -> list[PriceEvent]:
        """The changes that have stood for SETTLED at `now`, by asset; each is told once."""
        if now < self._now:
            self._begin_again(now)
        self._now = now
        self._note_status(status, now)
        self._note_flags(flags & RECORDED, now)
        if now < self._warm_since(now):
            return []
        return [*self._settled_status(now - SETTLED), *self._settled_flags(now - SETTLED)]

    def _warm_since(self, now: float) -> float:
        """When the market is up; until then assets that nobody knows are taken as they come."""
        if self._ready_at == inf:
            self._ready_at = now + self._warm_up
        if self._unknown.any():
            unknown = self._unknown
            self._recorded_status[unknown] = self._status[unknown]
            self._recorded_flags[unknown] = self._flags[unknown]
            if now >= self._ready_at:
                self._unknown = np.zeros_like(unknown)
        return self._ready_at

    def _begin_again(self, now: float) -> None:
        """A replay began again: what has lasted until now began now at the latest."""
        np.minimum(self._status_since, now, out=self._status_since)
        np.minimum(self._flag_since, now, out=self._flag_since)
        self._ready_at = min(self._ready_at, now + self._warm_up)

    def _note_status(self, status: NDArray[np.uint8], now: float) -> None:
        changed = status != self._status
        if changed.any():
            self._status_since[changed] = now
            self._status = status.copy()

    def _note_flags(self, flags: Flags, now: float) -> None:
        flipped = flags ^ self._flags
        rows = np.flatnonzero(flipped)
        if len(rows):
            since = self._flag_since[:, rows]
            self._flag_since[:, rows] = np.where(_bits_of(flipped[rows]), now, since)
            self._flags = flags

    def _settled_status(self, latest: float) -> list[PriceEvent]:
        due = (self._status != self._recorded_status) & (self._status_since <= latest)
        return [self._status_event(row) for row in np.flatnonzero(due).tolist()]

    def _status_event(self, row: int) -> PriceEvent:
        old, new = Status(int(self._recorded_status[row])), Status(int(self._status[row]))
        self._recorded_status[row] = new
        return PriceEvent(
            time=datetime.fromtimestamp(float(self._status_since[row]), UTC),
            kind=Kind.STATUS,
            asset=self._assets[row],
            old=old.word,
            new=new.word,
            reason=STATUS_SENTENCE[new],
        )

    def _settled_flags(self, latest: float) -> list[PriceEvent]:
        pending = self._flags ^ self._recorded_flags
        rows = np.flatnonzero(pending)
        if not len(rows):
            return []
        due = _bits_of(pending[rows]) & (self._flag_since[:, rows] <= latest)
        flipped = (due * (np.uint32(1) << _BITS)[:, None]).sum(axis=0, dtype=np.uint32)
        since = np.where(due, self._flag_since[:, rows], inf).min(axis=0)
        return [
            self._flags_event(int(rows[at]), int(flipped[at]), float(since[at]))
            for at in np.flatnonzero(flipped).tolist()
        ]

    def _flags_event(self, row: int, flipped: int, since: float) -> PriceEvent:
        old = int(self._recorded_flags[row])
        new = old ^ flipped
        self._recorded_flags[row] = new
        return PriceEvent(
            time=datetime.fromtimestamp(since, UTC),
            kind=Kind.FLAGS,
            asset=self._assets[row],
            old=_words(old),
            new=_words(new),
            reason=_sentence(new & flipped, old & flipped),
            detail={"raised": _words(new & flipped), "cleared": _words(old & flipped)},
        )


@lru_cache(maxsize=4096)
def _words(flags: int) -> str:
    """The flags as the API spells them; few masks are in use, and taking one apart is slow."""
    return " ".join(Flag(flags).words)


@lru_cache(maxsize=4096)
def _sentence(raised: int, cleared: int) -> str:
    said = [FLAG_SENTENCE[flag] for flag in Flag if flag & raised]
    gone = [f"No longer {_words(cleared).replace(' ', ' and ')}."] if cleared else []
    return " ".join([*said, *gone])


def _flags_in(words: str) -> int:
    """The recorded flags among the words; a flag that does not exist any more is passed over."""
    members = Flag.__members__
    flags = sum(members[word.upper()] for word in words.split() if word.upper() in members)
    return flags & int(RECORDED)


def _bits_of(masks: Flags) -> Mask:
    """Whether each recorded flag, by row, is in each mask, by column."""
    return (masks >> _BITS[:, None] & np.uint32(1)).astype(bool)
