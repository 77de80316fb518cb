"""Rooms that come and go, and whose turn it is to be ordered anew."""

import pytest

from app.market.view import Query
from app.ui.live.slices import Market, Slice
from app.ui.live.tables import REORDERS_A_TICK, TICKS_BETWEEN_REORDERS, Tables
from tests.ui import market

pytestmark = pytest.mark.unit

OVERTAKEN = {"rank": [0, 1, 2, 3, 4, 0]}
"""Tether overtakes everyone."""


def instant(version: int = 1, changed: market.Columns | None = None) -> Market:
    snapshot = market.snapshot(version, changed=changed)
    return Market(market.registry(), snapshot, market.closes())


def everyone(room: str) -> bool:
    return True


def test_a_room_that_nobody_watches_is_forgotten():
    tables = Tables()
    room = tables.room(Slice(Query(), 0, 3), instant())
    assert list(tables.tick(instant(2), lambda name: False)) == []
    assert tables.room(Slice(Query(), 0, 3), instant()) is not room


def test_an_order_stands_for_some_ticks_before_it_changes():
    tables = Tables()
    tables.room(Slice(Query(), 0, 3), instant())
    orders = [
        patch["order"][0]
        for tick in range(TICKS_BETWEEN_REORDERS + 1)
        for _, patch in tables.tick(instant(tick + 2, OVERTAKEN), everyone)
        if "order" in patch
    ]
    assert orders == ["tether"]


def test_a_room_opened_before_there_is_a_market_is_filled_by_the_first_tick():
    tables = Tables()
    room = tables.room(Slice(Query(), 0, 2), None)
    assert room.opening()["order"] == []
    patches = [patch for _, patch in tables.tick(instant(), everyone)]
    assert [patch["order"] for patch in patches] == [["bitcoin", "ethereum"]]


def test_many_rooms_take_turns():
    tables = Tables()
    for first in range(REORDERS_A_TICK + 4):
        tables.room(Slice(Query(), first, 1), None)
    filled = [len(list(tables.tick(instant(tick), everyone))) for tick in (1, 2)]
    assert filled == [REORDERS_A_TICK, 4]
