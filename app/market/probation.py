"""S0: a new mapping counts for nothing until its price has agreed with the index for an hour."""

from math import log

import numpy as np
from numpy.typing import NDArray

from app.market.registry import Registry
from app.market.weighted import ROUNDING

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

TRIAL = 3600.0
"""Seconds of observation."""

AGREED = 0.95
"""Part of them in which the price must have agreed."""

AGREEMENT = log(1.10)
"""How far a price that agrees may be from the index."""

OBSERVED_MAX = 60.0
"""Seconds between two cycles that count as observed; a longer pause shows nothing."""


def proved(tried: Floats, agreed: Floats) -> Mask:
    """Whether each mapping has passed its trial."""
    return (tried >= TRIAL) & (agreed >= AGREED * tried)


def approved(registry: Registry, rows: Ints, tried: Floats, agreed: Floats) -> Mask:
    """Whether each market's mapping is proved, by a person or, for `rows`, by its own trial."""
    if not len(rows):
        return registry.approved
    all_of_them = registry.approved.copy()
    all_of_them[rows] = proved(tried[rows], agreed[rows])
    return all_of_them


def newly_proved(rows: Ints, before: tuple[Floats, Floats], after: tuple[Floats, Floats]) -> Ints:
    """The markets among `rows` that passed their trial between two states."""
    was, is_now = (proved(tried[rows], agreed[rows]) for tried, agreed in (before, after))
    return rows[is_now & ~was]


def observed(
    rows: Ints, tried: Floats, agreed: Floats, distance: Floats, seconds: float
) -> tuple[Floats, Floats]:
    """Both columns after so many seconds more; those who fail their hour begin another.

    `rows` are the markets on trial, `distance` how far ln of the price of each is from the index,
    NaN where there is nothing to compare.
    """
    on_trial = ~proved(tried[rows], agreed[rows])
    counted = np.where(on_trial & np.isfinite(distance), min(seconds, OBSERVED_MAX), 0.0)
    now_tried = tried[rows] + counted
    now_agreed = agreed[rows] + np.where(np.abs(distance) <= AGREEMENT + ROUNDING, counted, 0.0)
    failed = (now_tried >= TRIAL) & ~proved(now_tried, now_agreed)
    tried, agreed = tried.copy(), agreed.copy()
    tried[rows] = np.where(failed, 0.0, now_tried)
    agreed[rows] = np.where(failed, 0.0, now_agreed)
    return tried, agreed
