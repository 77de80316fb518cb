"""Supplies: what is junk, what is a step, and who may confirm one."""

from math import inf, isnan, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import astuple

from app.market.supply import (
    OBSERVATION_AGE_MAX,
    PERSON,
    STEP_MAX,
    UNKNOWN,
    Observation,
    Supply,
    decide,
    flag_of,
    rescaled,
)
from app.market.verdict import Flag

pytestmark = pytest.mark.unit

NOW = 1_760_000_000.0


def says(
    source: str,
    circulating: float,
    *,
    total: float = nan,
    maximum: float = nan,
    ago: float = 0.0,
) -> Observation:
    return Observation("pepe", source, NOW - ago, circulating, total, maximum)


def decided(
    circulating: float, *, total: float = nan, maximum: float = nan, suspect: bool = False
) -> Supply:
    return Supply(circulating, total, maximum, ("coingecko",), NOW - 60, suspect)


def circulating(
    previous: Supply | None, *observations: Observation, redenominated: float = 1.0
) -> tuple[float, bool]:
    supply = decide(previous, observations, now=NOW, redenominated=redenominated)
    return supply.circulating, supply.suspect


def test_a_first_value_is_believed() -> None:
    supply = decide(None, [says("coingecko", 19e6, total=20e6, maximum=21e6, ago=5)], now=NOW)

    assert supply == Supply(19e6, 20e6, 21e6, ("coingecko",), NOW - 5, suspect=False)


def test_nothing_said_leaves_the_supply_unknown() -> None:
    assert [isnan(figure) for figure in astuple(decide(None, [], now=NOW))[:3]] == [True] * 3
    assert decide(None, [], now=NOW).sources == ()


@pytest.mark.parametrize("junk", [0.0, -1.0, 1e30, 1.01e18, inf, -inf, nan])
def test_junk_changes_nothing(junk: float) -> None:
    before = decided(100.0, total=120.0, maximum=150.0)

    assert decide(before, [says("a", junk, total=junk, maximum=junk)], now=NOW) == before


def test_the_largest_known_supply_is_possible() -> None:
    assert circulating(None, says("coingecko", 4.2e17)) == (4.2e17, False)


def test_a_step_of_one_source_is_suspect_and_changes_nothing() -> None:
    assert circulating(decided(100.0), says("coingecko", 120.1)) == (100.0, True)
    assert circulating(decided(100.0), says("coingecko", 79.9)) == (100.0, True)
    assert circulating(decided(100.0), says("coingecko", 1e9)) == (100.0, True)


def test_a_change_up_to_a_fifth_is_followed() -> None:
    assert circulating(decided(100.0), says("coingecko", 120.0)) == (120.0, False)
    assert circulating(decided(100.0), says("coingecko", 80.0)) == (80.0, False)


def test_a_kept_value_keeps_its_sources_and_its_time() -> None:
    kept = decide(decided(100.0), [says("coinpaprika", 150.0)], now=NOW)

    assert kept == decided(100.0, suspect=True)


def test_two_sources_within_two_per_cent_confirm_a_step() -> None:
    confirmed = decide(
        decided(100.0, suspect=True), [says("coinpaprika", 150.0), says("a", 153.0)], now=NOW
    )

    assert (confirmed.circulating, confirmed.sources) == (151.5, ("a", "coinpaprika"))
    assert (confirmed.time, confirmed.suspect) == (NOW, False)


def test_two_sources_farther_apart_confirm_nothing() -> None:
    assert circulating(decided(100.0), says("a", 150.0), says("b", 153.1)) == (100.0, True)


def test_one_source_said_twice_is_one_source() -> None:
    twice = (says("a", 150.0), says("a", 150.0, ago=60))

    assert circulating(decided(100.0), *twice) == (100.0, True)


def test_only_the_newest_word_of_a_source_counts() -> None:
    assert circulating(decided(100.0), says("a", 101.0), says("a", 105.0, ago=60)) == (101.0, False)


def test_sources_that_agree_give_their_median() -> None:
    said = (says("a", 100.0), says("b", 101.0), says("c", 101.5), says("d", 900.0))

    assert circulating(None, *said) == (101.0, False)


def test_sources_that_contradict_each_other_leave_the_supply_with_its_supporter() -> None:
    assert circulating(decided(100.0), says("a", 100.5), says("b", 110.0)) == (100.5, False)
    assert circulating(decided(100.0), says("a", 100.5), says("b", 130.0)) == (100.5, True)


def test_of_two_camps_the_one_nearer_to_the_old_value_is_right() -> None:
    camps = (says("a", 100.0), says("b", 101.0), says("c", 150.0), says("d", 151.0))

    assert circulating(decided(149.0), *camps) == (150.5, False)
    assert circulating(decided(101.0), *camps) == (100.5, False)


