"""Grouped weighted medians and capped shares, against plain arithmetic."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.market.weighted import capped_shares, grouped_median

pytestmark = pytest.mark.unit

Pairs = st.lists(
    st.tuples(st.integers(0, 4), st.floats(-50, 50), st.floats(0.01, 100)), min_size=1, max_size=60
)


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


@given(Pairs)
def test_the_grouped_median_equals_the_plain_one_of_each_group(
    rows: list[tuple[int, float, float]],
):
    rows = sorted(rows, key=lambda row: row[0])
    group = np.array([row[0] for row in rows])
    value = np.array([row[1] for row in rows])
    weight = np.array([row[2] for row in rows])

    medians = grouped_median(group, value, weight, groups=5)

    for number in range(5):
        mine = [(row[1], row[2]) for row in rows if row[0] == number]
        if mine:
            assert medians[number] == pytest.approx(plain_median(mine), abs=1e-9)
        else:
            assert np.isnan(medians[number])


def test_two_equal_weights_give_their_mean():
    median = grouped_median(np.array([0, 0]), np.array([1.0, 3.0]), np.ones(2), groups=1)

    assert median[0] == 2.0


def test_the_heavier_of_two_decides():
    median = grouped_median(np.array([0, 0]), np.array([1.0, 3.0]), np.array([1.0, 2.0]), groups=1)

    assert median[0] == 3.0


@pytest.mark.parametrize(("voters", "cap"), [(3, 0.48), (5, 0.24), (7, 0.16), (12, 0.16)])
def test_a_giant_is_capped_and_the_rest_share_what_it_loses(voters: int, cap: float):
    weight = np.ones(voters)
    weight[0] = 1e12

    share = capped_shares(np.zeros(voters, dtype=np.int64), weight, groups=1)

    assert share[0] == pytest.approx(cap)
    assert share[1] == pytest.approx((1 - cap) / (voters - 1))
    assert share.sum() == pytest.approx(1.0)


def test_two_voters_have_no_cap():
    share = capped_shares(np.array([0, 0]), np.array([9.0, 1.0]), groups=1)

    assert share.tolist() == [0.9, 0.1]
