"""What the readers of one stretch of the table are sent."""

import numpy as np
import pytest
from numpy.typing import NDArray

from app.market.registry import Registry
from app.market.snapshot import MarketSnapshot
from app.market.view import Query, matching
from app.ui.live.slices import Market, Slice, SliceRoom, blocks, slice_of_page
from app.ui.spark import Sparks
from tests.ui import market

pytestmark = pytest.mark.unit

BY_RANK = Slice(Query(), 0, 3)


def instant(snapshot: MarketSnapshot, registry: Registry | None = None) -> Market:
    return Market(registry or market.registry(), snapshot, market.closes())


def ordered(at: Market, query: Query = BY_RANK.query) -> NDArray[np.int64]:
    return matching(at.snapshot, at.registry, query)


def opened(slice_: Slice = BY_RANK) -> SliceRoom:
    room = SliceRoom(slice_, Sparks())
    now = instant(market.snapshot())
    room.step(now, ordered(now, slice_.query))
    return room


def test_a_new_reader_gets_order_facts_and_rows():
    opening = opened().opening()
    assert (opening["whole"], opening["seq"], opening["first"], opening["total"]) == (True, 1, 0, 5)
    assert opening["order"] == ["bitcoin", "ethereum", "tether"]
    assert opening["facts"]["bitcoin"][:4] == ["Bitcoin", "BTC", "btc", 19.6e6]
    assert opening["rows"]["ethereum"][:2] == [2_511.71, 0.0064]


def test_a_tick_sends_only_what_changed_and_counts_on():
    room = opened()
    prices = [1.0, 0.99989, 42_653.0, 2_511.71, 0.000001234, np.nan]
    changed = market.snapshot(2, changed={"price": prices})
    patch = room.step(instant(changed))
    assert patch == {
        "room": BY_RANK.room,
        "seq": 2,
        "time": market.NOW,
        "rows": {"bitcoin": [42_653.0]},
    }


def test_a_tick_without_news_sends_nothing_and_counts_nothing():
    room = opened()
    assert room.step(instant(market.snapshot(2))) is None
    assert room.sequence == 1


def test_a_new_order_brings_the_facts_of_those_who_enter_and_no_others():
    room = opened()
    ranks = [0, 4, 1, 2, 3, 0]
    now = instant(market.snapshot(2, changed={"rank": ranks}))
    patch = room.step(now, ordered(now))
    assert patch is not None
    assert patch["order"] == ["bitcoin", "ethereum", "pepe"]
    assert list(patch["facts"]) == ["pepe"]
    assert len(patch["rows"]["pepe"]) == 11


def test_an_unchanged_order_is_not_sent_again():
    room = opened()
    now = instant(market.snapshot(2))
    assert room.step(now, ordered(now)) is None


def test_rows_wait_for_their_new_numbers_when_the_registry_changes():
    room = opened()
    other = market.registry(2)
    turned = Registry(2, tuple(reversed(other.assets)), ())
    assert room.step(instant(market.snapshot(2), turned)) is None


def test_a_slice_that_nothing_answers_says_so():
    room = opened(Slice(Query(search="zzz"), 0, 100))
    opening = room.opening()
    assert (opening["order"], opening["total"]) == ([], 0)


def test_everyone_who_asks_for_the_same_rows_shares_a_room():
    page = slice_of_page(Query(order="price"), page=2, per=100)
    assert page.room == Slice(Query(order="price"), 100, 100).room
    assert page.room != slice_of_page(Query(order="price"), page=3, per=100).room


def test_the_list_of_everything_is_watched_in_blocks_round_the_reader():
    assert [block.first for block in blocks(Query(), 0, 20)] == [0]
    assert [block.first for block in blocks(Query(), 90, 110)] == [50, 100]


@pytest.mark.parametrize(("first", "last"), [(-5, -9), (0, 10**30), (10**30, 0), (7, 3)])
def test_no_range_makes_a_reader_watch_more_than_a_few_blocks(first: int, last: int):
    assert 1 <= len(blocks(Query(), first, last)) <= 6
