"""What readers of one stretch of the table are sent: its order once, then only what changed.

Every reader of a slice holds the same rows, so one frame serves them all. Frames of a slice are
numbered without a gap; a reader who misses one asks for everything again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha1
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.market.registry import Registry
from app.market.snapshot import MarketSnapshot
from app.market.view import Query
from app.store.mirror import Sparks
from app.ui import rows, spark

Patch: TypeAlias = dict[str, Any]

ROOM_PREFIX = "table:"

BLOCK = 50
"""Rows of one slice in the list of everything."""

READ_AHEAD = 25
"""Rows that are sent before a reader scrolls to them."""

BLOCKS_MAX = 6
"""Slices of the list of everything that one reader may watch."""

POSITION_MAX = 1_000_000


@dataclass(frozen=True, slots=True)
class Market:
    """The market at the instant a frame is made."""

    registry: Registry
    snapshot: MarketSnapshot
    closes: Sparks


@dataclass(frozen=True, slots=True)
class Slice:
    """`count` rows from position `first` of the list that answers a query."""

    query: Query
    first: int
    count: int

    @property
    def room(self) -> str:
        """One name for everyone who looks at the same rows."""
        return ROOM_PREFIX + sha1(repr(self).encode(), usedforsecurity=False).hexdigest()[:12]


def slice_of_page(query: Query, *, page: int, per: int) -> Slice:
    """The rows of one page, counted from 1."""
    return Slice(query, (page - 1) * per, per)


def blocks(query: Query, first: int, last: int) -> list[Slice]:
    """The slices of a list of everything that hold these positions and a little more.

    They begin at fixed positions, so that readers who scroll share them.
    """
    first, last = max(0, min(first, POSITION_MAX)), max(0, min(last, POSITION_MAX))
    start = max(0, first - READ_AHEAD) // BLOCK
    end = (max(first, last) + READ_AHEAD) // BLOCK
    wanted = range(start, min(end, start + BLOCKS_MAX - 1) + 1)
    return [Slice(query, number * BLOCK, BLOCK) for number in wanted]


class SliceRoom:
    """One slice as its readers last saw it."""

    def __init__(self, slice_: Slice, sparks: spark.Sparks) -> None:
        self.slice = slice_
        self.sequence = 0
        self.total = 0
        self._registry_version = -1
        self._time = 0.0
        self._ids: tuple[str, ...] = ()
        self._numbers: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._shown: rows.Floats = np.empty((0, len(rows.LIVE)))
        self._facts: dict[str, rows.Row] = {}
        self._sparks = sparks

    def opening(self) -> Patch:
        """All that a new reader needs; later frames follow its sequence number."""
        whole = {id_: rows.listed(self._shown[row]) for row, id_ in enumerate(self._ids)}
        order = list(self._ids)
        return self._patch({"whole": True, "order": order, "facts": self._facts, "rows": whole})

    def step(self, market: Market, found: NDArray[np.int64] | None = None) -> Patch | None:
        """The next frame, or None when nothing that is shown has changed.

        `found` is the whole ordered list when it was asked for again; the rows move only then.
        """
        before, patch = self._before(), {}
        if found is not None:
            patch = self._reordered(market, found)
        elif market.registry.version != self._registry_version:
            return None
        shown = rows.shown(market.snapshot, self._numbers)
        entered = patch.get("facts", {})
        known = [_unknown() if id_ in entered else before.get(id_, _unknown()) for id_ in self._ids]
        changed = rows.changes(self._ids, np.array(known).reshape(shown.shape), shown)
        self._shown = shown
        self._time = market.snapshot.time
        if changed:
            patch["rows"] = changed
        if not patch:
            return None
        self.sequence += 1
        return self._patch(patch)

    def _reordered(self, market: Market, found: NDArray[np.int64]) -> Patch:
        first = self.slice.first
        numbers = found[first : first + self.slice.count]
        ids = tuple(market.registry.assets[number].id for number in numbers.tolist())
        facts = {
            id_: self._fact(market, number)
            for id_, number in zip(ids, numbers.tolist(), strict=True)
        }
        patch: Patch = {}
        if ids != self._ids or len(found) != self.total:
            patch["order"] = list(ids)
        if entered := {id_: fact for id_, fact in facts.items() if self._facts.get(id_) != fact}:
            patch["facts"] = entered
        self._ids, self._numbers, self._facts, self.total = ids, numbers, facts, len(found)
        self._registry_version = market.registry.version
        return patch

    def _fact(self, market: Market, number: int) -> rows.Row:
        return rows.facts(market.registry.assets[number], self._sparks.of(number, market.closes))

    def _before(self) -> dict[str, rows.Floats]:
        return dict(zip(self._ids, self._shown, strict=True))

    def _patch(self, body: Patch) -> Patch:
        place = {"first": self.slice.first, "total": self.total} if "order" in body else {}
        room = self.slice.room
        return {"room": room, "seq": self.sequence, "time": self._time, **place, **body}


def _unknown() -> Sequence[float]:
    return np.full(len(rows.LIVE), np.nan)
