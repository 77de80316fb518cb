"""S12: four signs of wash trading, each yes, no or not known; two of them make suspicion."""

from decimal import Decimal
from math import inf, isnan, nan
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.market.trust import (
    DEPTH_REACH,
    LOOK_AGE_MAX,
    TRADES_MIN,
    Answer,
    Counts,
    Evidence,
    Floats,
    Signs,
    at_one_operator,
    depth_of,
    first_digits,
    oddly_sized,
    rising_alone,
    signs_of,
    suspected,
    turned_over,
)

pytestmark = pytest.mark.unit

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN

FREELY_CHOSEN = [301, 176, 125, 97, 79, 67, 58, 51, 46]
"""What Benford's law expects of 1,000 sizes."""
ALL_ALIKE = [100, 0, 0, 0, 0, 0, 0, 0, 0]
NONE = [0] * 9


def floats(*numbers: float) -> Floats:
    return np.array(numbers)


def counts(*numbers: int) -> Counts:
    return np.array(numbers, dtype=np.int64)


def texts(*words: str) -> NDArray[np.object_]:
    return np.array(words, dtype=object)


def signs(*answers: Answer) -> Signs:
    return np.array(answers, dtype=np.int8)


def test_more_than_a_thousand_times_the_book_is_a_sign():
    volume = floats(1_000_001, 1_000_000, nan, 1_000_001, 1, 0)
    depth = floats(1_000, 1_000, 1_000, nan, 0, 0)

    assert turned_over(volume, depth).tolist() == [YES, NO, UNKNOWN, UNKNOWN, YES, NO]


def test_volume_that_rises_while_the_newest_trade_stays_is_a_sign():
    rise = floats(0.02, 0.02, 0.01, -0.5, nan, 0.02, 0.02, inf)
    then = texts("7", "7", "7", "7", "7", "", "7", "7")
    now = texts("7", "8", "7", "7", "7", "7", "", "7")

    said = rising_alone(rise, then, now)

    assert said.tolist() == [YES, NO, NO, NO, UNKNOWN, UNKNOWN, UNKNOWN, YES]


def test_four_fifths_at_one_of_several_operators_is_a_sign_of_its_markets():
    asset = counts(0, 0, 0, 1, 1, 2, 3, 3, 3)
    operator = counts(0, 0, 1, 0, 1, 0, 0, 1, 1)
    volume = floats(500, 310, 190, 800, 200, 1_000, 900, nan, 50)

    said = at_one_operator(volume, asset, operator)

    assert said.tolist() == [YES, YES, NO, NO, NO, UNKNOWN, YES, UNKNOWN, NO]


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 1000)),
        min_size=1,
        max_size=12,
    ),
    st.randoms(use_true_random=False),
)
def test_neither_the_order_of_markets_nor_the_unit_of_volume_moves_a_sign(
    markets: list[tuple[int, int, int]], chance: Random
):
    order = list(range(len(markets)))
    chance.shuffle(order)
    asset, operator, volume = (np.array(column) for column in zip(*markets, strict=True))

    said = at_one_operator(volume * 1.0, asset, operator)
    again = at_one_operator(volume[order] * 1024.0, asset[order], operator[order])

    assert again.tolist() == said[order].tolist()


def test_an_operator_that_trades_nothing_makes_no_second_one():
    said = at_one_operator(floats(1_000, 0, nan), counts(0, 0, 0), counts(0, 1, 2))

    assert said.tolist() == [UNKNOWN, UNKNOWN, UNKNOWN]


def test_without_markets_there_is_no_sign():
    assert at_one_operator(floats(), counts(), counts()).tolist() == []


def test_sizes_that_are_all_alike_are_odd_and_freely_chosen_ones_are_not():
    few = [TRADES_MIN - 1, *NONE[1:]]

    said = oddly_sized(np.array([FREELY_CHOSEN, ALL_ALIKE, few, NONE]))

    assert said.tolist() == [NO, YES, UNKNOWN, UNKNOWN]


