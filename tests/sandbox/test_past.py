"""The simulated past: one story at all venues, which ends where the market is now."""

import numpy as np
import pytest

from app.market.registry import Tier
from jobs.sandbox.past import KNOWN, Past
from jobs.sandbox.voice import Book, Hour
from jobs.sandbox.world import World
from jobs.seed import load_seed
from tests.sandbox.market import SHAPES, START

pytestmark = pytest.mark.unit

SEEDS = load_seed()
HOUR = 3600
RUNNING = int(START) // HOUR * HOUR
WEEK_AGO = RUNNING - 168 * HOUR
FOLLOWING = ("Wrapped", "Liquid staking", "Commodity")
"""Categories of assets that stand for another and move with it."""


def world(seed: int = 7, assets: int = 300) -> World:
    return World(SEEDS, SHAPES, assets=assets, seed=seed, rate=1500.0, now=START)


def row(of: World, venue: str, symbol: str) -> int:
    rows = of.rows_of[venue]
    return rows[[market.symbol for market in of.markets[rows.start : rows.stop]].index(symbol)]


def told(of: World, venue: str, symbol: str, *, since: int = WEEK_AGO) -> list[Hour]:
    return of.books.hours(row(of, venue, symbol), since, RUNNING + HOUR)


def book(of: World, venue: str, symbol: str) -> Book:
    (found,) = of.books.of([row(of, venue, symbol)])
    return found


def test_a_week_has_every_hour_and_the_running_one():
    hours = told(world(), "dollar", "BTC-USD")

    assert [hour.time for hour in hours] == [WEEK_AGO + n * HOUR for n in range(169)]


def test_no_hour_is_told_that_is_not_known():
    simulated = world()
    bitcoin = row(simulated, "dollar", "BTC-USD")

    everything = simulated.books.hours(bitcoin, 0, 2 * RUNNING)

    assert [everything[0].time, everything[-1].time] == [RUNNING - (KNOWN - 1) * HOUR, RUNNING]
    assert simulated.books.hours(bitcoin, RUNNING + HOUR, 2 * RUNNING) == []
    assert simulated.books.hours(bitcoin, 0, HOUR) == []


def test_the_same_seed_tells_the_same_past_and_another_one_another():
    again = told(world(), "dollar", "ETH-USD")

    assert told(world(), "dollar", "ETH-USD") == again
    assert told(world(seed=8), "dollar", "ETH-USD")[0].close != again[0].close


def test_a_closed_hour_stays_as_it_was_told():
    simulated = world()
    before = told(simulated, "dollar", "BTC-USD")
    for minute in range(1, 121):
        simulated.advance(START + 60 * minute)

    assert told(simulated, "dollar", "BTC-USD", since=WEEK_AGO)[:168] == before[:168]


def test_hours_that_are_lived_through_hold_their_extremes():
    past = Past(np.zeros(2), [], 10)
    for hour, price in ((10, 2.0), (10, -1.0), (10, 1.0), (11, 1.5), (13, 4.0)):
        past.record(hour, np.array([price, 0.0]))

    walk = past.walk(0, 1, 10 * HOUR, 20 * HOUR)

    assert walk.hour.tolist() == [10, 11, 12, 13]
    assert walk.open.tolist() == [0.0, 1.5, 4.0, 4.0]
    assert walk.high.tolist() == [2.0, 4.0, 4.0, 4.0]
    assert walk.low.tolist() == [-1.0, 1.5, 4.0, 4.0]
    assert walk.close.tolist() == [1.5, 4.0, 4.0, 4.0]


def test_each_hour_begins_where_the_one_before_ended():
    hours = told(world(), "euro", "XBT-USD")

    assert [hour.open for hour in hours[1:]] == [hour.close for hour in hours[:-1]]


@pytest.mark.parametrize("symbol", ["BTC-USD", "ETH-USD", "USDT-USD", "ETH-BTC"])
def test_no_price_of_an_hour_is_outside_its_range(symbol: str):
    for hour in told(world(), "dollar", symbol):
        assert 0 < hour.low <= min(hour.open, hour.close)
        assert max(hour.open, hour.close) <= hour.high
        assert hour.volume > 0


@pytest.mark.parametrize("symbol", ["BTC-USD", "ETH-BTC", "USDT-USD"])
def test_the_past_ends_at_the_present_and_meets_yesterday_s_price(symbol: str):
    simulated = world()
    now = book(simulated, "dollar", symbol)
    hours = {hour.time: hour for hour in told(simulated, "dollar", symbol)}

    assert hours[RUNNING].close == pytest.approx(now.last, rel=1e-3)
    assert hours[RUNNING - 24 * HOUR].open == pytest.approx(now.open, rel=1e-3)


def test_all_venues_tell_one_story():
    simulated = world()
    dollar = told(simulated, "dollar", "BTC-USD")
    euro = told(simulated, "euro", "XBT-USD")

    assert [hour.close for hour in dollar] == pytest.approx([h.close for h in euro], rel=1e-3)
    assert [hour.close for hour in dollar] != [hour.close for hour in euro]


def test_a_day_s_trade_is_that_of_the_book():
    simulated = world()
    traded = sum(hour.volume for hour in told(simulated, "dollar", "BTC-USD")[:168]) / 7

    assert traded == pytest.approx(book(simulated, "dollar", "BTC-USD").volume, rel=0.2)


def test_a_stablecoin_kept_its_peg():
    closes = [hour.close for hour in told(world(), "dollar", "USDT-USD")]

    assert closes == pytest.approx([1.0] * len(closes), abs=0.003)


@pytest.mark.parametrize(("tier", "daily"), [(Tier.MAJOR, 0.03), (Tier.MID, 0.05)])
def test_prices_moved_as_much_as_those_of_their_tier_do(tier: Tier, daily: float):
    simulated = world(assets=1000)
    dollar = [asset.id for asset in simulated.assets].index("usd")
    steps = [
        np.diff(simulated.prices.past.walk(number, dollar, WEEK_AGO, RUNNING - 24 * HOUR).close)
        for number, asset in enumerate(simulated.assets)
        if asset.tier == tier and asset.category not in FOLLOWING
    ]

    assert np.std(steps) * 24**0.5 == pytest.approx(daily, rel=0.1)