def test_the_lower_of_two_first_values_that_contradict_each_other_is_believed() -> None:
    assert circulating(None, says("a", 110.0), says("b", 100.0)) == (100.0, False)
    assert circulating(None, says("a", 130.0), says("b", 100.0)) == (100.0, True)


def test_a_person_decides_a_step() -> None:
    said = (says("a", 100.0), says("b", 100.0), says(PERSON, 150.0))

    assert circulating(decided(100.0), *said) == (150.0, False)


def test_a_source_that_has_fallen_silent_does_not_count() -> None:
    old = says("b", 150.0, ago=OBSERVATION_AGE_MAX + 1)

    assert circulating(decided(100.0), says("a", 150.0), old) == (100.0, True)


def test_a_word_from_the_future_does_not_count() -> None:
    assert circulating(decided(100.0), says("a", 110.0, ago=-1)) == (100.0, False)


def test_a_suspicion_outlives_the_silence_of_its_source() -> None:
    assert circulating(decided(100.0, suspect=True)) == (100.0, True)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (says("a", 101.0, total=100.0), (nan, 100.0, nan)),
        (says("a", 90.0, total=120.0, maximum=100.0), (90.0, nan, 100.0)),
        (says("a", 101.0, maximum=100.0), (nan, nan, 100.0)),
        (says("a", 100.05, total=100.0, maximum=100.0), (100.05, 100.0, 100.0)),
    ],
)
def test_a_figure_above_its_bound_is_not_used(
    said: Observation, expected: tuple[float, float, float]
) -> None:
    assert astuple(decide(None, [said], now=NOW))[:3] == pytest.approx(expected, nan_ok=True)


def test_a_bound_below_the_decided_supply_becomes_unknown() -> None:
    supply = decide(None, [says("a", 100.0), says("b", nan, total=50.0)], now=NOW)

    assert (supply.circulating, isnan(supply.total)) == (100.0, True)


def test_a_redenomination_divides_every_figure() -> None:
    before = decided(3e9, total=4e9, maximum=5e9)

    assert rescaled(before, 1000.0) == decided(3e6, total=4e6, maximum=5e6)


def test_sources_that_still_tell_the_old_unit_confirm_nothing() -> None:
    old = (says("a", 3.01e9), says("b", 3e9))

    assert circulating(decided(3e6), *old, redenominated=1000.0) == (3e6, False)
    assert circulating(decided(3e6), *old, says("c", 3.1e6), redenominated=1000.0) == (3.1e6, False)


def test_a_suspect_supply_has_its_flag() -> None:
    assert flag_of(decided(1.0, suspect=True)) == Flag.SUPPLY_SUSPECT
    assert flag_of(decided(1.0)) == Flag(0)


Figures = st.one_of(
    st.floats(1e-9, 1e18), st.sampled_from([nan, inf, 0.0, -5.0, 1e30, 100.0, 101.0])
)
Words = st.builds(
    Observation,
    asset=st.just("pepe"),
    source=st.sampled_from(["a", "b", "c", "d"]),
    time=st.floats(NOW - 2 * OBSERVATION_AGE_MAX, NOW),
    circulating=Figures,
    total=Figures,
    maximum=Figures,
)


@given(st.lists(Words, max_size=8), st.permutations(range(8)))
def test_the_order_of_the_sources_changes_nothing(words: list[Observation], order: list[int]):
    words = list({(word.source, word.time): word for word in words}.values())
    shuffled = [words[at] for at in order if at < len(words)]

    assert repr(decide(None, words, now=NOW)) == repr(decide(None, shuffled, now=NOW))


@given(st.lists(Words, max_size=8), st.floats(1e-6, 1e17))
def test_a_decided_supply_is_possible_and_in_order(words: list[Observation], before: float):
    supply = decide(decided(before), words, now=NOW)

    assert 0 < supply.circulating <= 1e18
    assert not supply.circulating > supply.total * 1.001
    assert not supply.total > supply.maximum * 1.001
    assert not supply.circulating > supply.maximum * 1.001


@given(st.floats(1e-6, 1e17), Figures)
def test_one_source_alone_never_makes_a_step(before: float, said: float):
    after = decide(decided(before), [says("a", said)], now=NOW).circulating

    assert abs(after / before - 1) <= STEP_MAX


@given(st.lists(Words, max_size=8))
def test_what_was_decided_stands_when_it_is_decided_again(words: list[Observation]):
    once = decide(UNKNOWN, words, now=NOW)

    assert repr(decide(once, words, now=NOW)) == repr(once)
