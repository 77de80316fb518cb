"""S7: a large step is believed at once if enough operators confirm it, else after a while."""

import numpy as np
from numpy.typing import NDArray

from app.market import tiers
from app.market.election import Result
from app.market.weighted import ROUNDING

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

CONFIRMING = 3
"""Surviving operators that have quoted anew within `election.TICKED` seconds."""

CONFIRMING_SHARE = 0.6
"""Part of the surviving vote that these must hold."""


def pending(
    result: Result,
    *,
    step: Floats,
    publishable: Mask,
    since: Floats,
    tier: NDArray[np.int8],
    now: float,
) -> tuple[Floats, Mask]:
    """Since when each asset's jump has waited, and whether it still holds the price back.

    `step` is the distance from the last good price, NaN where that is too old for a veto.
    """
    confirmed = (result.ticking >= CONFIRMING) & (
        result.ticking_share >= CONFIRMING_SHARE - ROUNDING
    )
    waiting = publishable & (np.abs(step) > tiers.JUMP.take(tier)) & ~confirmed
    since = np.where(waiting, np.where(np.isnan(since), now, since), np.nan)
    lasted = (now - since >= tiers.HOLD.take(tier)) & (result.survivors >= CONFIRMING)
    return since, waiting & ~lasted
