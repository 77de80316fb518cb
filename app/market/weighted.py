"""Weighted medians and capped weights of many groups at once.

Everywhere `group` holds group numbers in ascending order, one per voter. Positions from
`flatnonzero` are used instead of boolean masks, which cost five times as much.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CAP_TOTAL = 0.48
"""What the largest `f` voters of a group may hold together: less than half."""

FAULTS_MAX = 3
"""The most voters of one group that are assumed to lie."""

_TIE = 1e-9
"""A cumulative weight this close to the target counts as equal to it."""

_ABOVE = 1.0 + 1e-12
"""A share is above the cap only beyond rounding."""

_RANK_BITS = 32


class Sorted:
    """Values ordered within their groups, ready to be asked for quantiles.

    Weights are positive. A group without values answers NaN. `near_zero` says that what matters
    of the values lies between -1 and 1, which makes the ordering cheaper; others come first or
    last in their group.
    """

    def __init__(
        self,
        group: Ints,
        value: Floats,
        weight: Floats,
        *,
        groups: int,
        near_zero: bool = False,
    ) -> None:
        order = _near_order(group, value) if near_zero else _grouped_order(group, value)
        self._group = group
        self._value = value.take(order)
        counts = self._counts = np.bincount(group, minlength=groups)
        self._empty = counts == 0
        self._last = np.maximum(np.cumsum(counts) - 1, 0)
        self._first = np.minimum(self._last, np.maximum(self._last - counts + 1, 0))
        total = np.bincount(group, weights=weight, minlength=groups)
        self._reach = np.cumsum(weight.take(order) / np.repeat(total, counts))
        self._before = np.cumsum(~self._empty) - ~self._empty

    def quantile(self, fraction: float) -> Floats:
        """The value at which the cumulative weight reaches `fraction`, per group.

        Where it is reached exactly between two values, their mean.
        """
        if not len(self._value):
            return np.full(len(self._empty), np.nan)
        target = self._before + fraction
        below = self._reach < np.repeat(target - _TIE, self._counts)
        passed = np.bincount(self._group, weights=below, minlength=len(target)).astype(np.int64)
        at = np.minimum(self._first + passed, self._last)
        following = np.minimum(at + 1, self._last)
        value, exact = self._value.take(at), self._reach.take(at) <= target + _TIE
        tied = np.flatnonzero(exact)
        value[tied] = 0.5 * (value[tied] + self._value.take(following.take(tied)))
        value[self._empty] = np.nan
        return value

    def span(self) -> Floats:
        """Distance between the highest and the lowest value; NaN without values."""
        if not len(self._value):
            return np.full(len(self._empty), np.nan)
        distance = self._value.take(self._last) - self._value.take(self._first)
        distance[self._empty] = np.nan
        return distance


def grouped_median(
    group: Ints, value: Floats, weight: Floats, *, groups: int, near_zero: bool = False
) -> Floats:
    """The weighted median of each group; NaN for a group without values."""
    return Sorted(group, value, weight, groups=groups, near_zero=near_zero).quantile(0.5)


def capped_shares(group: Ints, weight: Floats, *, groups: int) -> Floats:
    """Shares that sum to 1 in each group, none above the group's cap.

    With n voters, f = min((n - 1) // 2, 3) may lie, and the cap is 0.48 / f. What a capped voter
    loses goes to the others in proportion to their weights.
    """
    count = np.bincount(group, minlength=groups)
    faults = np.minimum((count - 1) // 2, FAULTS_MAX)
    cap = np.where(faults > 0, CAP_TOTAL / np.maximum(faults, 1), 1.0)
    share = weight / np.bincount(group, weights=weight, minlength=groups).take(group)
    capped = np.zeros(len(weight), dtype=bool)
    rows, cap_of = np.arange(len(weight)), cap.take(group)
    while True:
        # Only groups in which somebody is above the cap are looked at again.
        over = rows.take(np.flatnonzero(share.take(rows) > cap_of.take(rows) * _ABOVE))
        if not len(over):
            return share
        capped[over] = True
        touched = np.zeros(groups, dtype=bool)
        touched[group.take(over)] = True
        rows = rows.take(np.flatnonzero(touched.take(group.take(rows))))
        share[rows] = _refilled(group.take(rows), weight.take(rows), capped.take(rows), cap)


def _refilled(group: Ints, weight: Floats, capped: NDArray[np.bool_], cap: Floats) -> Floats:
    """Capped voters have the cap; the others divide the rest by weight."""
    taken = cap * np.bincount(group, weights=capped, minlength=len(cap))
    left = np.bincount(group, weights=np.where(capped, 0.0, weight), minlength=len(cap))
    factor = (1.0 - taken) / np.where(left > 0, left, 1.0)
    return np.where(capped, cap.take(group), weight * factor.take(group))


def _near_order(group: Ints, value: Floats) -> Ints:
    """The same for values near zero: group, value and position share one sorted integer.

    What the group and the position leave of 63 bits measures the value: 31 bits for 10,000
    assets, so that values closer than 1e-9 may change places.
    """
    places = len(group).bit_length()
    levels = 63 - places - int(group[-1] if len(group) else 0).bit_length()
    step = 2.0 ** (levels - 1) - 1.0
    level = ((np.clip(value, -1.0, 1.0) + 1.0) * step).astype(np.int64)
    key = (((group << levels) | level) << places) | np.arange(len(group))
    key.sort()
    return key & ((1 << places) - 1)


def _grouped_order(group: Ints, value: Floats) -> Ints:
    """Positions ordered by group, then by value.

    One integer key of (group, rank of the value) sorts several times faster than a lexsort.
    """
    by_value = np.argsort(value)
    key = (group.take(by_value) << _RANK_BITS) | np.arange(len(value))
    key.sort()
    return by_value.take(key & ((1 << _RANK_BITS) - 1))
