"""Weighted medians and capped shares of many elections, against plain arithmetic."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.market.weighted import SEATS_MAX, Floats, Ranked, capped_shares, median

pytestmark = pytest.mark.unit

Votes = st.lists(st.tuples(st.floats(-50, 50), st.floats(0.01, 100)), max_size=20)


def columns(elections: list[list[tuple[float, float]]]) -> tuple[Floats, Floats]:
    """Values and weights with one column per election; seats that are left over are empty."""
    seats = max(map(len, elections), default=0) or 1
    value, weight = np.full((seats, len(elections)), np.nan), np.zeros((seats, len(elections)))
    for column, votes in enumerate(elections):
        for seat, (said, heavy) in enumerate(votes):
            value[seat, column], weight[seat, column] = said, heavy
    return value, weight


def plain_median(pairs: list[tuple[float, float]]) -> float:
    """The least value with at least half of the weight at or below it; a tie gives the mean."""
    pairs = sorted(pairs)
    half, reached = sum(weight for _, weight in pairs) / 2, 0.0
    for place, (value, weight) in enumerate(pairs):
        reached += weight
        if abs(reached - half) <= 1e-9 * 2 * half and place + 1 < len(pairs):
            return (value + pairs[place + 1][0]) / 2
        if reached > half:
            return value
    return pairs[-1][0]


@given(st.lists(Votes, min_size=1, max_size=6))
def test_the_median_equals_the_plain_one_of_each_election(
    elections: list[list[tuple[float, float]]],
):
    medians = median(*columns(elections))

    for column, votes in enumerate(elections):
        if votes:
            assert medians[column] == pytest.approx(plain_median(votes), abs=1e-9)
        else:
            assert np.isnan(medians[column])


@given(st.lists(Votes, min_size=2, max_size=6))
def test_an_election_has_the_same_bits_alone_as_among_others(
    elections: list[list[tuple[float, float]]],
):
    value, weight = columns(elections)
    together = median(value, capped_shares(weight))

    for column, votes in enumerate(elections):
        alone_value, alone_weight = columns([votes])
        alone = median(alone_value, capped_shares(alone_weight))
        assert alone.tobytes() == together[column : column + 1].tobytes()


def test_two_equal_weights_give_their_mean():
    assert median(np.array([[1.0], [3.0]]), np.ones((2, 1))).tolist() == [2.0]


def test_the_heavier_of_two_decides():
    assert median(np.array([[1.0], [3.0]]), np.array([[1.0], [2.0]])).tolist() == [3.0]


def test_what_an_empty_seat_says_does_not_matter():
    ranked = Ranked(np.array([[-9.0], [1.0], [np.nan]]), np.array([[0.0], [1.0], [0.0]]))

    assert [ranked.lowest()[0], ranked.quantile(0.25)[0], ranked.highest()[0]] == [1.0, 1.0, 1.0]


def test_more_seats_than_a_key_can_name_are_refused():
    with pytest.raises(ValueError, match="at most 255 seats, not 256"):
        median(np.zeros((SEATS_MAX + 1, 1)), np.ones((SEATS_MAX + 1, 1)))


@pytest.mark.parametrize(("voters", "cap"), [(3, 0.48), (5, 0.24), (7, 0.16), (12, 0.16)])
def test_a_giant_is_capped_and_the_rest_share_what_it_loses(voters: int, cap: float):
    weight = np.ones((voters, 1))
    weight[0] = 1e12

    share = capped_shares(weight)[:, 0]

    assert share[0] == pytest.approx(cap)
    assert share[1] == pytest.approx((1 - cap) / (voters - 1))
    assert share.sum() == pytest.approx(1.0)


def test_two_voters_have_no_cap():
    assert capped_shares(np.array([[9.0], [1.0]])).tolist() == [[0.9], [0.1]]
