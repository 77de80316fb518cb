"""What must hold of the index whatever the venues say."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.market.registry import Market
from tests.market.board import BTC, Exchange, number

pytestmark = pytest.mark.unit

Prices = st.lists(st.floats(100.0, 104.0), min_size=3, max_size=25)


def dollar_books(count: int) -> Exchange:
    return Exchange(
        tuple(Market(f"v{i:02}", f"v{i:02}", "x", "bitcoin", "usd") for i in range(count))
    )


def price_of(exchange: Exchange) -> float:
    return float(exchange.cycle().price[number(exchange, BTC)])


@given(Prices, st.data())
def test_lying_operators_cannot_leave_the_range_of_the_honest(
    honest: list[float], data: st.DataObject
):
    liars = min((len(honest) - 1) // 2, 3)
    lies = data.draw(st.lists(st.floats(1e-6, 1e12), min_size=liars, max_size=liars))
    exchange = dollar_books(len(honest))
    for row, price in enumerate(honest):
        lie = row < liars
        exchange.say(row, lies[row] if lie else price, volume=1e12 if lie else 1e6)

    published = price_of(exchange)

    told = honest[liars:]
    assert np.isnan(published) or min(told) * (1 - 1e-9) <= published <= max(told) * (1 + 1e-9)


@given(Prices, st.randoms(use_true_random=False))
def test_the_order_of_the_venues_changes_nothing(prices: list[float], random: Random):
    shuffled = list(enumerate(prices))
    random.shuffle(shuffled)
    straight, other = dollar_books(len(prices)), dollar_books(len(prices))
    for row, price in enumerate(prices):
        straight.say(row, price)
    for row, price in shuffled:
        other.say(row, price)

    assert price_of(straight) == price_of(other)


@given(Prices, st.sampled_from([1e-12, 1e-6, 1e-3, 1e3, 1e9]))
def test_prices_times_k_give_the_price_times_k(prices: list[float], k: float):
    plain, scaled = dollar_books(len(prices)), dollar_books(len(prices))
    for row, price in enumerate(prices):
        plain.say(row, price)
        scaled.say(row, price * k)

    assert price_of(scaled) == pytest.approx(price_of(plain) * k, rel=1e-9)


@given(Prices, st.integers(0, 24), st.floats(1.0, 1.02))
def test_raising_one_input_never_lowers_the_price(prices: list[float], row: int, factor: float):
    row %= len(prices)
    before, after = dollar_books(len(prices)), dollar_books(len(prices))
    for index, price in enumerate(prices):
        before.say(index, price)
        after.say(index, price * factor if index == row else price)

    assert price_of(after) >= price_of(before) * (1 - 1e-12)


@given(Prices)
def test_weights_sum_to_one_and_the_cap_holds(prices: list[float]):
    exchange = dollar_books(len(prices))
    for row, price in enumerate(prices):
        exchange.say(row, price, volume=10.0 ** (row % 9))

    exchange.cycle()

    faults = min((len(prices) - 1) // 2, 3)
    assert exchange.votes.weight.sum() == pytest.approx(1.0)
    assert exchange.votes.weight.max() <= 0.48 / faults + 1e-9
