"""Every stretch of the table that somebody looks at, and the frames of one tick."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from app.market.view import Query, matching
from app.ui import spark
from app.ui.live.slices import Market, Patch, Slice, SliceRoom

REORDERS_A_TICK = 16
"""Rooms whose order is computed anew in one tick; the others have their turn in the next ones,
so that a thousand different searches cost no more than sixteen."""

TICKS_BETWEEN_REORDERS = 6
"""How long an order stands at least: rows that jumped twice a second could not be read."""


class Tables:
    """Rooms by name; those that nobody watches are forgotten at the next tick."""

    def __init__(self) -> None:
        self._rooms: OrderedDict[str, SliceRoom] = OrderedDict()
        self._ordered_at: dict[str, int] = {}
        self._sparks = spark.Sparks()
        self._ticks = 0

    def room(self, slice_: Slice, market: Market | None) -> SliceRoom:
        """The room of that slice, filled as soon as there is a market."""
        room = self._rooms.get(slice_.room)
        if room is None:
            room = self._rooms[slice_.room] = SliceRoom(slice_, self._sparks)
            if market is not None:
                room.step(market, matching(market.snapshot, market.registry, slice_.query))
                self._ordered_at[slice_.room] = self._ticks
        return room

    def tick(self, market: Market, watched: Callable[[str], bool]) -> Iterator[tuple[str, Patch]]:
        """Room and frame of each room that has news."""
        self._ticks += 1
        for name in [name for name in self._rooms if not watched(name)]:
            del self._rooms[name]
            self._ordered_at.pop(name, None)
        turn = set(islice(filter(self._due, list(self._rooms)), REORDERS_A_TICK))
        found: dict[Query, NDArray[np.int64]] = {}
        for name, room in list(self._rooms.items()):
            patch = room.step(market, self._found(name, market, found) if name in turn else None)
            if patch is not None:
                yield name, patch

    def _due(self, name: str) -> bool:
        ordered_at = self._ordered_at.get(name)
        return ordered_at is None or self._ticks - ordered_at >= TICKS_BETWEEN_REORDERS

    def _found(
        self, name: str, market: Market, found: dict[Query, NDArray[np.int64]]
    ) -> NDArray[np.int64]:
        self._rooms.move_to_end(name)
        self._ordered_at[name] = self._ticks
        query = self._rooms[name].slice.query
        if query not in found:
            found[query] = matching(market.snapshot, market.registry, query)
        return found[query]
