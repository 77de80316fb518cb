"""Two looks at each market become evidence, and rounds reach every market in turn."""

from math import inf, isnan, nan

import numpy as np
import pytest

from app.market.registry import Asset, Market, Registry, Tier
from app.market.trust import Evidence
from jobs.rest import Activity
from jobs.tasks.looks import Looks, sampled
from jobs.venue import Level, OrderBook, Trade

pytestmark = pytest.mark.unit

REGISTRY = Registry(
    1,
    (Asset("usd", "USD", "Dollar", Tier.FIAT), Asset("a", "A", "A", Tier.TAIL)),
    (Market("v", "o", "A-USD", "a", "usd"), Market("w", "p", "AUSD", "a", "usd")),
)
BOOK = OrderBook([Level(0.99, 100.0)], [Level(1.01, 100.0)])


def activity(*trades: tuple[int, float]) -> Activity:
    """Trades of these ids and sizes over BOOK."""
    return Activity([Trade(str(id), 1.0, size, 1000.0) for id, size in trades], BOOK, inf)


def evidence(looks: Looks, *, now: float = 100.0) -> Evidence:
    return looks.evidence(
        REGISTRY, volume=np.array([5.0, nan]), quote_price=np.array([2.0, 1.0]), now=now
    )


def test_without_looks_nothing_is_known():
    found = evidence(Looks(2))

    assert found.age.tolist() == [inf, inf]
    assert np.isnan(found.depth).all()
    assert np.isnan(found.rise).all()
    assert found.trade_now.tolist() == ["", ""]
    assert found.digits.sum() == 0
    assert found.volume.tolist()[0] == 5.0
    assert (found.asset.tolist(), found.operator.tolist()) == ([1, 1], [0, 1])


def test_one_look_tells_depth_in_dollars_and_digits_but_no_rise():
    looks = Looks(2)
    looks.take(0, activity((7, 0.5), (8, 20.0)), volume=10.0, now=90.0)

    found = evidence(looks)

    assert found.age.tolist() == [10.0, inf]
    assert found.depth.tolist()[0] == (99.0 + 101.0) * 2.0
    assert isnan(found.rise[0])
    assert (found.trade_then[0], found.trade_now[0]) == ("", "8")
    assert found.digits[0].tolist() == [0, 1, 0, 0, 1, 0, 0, 0, 0]


def test_two_looks_tell_how_volume_rose_and_whether_anything_traded():
    looks = Looks(2)
    looks.take(0, activity((7, 0.5)), volume=10.0, now=80.0)
    looks.take(0, activity((7, 0.5)), volume=20.0, now=90.0)
    looks.take(0, activity((7, 0.5)), volume=30.0, now=95.0)

    found = evidence(looks)

    assert found.rise.tolist()[0] == 0.5
    assert (found.trade_then[0], found.trade_now[0]) == ("7", "7")
    assert found.age.tolist()[0] == 5.0


def test_a_trade_told_in_both_looks_is_counted_once():
    looks = Looks(2)
    looks.take(0, activity((7, 0.5), (8, 0.5)), volume=1.0, now=80.0)
    looks.take(0, activity((8, 0.5), (9, 0.2)), volume=1.0, now=90.0)

    assert evidence(looks).digits[0].tolist() == [0, 1, 0, 0, 1, 0, 0, 0, 0]


def test_looks_that_share_no_trade_are_counted_together():
    looks = Looks(2)
    looks.take(0, activity((7, 0.5), (8, 0.5)), volume=1.0, now=80.0)
    looks.take(0, activity((9, 0.2)), volume=1.0, now=90.0)

    assert evidence(looks).digits[0].tolist() == [0, 1, 0, 0, 2, 0, 0, 0, 0]


def test_a_market_that_never_traded_has_no_newest_trade():
    looks = Looks(2)
    looks.take(0, activity(), volume=0.0, now=80.0)
    looks.take(0, activity(), volume=0.0, now=90.0)

    found = evidence(looks)

    assert (found.trade_then[0], found.trade_now[0]) == ("", "")
    assert isnan(found.rise[0])
    assert found.digits[0].sum() == 0


VOLUME = np.array([10.0, nan, 30.0, 20.0, 5.0])
ROWS = range(5)


def test_with_room_for_all_every_market_is_looked_at_the_largest_first():
    assert sampled(ROWS, VOLUME, room=5, turn=3) == [2, 3, 0, 4, 1]


def test_without_room_the_largest_stay_and_the_others_take_turns():
    rounds = [sampled(ROWS, VOLUME, room=3, turn=turn) for turn in range(4)]

    assert rounds == [[2, 3, 0], [2, 3, 4], [2, 3, 1], [2, 3, 0]]


def test_the_last_turn_goes_on_from_the_first():
    rounds = [sampled(ROWS, VOLUME, room=4, turn=turn) for turn in range(3)]

    assert rounds == [[2, 3, 0, 4], [2, 3, 1, 0], [2, 3, 4, 1]]


def test_room_for_one_is_for_the_largest():
    assert sampled(ROWS, VOLUME, room=1, turn=7) == [2]