def test_first_digits_are_odd_when_chance_makes_them_so_once_in_a_thousand_times():
    # Beside these, 54 sizes that begin with a 1 make a chi-square of 25.3, and 55 one of 26.6.
    rest = [15, 10, 6, 5, 4, 3, 3, 3]

    assert oddly_sized(np.array([[54, *rest], [55, *rest]])).tolist() == [NO, YES]


def test_first_digits_are_those_that_people_read():
    sizes = floats(0.3, 3e-8, 999.999, 1_000, 1, 0.1, 29.9999999, 9.5, 2e300, 0, -5, nan, inf)

    assert first_digits(sizes).tolist() == [3, 2, 2, 0, 0, 0, 0, 0, 2]


@given(st.integers(1, 10**10), st.integers(-12, 12))
def test_the_first_digit_of_every_decimal_number_is_found(digits: int, exponent: int):
    size = float(Decimal(digits).scaleb(exponent))

    expected = [0] * 9
    expected[int(str(digits)[0]) - 1] = 1
    assert first_digits(floats(size)).tolist() == expected


BIDS = np.array([(99.0, 2.0), (98.0, 1.0), (90.0, 5.0)])
ASKS = np.array([(101.0, 3.0), (102.0, 1.0), (110.0, 5.0)])


def test_depth_is_what_waits_within_two_per_cent_of_the_middle():
    assert DEPTH_REACH == 0.02
    assert depth_of(BIDS, ASKS, most=500) == 99 * 2 + 98 + 101 * 3 + 102


def test_a_book_that_is_cut_off_within_two_per_cent_has_an_unknown_depth():
    assert isnan(depth_of(BIDS[:2], ASKS, most=2))
    assert isnan(depth_of(BIDS, ASKS[:2], most=2))
    assert depth_of(BIDS, ASKS, most=3) == 99 * 2 + 98 + 101 * 3 + 102
    assert depth_of(BIDS[:2], ASKS[:2], most=inf) == 99 * 2 + 98 + 101 * 3 + 102


@pytest.mark.parametrize("junk", [nan, inf, 0.0, -1.0])
def test_a_book_with_junk_in_it_has_an_unknown_depth(junk: float):
    assert isnan(depth_of(np.array([(99.0, junk)]), ASKS, most=500))
    assert isnan(depth_of(BIDS, np.array([(junk, 1.0)]), most=500))


def test_a_book_with_one_side_has_an_unknown_depth():
    assert isnan(depth_of(BIDS, np.empty(0), most=500))


@given(st.lists(st.tuples(*[st.sampled_from(Answer)] * 4), min_size=1))
def test_two_signs_make_suspicion_and_what_is_not_known_never_counts(
    rows: list[tuple[Answer, ...]],
):
    columns = tuple(signs(*column) for column in zip(*rows, strict=True))

    assert suspected(columns).tolist() == [row.count(YES) >= 2 for row in rows]


def evidence(*, age: float = 0.0) -> Evidence:
    """A market with every sign, and an honest one of another operator."""
    return Evidence(
        asset=counts(0, 0),
        operator=counts(0, 1),
        volume=floats(9e6, 1e6),
        age=floats(age, age),
        depth=floats(100, 1e5),
        rise=floats(1.0, 0.1),
        trade_then=texts("7", "7"),
        trade_now=texts("7", "8"),
        digits=np.array([ALL_ALIKE, FREELY_CHOSEN]),
    )


def test_each_sign_is_told_by_its_own_evidence():
    assert [sign.tolist() for sign in signs_of(evidence())] == [[YES, NO]] * 4
    assert suspected(signs_of(evidence())).tolist() == [True, False]


def test_a_look_older_than_a_day_tells_nothing():
    old = [sign.tolist() for sign in signs_of(evidence(age=LOOK_AGE_MAX + 1))]

    assert old == [[UNKNOWN] * 2, [UNKNOWN] * 2, [YES, NO], [UNKNOWN] * 2]
    assert suspected(signs_of(evidence(age=LOOK_AGE_MAX))).tolist() == [True, False]
    assert suspected(signs_of(evidence(age=LOOK_AGE_MAX + 1))).tolist() == [False, False]
