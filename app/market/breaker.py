"""S13: the last gate before a price is published."""

from math import log

import numpy as np
from numpy.typing import NDArray

from app.market.election import Result
from app.market.weighted import ROUNDING

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

FAR = log(10.0)
"""A price this far from the median of its last 24 h needs more operators than usual."""

AGREEING = 5
"""Operators inside the gate that make such a price publishable at once."""

AGREEING_LATER = 3
"""The same once the breaker has held it for the maximum age of its tier, so that nothing locks."""


def broken(
    result: Result, *, usual: Floats, publishable: Mask, since: Floats, age_max: Floats, now: float
) -> tuple[Floats, Mask]:
    """Since when each price has been suspect, and whether it is held back.

    `usual` is ln of the median of the last 24 h, NaN where that is not known.
    """
    within = (result.median >= result.lowest - ROUNDING) & (
        result.median <= result.highest + ROUNDING
    )
    far = (np.abs(result.median - usual) > FAR + ROUNDING) & (result.survivors < AGREEING)
    suspect = publishable & (far | ~within)
    since = np.where(suspect, np.where(np.isnan(since), now, since), np.nan)
    lasted = (now - since > age_max) & (result.survivors >= AGREEING_LATER) & within
    return since, suspect & ~lasted
