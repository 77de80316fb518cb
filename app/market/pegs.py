"""S8: how far a stablecoin is from what it promises to be worth, and for how long."""

import numpy as np
from numpy.typing import NDArray

from app.market.registry import Registry, Tier
from app.market.verdict import Flag

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WATCH_OFF = 0.005
WATCH_SECONDS = 60.0
"""Further off than that for so long: `depeg_watch`."""

DEPEG_OFF = 0.02
DEPEG_SECONDS = 10.0
DEPEG_OPERATORS = 2
"""Further off than that for so long, as told by so many operators: `depeg`."""


def off_peg(registry: Registry, measured: Floats) -> Floats:
    """Distance of each asset from its peg as a share; NaN for all but stablecoins.

    `measured` is ln USD of what the votes say of each asset, NaN where they say nothing.
    """
    stable = np.flatnonzero(registry.tier == Tier.STABLE)
    off = np.full(len(registry.assets), np.nan)
    off[stable] = np.abs(np.expm1(measured[stable] - measured[registry.peg[stable]]))
    return off


def since_off(off: Floats, limit: float, since: Floats, now: float) -> Floats:
    """Since when each asset has been further off than that; the unmeasured stay as they are."""
    begun = np.where(off > limit, np.where(np.isnan(since), now, since), np.nan)
    return np.where(np.isnan(off), since, begun)


def peg_flags(
    watched: Floats, depegged: Floats, *, operators: Ints, now: float
) -> NDArray[np.uint32]:
    """The flags of assets that have been off their pegs for long enough."""
    watch = now - watched >= WATCH_SECONDS
    gone = (now - depegged >= DEPEG_SECONDS) & (operators >= DEPEG_OPERATORS)
    return watch * np.uint32(Flag.DEPEG_WATCH) | gone * np.uint32(Flag.DEPEG)
