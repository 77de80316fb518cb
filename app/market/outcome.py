"""What one publish cycle found, as columns: of each asset, and of each market."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Prices:
    """What one cycle found, per asset."""

    price: Floats
    confidence: Floats
    """Half width as a share of the price; NaN where nobody voted."""
    status: NDArray[np.uint8]
    flags: NDArray[np.uint32]
    sources: NDArray[np.int64]
    """Operators that voted."""
    updated: Floats
    volume: Floats
    """24 h volume in USD over all fresh markets whose volume is believed."""
    reported: Floats
    """The same over all fresh markets."""


@dataclass(frozen=True, slots=True)
class Votes:
    """What one cycle made of each market."""

    raw: Floats
    usd: Floats
    weight: Floats
    spread: Floats
    volume: Floats
    updated: Floats
    flags: NDArray[np.uint32]
