"""Weighted medians and capped weights of many elections at once.

Matrices have the shape (seats, elections): a column is one election, a row one seat of each.
A seat with weight 0 is empty, and what it says does not matter. An election's answers are the
same bits whichever other elections stand beside it and however many empty seats follow, so that
one price can be computed again without the rest of the market.
"""

from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

CAP_TOTAL = 0.48
"""What the largest `f` voters of an election may hold together: less than half."""

FAULTS_MAX = 3
"""The most voters of one election that are assumed to lie."""

SEATS_MAX = 255
"""Most seats that an election may have: a seat's number takes eight bits."""

ROUNDING = 1e-9
"""Shares, and logarithms of prices, that differ by less than this are equal."""

_ABOVE = 1.0 + 1e-12
"""A share is above the cap only beyond rounding."""

_LAST = np.finfo(np.float64).max
_SEAT = 0xFF


class Ranked:
    """The votes of each election in ascending order, ready to be asked for quantiles.

    An election without votes answers NaN.
    """

    def __init__(self, value: Floats, weight: Floats) -> None:
        elections: int = value.shape[1]
        self._value: Floats = value.ravel()
        self._column: Ints = np.arange(elections)
        self._place = np.asarray(_ascending(value, weight) * elections + self._column, np.int64)
        self._reach = _running(weight.ravel().take(self._place))
        self._empty = ~(self._reach[-1] > 0)
        self._reach /= np.where(self._empty, 1.0, self._reach[-1])
        self._last = np.maximum(voters(weight) - 1, 0)

    def quantile(self, fraction: float) -> Floats:
        """The value at which the cumulative weight reaches `fraction`.

        Where it is reached exactly between two values, their mean.
        """
        at = np.minimum(count(self._reach < fraction - ROUNDING), self._last)
        value = self._value_at(at)
        tied = np.flatnonzero(self._at(self._reach, at) <= fraction + ROUNDING)
        following = np.minimum(at + 1, self._last)
        value[tied] = 0.5 * (value[tied] + self._value_at(following)[tied])
        value[self._empty] = np.nan
        return value

    def lowest(self) -> Floats:
        """The lowest vote of each election."""
        return np.where(self._empty, np.nan, self._value_at(np.zeros_like(self._last)))

    def highest(self) -> Floats:
        """The highest vote of each election."""
        return np.where(self._empty, np.nan, self._value_at(self._last))

    def _value_at(self, row: Ints) -> Floats:
        return self._value.take(self._at(self._place, row))

    def _at(self, matrix: NDArray[Any], row: Ints) -> NDArray[Any]:
        return matrix.ravel().take(row * len(self._column) + self._column)


def median(value: Floats, weight: Floats) -> Floats:
    """The weighted median of each election; NaN for one without votes."""
    return Ranked(value, weight).quantile(0.5)


def total(matrix: Floats) -> Floats:
    """The sum of each column, added in the order of the seats.

    numpy's own sum adds in an order that depends on the shape, and so would the last bit.
    """
    return reduce(np.add, matrix)


def count(where: Mask) -> Ints:
    """How many seats of each election it holds for."""
    return where.view(np.uint8).sum(axis=0, dtype=np.uint8).astype(np.int64)


def voters(weight: Floats) -> Ints:
    """How many seats of each election vote."""
    return count(weight > 0)


def capped_shares(weight: Floats) -> Floats:
    """Shares that sum to 1 in each election, none above its cap.

    With n voters, f = min((n - 1) // 2, 3) may lie, and the cap is 0.48 / f. What a capped voter
    loses goes to the others in proportion to their weights.
    """
    faults = np.minimum((voters(weight) - 1) // 2, FAULTS_MAX)
    cap = np.where(faults > 0, CAP_TOTAL / np.maximum(faults, 1), 1.0)
    share = shares(weight)
    capped = over = share > cap * _ABOVE
    while over.any():
        left = total(np.where(capped, 0.0, weight))
        rest = (1.0 - cap * count(capped)) / np.where(left > 0, left, 1.0)
        refilled = np.where(capped, cap, weight * rest)
        # Fair elections stay as they are: computed again, they would differ in the last bit.
        share = np.where(over.any(axis=0), refilled, share)
        over = share > cap * _ABOVE
        capped = capped | over
    return share


def shares(weight: Floats) -> Floats:
    """Each weight as a part of its election's total; 0 in an election without votes."""
    whole = total(weight)
    return weight / np.where(whole > 0, whole, 1.0)


def _running(matrix: Floats) -> Floats:
    """The matrix itself, each row now the sum of all rows up to it."""
    for row in range(1, len(matrix)):
        matrix[row] += matrix[row - 1]
    return matrix


def _ascending(value: Floats, weight: Floats) -> Ints:
    """The seats of each election by what they say, empty ones last: shape (seats, elections).

    The last eight bits of each value give way to its seat, so that one sort of plain numbers finds
    the order; values that agree in the first 44 binary digits may change places.
    """
    if len(value) > SEATS_MAX:
        raise ValueError(f"an election has at most {SEATS_MAX} seats, not {len(value)}")
    key = np.where(weight > 0, value, _LAST)
    bits = key.view(np.int64)
    bits &= ~_SEAT
    bits |= np.arange(len(value))[:, np.newaxis]
    ordered = np.ascontiguousarray(key.T)
    ordered.sort(axis=1)
    return np.ascontiguousarray((ordered.view(np.int64) & _SEAT).T)
