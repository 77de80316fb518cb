"""Weighted medians and capped weights of many groups at once."""

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


class Sorted:
    """Values ordered within their groups, ready to be asked for quantiles.

    `group` holds numbers below `groups`, `weight` is positive. A group without values answers NaN.
    """

    def __init__(self, group: Ints, value: Floats, weight: Floats, *, groups: int) -> None:
        order = _grouped_order(group, value)
        self._value = value[order]
        counts = np.bincount(group, minlength=groups)
        self._end = np.cumsum(counts) - 1
        self._start = self._end - counts + 1
        self._empty = counts == 0
        total = np.bincount(group, weights=weight, minlength=groups)
        self._reach = np.cumsum(weight[order] / total[group[order]])
        self._before = np.cumsum(~self._empty) - ~self._empty

    def quantile(self, fraction: float) -> Floats:
        """The value at which the cumulative weight reaches `fraction`, per group.

        Where it is reached exactly between two values, their mean.
        """
        if not len(self._value):
            return np.full(len(self._start), np.nan)
        target = self._before + fraction
        end = np.maximum(self._end, 0)
        reached: Ints = np.asarray(np.searchsorted(self._reach, target - _TIE), dtype=np.int64)
        at = np.minimum(np.maximum(reached, self._start), end)
        following = np.minimum(at + 1, end)
        exact = self._reach[at] <= target + _TIE
        value = self._value[at]
        value = np.where(exact, 0.5 * (value + self._value[following]), value)
        return np.where(self._empty, np.nan, value)


def grouped_median(group: Ints, value: Floats, weight: Floats, *, groups: int) -> Floats:
    """The weighted median of each group; NaN for a group without values."""
    return Sorted(group, value, weight, groups=groups).quantile(0.5)


def capped_shares(group: Ints, weight: Floats, *, groups: int) -> Floats:
    """Shares that sum to 1 in each group, none above the group's cap.

    With n voters, f = min((n - 1) // 2, 3) may lie, and the cap is 0.48 / f. What a capped voter
    loses goes to the others in proportion to their weights.
    """
    count = np.bincount(group, minlength=groups)
    faults = np.minimum((count - 1) // 2, FAULTS_MAX)
    cap = np.where(faults > 0, CAP_TOTAL / np.maximum(faults, 1), 1.0)[group]
    share = weight / np.bincount(group, weights=weight, minlength=groups)[group]
    capped = np.zeros(len(weight), dtype=bool)
    while (over := ~capped & (share > cap)).any():
        capped |= over
        share = _refilled(group, weight, cap, capped, groups=groups)
    return share


def _refilled(
    group: Ints, weight: Floats, cap: Floats, capped: NDArray[np.bool_], *, groups: int
) -> Floats:
    taken = np.bincount(group, weights=np.where(capped, cap, 0.0), minlength=groups)
    open_weight = np.bincount(group, weights=np.where(capped, 0.0, weight), minlength=groups)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = (1.0 - taken) / open_weight
    return np.where(capped, cap, weight * factor[group])


def _grouped_order(group: Ints, value: Floats) -> Ints:
    """Positions ordered by group, then by value.

    One integer key of (group, rank of the value) sorts several times faster than a lexsort.
    """
    by_value = np.argsort(value)
    key = (group[by_value] << 32) | np.arange(len(value))
    key.sort()
    return by_value[key & 0xFFFFFFFF]
