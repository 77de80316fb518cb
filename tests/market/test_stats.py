"""Changes, ranges, sparklines and ranks from a price history."""

import numpy as np
import pytest

from app.market.candles import HOUR, MINUTE, Candles, Forming
from app.market.stats import DAY, WEEK, History, Ring, ranks

pytestmark = pytest.mark.unit

NOW = 1_700_000_100.0
GOOD = np.array([True])


def price(value: float) -> np.ndarray:
    return np.array([value])


def test_the_change_of_an_hour_compares_with_the_price_an_hour_ago():
    history = History(1)
    history.record(NOW - HOUR, price(100.0), GOOD)

    changes = history.changes(NOW, price(110.0))

    assert changes.hour[0] == pytest.approx(0.1)
    assert np.isnan(changes.day[0])


@pytest.mark.parametrize(("ago", "name"), [(DAY, "day"), (WEEK, "week")])
def test_the_changes_of_a_day_and_a_week_reach_as_far_back(ago: int, name: str):
    history = History(1)
    history.record(NOW - ago, price(50.0), GOOD)

    assert getattr(history.changes(NOW, price(100.0)), name)[0] == pytest.approx(1.0)


def test_a_price_from_before_the_window_is_not_used():
    history = History(1)
    history.record(NOW - 2 * HOUR, price(100.0), GOOD)
    history.record(NOW, price(110.0), GOOD)

    assert np.isnan(history.changes(NOW, price(110.0)).hour[0])


def test_the_range_of_a_day_holds_its_extremes_and_the_price_now():
    history = History(1)
    for hours, value in ((30, 1.0), (20, 90.0), (5, 130.0)):
        history.record(NOW - hours * HOUR, price(value), GOOD)

    changes = history.changes(NOW, price(140.0))

    assert (changes.low[0], changes.high[0]) == (90.0, 140.0)


def test_a_bad_sample_makes_no_history():
    history = History(1)
    history.record(NOW - HOUR, price(1.0), ~GOOD)

    assert np.isnan(history.changes(NOW, price(110.0)).hour[0])


def test_stored_candles_fill_only_what_is_missing():
    ring = Ring(1, seconds=MINUTE, slots=10)
    ring.record(NOW, price(5.0), GOOD)
    minute = int(NOW // MINUTE) * MINUTE
    times = np.array([minute - MINUTE, minute])
    ones = np.ones(2)
    ring.fill(Candles(np.zeros(2, dtype=np.int64), times, ones, ones, ones, ones, ones))

    assert ring.close_at(NOW, reach=0)[0] == 5.0
    assert ring.close_at(NOW - MINUTE, reach=0)[0] == 1.0


def test_a_sparkline_is_oldest_first_and_has_gaps_where_nothing_is_known():
    history = History(1)
    for hours in (6, 3, 0):
        history.record(NOW - hours * HOUR, price(float(10 - hours)), GOOD)

    spark = history.sparks(NOW, points=56)[0]

    assert spark[-3:].tolist() == [4.0, 7.0, 10.0]
    assert np.isnan(spark[:-3]).all()


def test_the_largest_cap_ranks_first_and_thin_assets_do_not_rank():
    caps = np.array([5.0, 9.0, 7.0, 8.0, float("nan")])
    volume = np.array([1e6, 1e6, 10.0, 1e6, 1e6])
    operators = np.array([3, 3, 3, 1, 3])

    assert ranks(caps, volume, operators).tolist() == [2, 1, 0, 0, 0]


def test_a_minute_of_samples_is_one_candle():
    forming = Forming(1)
    minute = int(NOW // MINUTE) * MINUTE
    for second, value in ((0, 10.0), (20, 12.0), (40, 9.0), (59, 11.0)):
        assert not len(forming.sample(minute + second, price(value), price(1e6), GOOD))

    closed = forming.sample(minute + 60, price(20.0), price(1e6), GOOD)

    assert closed.time.tolist() == [minute]
    row = (closed.open, closed.high, closed.low, closed.close)
    assert [column[0] for column in row] == [10.0, 12.0, 9.0, 11.0]


def test_an_asset_without_a_good_sample_has_no_candle():
    forming = Forming(2)
    both = np.array([1.0, 2.0])
    forming.sample(NOW, both, both, np.array([True, False]))

    assert forming.sample(NOW + 60, both, both, np.array([True, False])).asset.tolist() == [0]


def test_the_usual_price_is_the_median_of_the_day_or_else_of_the_last_hour():
    history, now = History(2), 1_699_999_200.0 + 24 * HOUR
    every, first = np.array([True, True]), np.array([True, False])
    for hour in range(12):
        history.record(now - (24 - hour) * HOUR, np.array([float(hour + 1), 0.0]), first)
    history.record(now - 2 * MINUTE, np.array([9.0, 4.0]), every)
    history.record(now - MINUTE, np.array([9.0, 5.0]), every)
    two_minutes = history.usual(now - MINUTE)
    history.record(now, np.array([9.0, 80.0]), every)

    assert np.isnan(two_minutes[1])
    assert np.exp(history.usual(now)).tolist() == [pytest.approx(8.0), pytest.approx(5.0)]
