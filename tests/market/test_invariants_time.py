"""Invariants 8, 12 and 13: what silence, recovery and any history at all do to a price."""

from dataclasses import replace
from itertools import pairwise
from math import nan

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.market.quotes import Quote
from app.market.registry import Market
from app.market.tiers import LIMITS
from app.market.verdict import Status
from tests.market.markets_by_chance import COIN, Cycle, History, histories
from tests.market.played import last, play
from tests.market.voices import WILD, Tick

pytestmark = pytest.mark.unit

Silences = st.lists(st.floats(0.25, 1e6), min_size=1, max_size=5, unique=True).map(sorted)


@given(histories(cycles=1, plain=True, liars="nobody"), Silences)
def test_invariant_8_silence_moves_the_status_and_never_the_price(
    history: History, silences: list[float]
):
    """8: all spoke at once, in nothing that dies before what it converts; then nobody does."""
    registry, instant = history.registry, history.cycles[0]
    ticks = [said_now(tick) for tick in instant.ticks if lasting(registry.markets[tick.row])]
    rest = [Cycle(instant.now + silence, ()) for silence in silences]
    history = replace(history, cycles=(Cycle(instant.now, tuple(ticks)), *rest))

    first, *later = play(history)

    for asset, tier in enumerate(each.tier for each in registry.assets[1:]):
        asset += 1
        if first.prices.status[asset] < Status.DEGRADED:
            continue
        status, age_max = first.prices.status[asset], LIMITS[tier].age_max
        for played, silence in zip(later, silences, strict=True):
            now = played.prices.status[asset]
            assert now <= status
            assert now <= Status.STALE or silence <= age_max
            assert now == Status.UNAVAILABLE or silence <= 11 * age_max
            if now != Status.UNAVAILABLE:
                assert played.prices.price[asset] == first.prices.price[asset]
            status = now


@given(histories(), Silences)
def test_invariant_8_a_price_without_a_source_stays_what_it_was_until_it_is_withdrawn(
    history: History, silences: list[float]
):
    """8: after any history, every price is the last good one, or null for ever."""
    end = history.cycles[-1].now
    rest = tuple(Cycle(end + silence, ()) for silence in silences)
    played = play(replace(history, cycles=(*history.cycles, *rest)))[len(history.cycles) - 1 :]

    for earlier, later in pairwise(played):
        silent = (earlier.prices.sources == 0) & (np.arange(len(earlier.prices.sources)) > 0)
        status = later.prices.status[silent]
        assert np.all(later.prices.sources[silent] == 0)
        assert np.all(status <= np.minimum(earlier.prices.status[silent], Status.STALE))
        kept = silent & (later.prices.status != Status.UNAVAILABLE)
        assert later.prices.price[kept].tobytes() == earlier.prices.price[kept].tobytes()


@given(
    histories(cycles=3, liars="anybody"),
    st.sampled_from((COIN, "bitcoin", "tether", "eur")),
    st.floats(-9.0, 6.0),
    st.tuples(*[st.floats(-0.25, 0.25)] * 3),
)
def test_invariant_12_three_fresh_agreeing_operators_end_every_trouble_within_15_seconds(
    history: History, asset: str, exponent: float, offsets: tuple[float, float, float]
):
    """12: whatever came before, and wherever the price was; the others have fallen silent.

    The three are pinned: what is not has no say against a pinned market that is still fresh.
    """
    registry = history.registry
    limits = LIMITS[registry.assets[registry.number_of[asset]].tier]
    rows = [registry.rows_of_venue[f"firm{number}"][f"{asset}/usd"] for number in range(3)]
    prices = [10.0**exponent * (1 + offset * limits.gate_min) for offset in offsets]
    start = history.cycles[-1].now + 2 * limits.fresh + 1.0
    recovery = [agreement(rows, prices, now=start + 3.0 * n, sequence=100 + n) for n in range(6)]

    played = last(replace(history, usual=nan, cycles=(*history.cycles, *recovery)))

    number = registry.number_of[asset]
    assert Status(int(played.prices.status[number])) == Status.OK
    assert min(prices) * (1 - 1e-12) <= played.prices.price[number] <= max(prices) * (1 + 1e-12)


@given(histories(liars="anybody", voice=WILD))
def test_invariant_13_a_price_is_finite_and_above_zero_or_null_with_unavailable(
    history: History,
):
    """13: in every cycle, whatever was said."""
    for played in play(history):
        known = played.prices.status != Status.UNAVAILABLE
        price = played.prices.price
        assert np.array_equal(np.isfinite(price) & (price > 0), known)
        assert np.array_equal(np.isnan(price), ~known)


def said_now(tick: Tick) -> Tick:
    """The same tick with a venue's time that is ours."""
    return replace(tick, quote=msgspec.structs.replace(tick.quote, time=tick.received))


def lasting(market: Market) -> bool:
    """Whether the quote currency of a market lives at least as long as what it converts."""
    if market.base in ("bitcoin", "ethereum"):
        return market.quote == "usd"
    return market.quote == "usd" or market.base != COIN


def agreement(rows: list[int], prices: list[float], *, now: float, sequence: int) -> Cycle:
    """Three books that agree."""
    quotes = [
        Quote("", price, price, price, turnover=1e6, time=now, sequence=sequence)
        for price in prices
    ]
    return Cycle(now, tuple(Tick(row, quote, now) for row, quote in zip(rows, quotes, strict=True)))
