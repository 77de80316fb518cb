"""Invariants 2, 6 and 14: neither order nor repetition nor chance changes a bit."""

from dataclasses import replace
from math import inf
from random import Random

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.market.registry import Registry, decode_registry, encode_registry
from tests.market.markets_by_chance import Cycle, History, histories
from tests.market.played import bits, outcome, play
from tests.market.voices import Tick

pytestmark = pytest.mark.unit


@given(histories(), st.integers(0, 2**32))
def test_invariant_2_the_order_of_venues_and_of_ticks_within_an_instant_changes_no_bit(
    history: History, seed: int
):
    """2: the markets are listed in another order, and say what they say in another order."""
    order = Random(seed).sample(range(len(history.registry.markets)), len(history.registry.markets))

    for plain, other in zip(
        play(with_older(history)), play(reordered(with_older(history), order, seed)), strict=True
    ):
        assert bits(other.prices) == bits(plain.prices)
        assert np.array_equal(other.votes.weight, plain.votes.weight[order])


@given(histories())
def test_invariant_6_duplicates_and_older_sequences_change_no_bit(history: History):
    """6: each tick comes twice, and something older of the same market comes after it."""
    cycles = list(history.cycles)
    for index, cycle in enumerate(history.cycles):
        again = [late for tick in cycle.ticks for late in (tick, *older(tick))]
        cycles[index] = Cycle(cycle.now, (*cycle.ticks, *again))

    noisy = play(replace(history, cycles=tuple(cycles)))

    assert [outcome(played) for played in noisy] == [outcome(played) for played in play(history)]


@given(histories())
def test_invariant_14_the_same_inputs_give_the_same_bits(history: History):
    """14: also where the registry was read again from its bytes."""
    again = replace(history, registry=decode_registry(encode_registry(history.registry)))

    assert [outcome(played) for played in play(again)] == [
        outcome(played) for played in play(history)
    ]


def older(tick: Tick) -> list[Tick]:
    """A tick that its market said before this one, at another price; none if nothing tells."""
    said = tick.times(1.1)
    if said.quote.sequence:
        quote = msgspec.structs.replace(said.quote, sequence=said.quote.sequence - 1)
    elif -inf < said.quote.time <= said.received:
        quote = msgspec.structs.replace(said.quote, time=said.quote.time - 1.0)
    else:
        return []
    return [replace(said, quote=quote)]


def with_older(history: History) -> History:
    """The same history with two ticks of a market within one instant, where they can be told."""
    cycles = [
        Cycle(each.now, tuple(t for tick in each.ticks for t in (*older(tick), tick)))
        for each in history.cycles
    ]
    return replace(history, cycles=tuple(cycles))


def reordered(history: History, order: list[int], seed: int) -> History:
    """The markets listed in this order, and the ticks of each instant in any."""
    markets = history.registry.markets
    row_of = {row: index for index, row in enumerate(order)}
    registry = Registry(1, history.registry.assets, tuple(markets[row] for row in order))
    cycles: list[Cycle] = []
    for cycle in history.cycles:
        ticks = [replace(tick, row=row_of[tick.row]) for tick in cycle.ticks]
        Random(seed).shuffle(ticks)
        cycles.append(Cycle(cycle.now, tuple(ticks)))
    return replace(history, registry=registry, cycles=tuple(cycles))
