"""What each tier of asset is held to; the only place where these numbers stand."""

from dataclasses import dataclass

import numpy as np

from app.market.registry import Tier


@dataclass(frozen=True, slots=True)
class Limits:
    """The thresholds of one tier: seconds, and distances as logarithms of the price."""

    fresh: float
    """τ0: age up to which a quote counts in full."""
    half_life: float
    """After `fresh`, the weight halves every so many seconds."""
    age_max: float
    """Age beyond which a quote counts for nothing."""
    gate_min: float
    gate_max: float
    jump: float
    """A larger step from one cycle to the next needs confirmation."""
    hold: float
    """How long an unconfirmed step is held back."""


LIMITS = {
    Tier.FIAT: Limits(300, 3600, 72 * 3600, 0.003, 0.03, 0.02, 60),
    Tier.STABLE: Limits(15, 60, 300, 0.003, 0.05, 0.01, 20),
    Tier.MAJOR: Limits(5, 15, 90, 0.006, 0.08, 0.03, 10),
    Tier.MID: Limits(15, 60, 600, 0.02, 0.20, 0.08, 30),
    Tier.TAIL: Limits(60, 300, 3600, 0.05, 0.40, 0.25, 60),
}

_ROWS = [LIMITS[tier] for tier in sorted(Tier)]

FRESH = np.array([row.fresh for row in _ROWS])
HALF_LIFE = np.array([row.half_life for row in _ROWS])
AGE_MAX = np.array([row.age_max for row in _ROWS])
GATE_MIN = np.array([row.gate_min for row in _ROWS])
GATE_MAX = np.array([row.gate_max for row in _ROWS])
JUMP = np.array([row.jump for row in _ROWS])
HOLD = np.array([row.hold for row in _ROWS])
