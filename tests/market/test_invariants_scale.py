"""Invariants 3, 7 and 11: a price answers to its inputs as a price should."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from app.market.verdict import Status
from tests.market.markets_by_chance import COIN, Cycle, History, histories
from tests.market.played import last, play
from tests.market.voices import Tick

pytestmark = pytest.mark.unit

ROUNDING = 1e-11
"""Two prices, each through a logarithm below 60 and back, and a factor that was rounded."""


@given(histories(), st.floats(-12.0, 9.0))
def test_invariant_3_prices_times_k_give_the_price_times_k(history: History, exponent: float):
    """3: from 1e-12 to 1e9, in every cycle, with the same status."""
    markets, k = history.registry.markets, 10.0**exponent
    coin = history.registry.number_of[COIN]

    def scaled(tick: Tick) -> Tick:
        return tick.times(k) if markets[tick.row].base == COIN else tick

    higher = replace(history.spoken(scaled), usual=history.usual * k)
    for plain, other in zip(play(history), play(higher), strict=True):
        assert other.prices.status[coin] == plain.prices.status[coin]
        expected = plain.prices.price[coin] * k
        assert other.prices.price[coin] == pytest.approx(expected, rel=ROUNDING, nan_ok=True)


@given(histories(cycles=2), st.integers(0, 49), st.floats(1.0, 1e3))
def test_invariant_7_raising_one_input_never_lowers_the_price(
    history: History, chosen: int, factor: float
):
    """7: from the same state, while the same votes count and no price is held back."""
    markets, coin = history.registry.markets, history.registry.number_of[COIN]
    final = history.cycles[-1]
    books = [tick for tick in final.ticks if markets[tick.row].base == COIN]
    if not books:
        return
    raised = books[chosen % len(books)]
    ticks = tuple(each.times(factor) if each is raised else each for each in final.ticks)
    higher = replace(history, cycles=(*history.cycles[:-1], Cycle(final.now, ticks)))

    before, after = last(history), last(higher)

    published = min(before.prices.status[coin], after.prices.status[coin]) >= Status.DEGRADED
    same = np.array_equal(before.votes.weight > 0, after.votes.weight > 0)
    event(f"compared: {published and same}")
    if published and same:
        assert after.prices.price[coin] >= before.prices.price[coin] * (1 - ROUNDING)


@given(histories(), st.sampled_from(("tether", "usd-coin")), st.floats(0.2, 5.0))
def test_invariant_11_another_unit_of_a_stablecoin_changes_no_other_price(
    history: History, stable: str, k: float
):
    """11: its own prices × k, and prices quoted in it ÷ k; its own price is × k."""
    markets, number = history.registry.markets, history.registry.number_of[stable]

    def rescaled(tick: Tick) -> Tick:
        market = markets[tick.row]
        if market.base == stable:
            return tick.times(k)
        return requoted(tick, k) if market.quote == stable else tick

    factor = np.ones(len(history.registry.assets))
    factor[number] = k
    for plain, other in zip(play(history), play(history.spoken(rescaled)), strict=True):
        assert other.prices.status.tolist() == plain.prices.status.tolist()
        expected = plain.prices.price * factor
        assert other.prices.price == pytest.approx(expected, rel=ROUNDING, nan_ok=True)


def requoted(tick: Tick, k: float) -> Tick:
    """The same book in a quote unit that is worth k times as much."""
    names = ("last", "bid", "ask", "turnover")
    said = {name: getattr(tick.quote, name) / k for name in names}
    return replace(tick, quote=msgspec.structs.replace(tick.quote, **said))
