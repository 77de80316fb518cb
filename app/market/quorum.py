"""S6: how many independent operators must agree before a number may be published."""

import numpy as np
from numpy.typing import NDArray

from app.market.election import Result
from app.market.verdict import Flag, Status, raise_flag
from app.market.weighted import ROUNDING

Floats = NDArray[np.float64]

SURVIVORS_MIN = 3
"""Operators inside the gate that make a price `ok`."""

SURVIVING_MIN = 0.5
"""Part of the vote that they must hold."""

THIN_VOLUME = 100_000.0
"""24 h volume in USD below which an asset counts as thinly traded."""


def verdict(result: Result, *, seen: NDArray[np.int32], gate: Floats) -> NDArray[np.uint8]:
    """OK, DEGRADED, HELD or STALE per asset.

    `seen` is the most operators that were fresh together while the last good price lasted,
    `gate` the tier's least gate. HELD means that the sources contradict each other.
    """
    agreed = (result.survivors >= SURVIVORS_MIN) & (result.surviving >= SURVIVING_MIN - ROUNDING)
    pair_differs = (result.voters == 2) & (result.highest - result.lowest > 2 * gate)
    alone = (result.operators >= 3) & (result.survivors <= 1)
    left_over = (result.operators == 1) & (seen >= 2) & (result.voters == 1)
    disputed = pair_differs | alone | left_over
    status = np.where(agreed, Status.OK, Status.DEGRADED)
    status = np.where(disputed & ~agreed, Status.HELD, status)
    return np.where(result.operators == 0, Status.STALE, status).astype(np.uint8)


def flags_of(
    result: Result, status: NDArray[np.uint8], seen: NDArray[np.int32], volume: Floats
) -> NDArray[np.uint32]:
    """The flags that follow from the count of operators and their volume."""
    flags = np.zeros(len(status), dtype=np.uint32)
    single = (result.operators == 1) & (seen <= 1)
    raise_flag(flags, single, Flag.SINGLE_SOURCE)
    raise_flag(flags, (result.operators < 3) | (volume < THIN_VOLUME), Flag.THIN_MARKET)
    raise_flag(flags, (status == Status.DEGRADED) & ~single, Flag.LOW_QUORUM)
    raise_flag(flags, status == Status.HELD, Flag.DISPUTED)
    return flags
