"""What one publish cycle hands to the next; everything else is computed afresh."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.market.registry import Registry
from app.market.stage import Ints

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class IndexState:
    """Columns by asset number, unless they say otherwise; times are epoch seconds."""

    time: float
    """Of the last cycle; -inf before the first."""
    good: Floats
    """ln of the last price that was published as ok or degraded; NaN if none."""
    good_at: Floats
    """When that was; -inf if never."""
    operators_seen: NDArray[np.int32]
    """The most operators that were fresh together while the good price lasted."""
    pending_since: Floats
    """Since when a jump has waited for confirmation; NaN if none does."""
    broken_since: Floats
    """Since when the publication breaker has held the price; NaN if it does not."""
    watched_since: Floats
    """Since when a stablecoin has been off its peg far enough to be watched; NaN if it is not."""
    depegged_since: Floats
    """Since when it has been so far off that it counts as depegged; NaN if it is not."""
    usual: Floats
    """ln of the median price of the last 24 h; NaN while too little is known of them."""
    excluded: Ints
    """Ascending keys (`stage.group_key`) of the operators that are outside the gate."""
    tried: Floats
    """By market number: seconds that a mapping on probation was observed."""
    agreed: Floats
    """By market number: seconds of those in which its price agreed with the index."""
    stranger_since: Floats
    """By market number: since when it has been too far from the pinned ones; NaN if it is not."""
    distrusted: NDArray[np.bool_]
    """By market number: whether its reported volume is not believed; slower tasks find out."""


def first_state(registry: Registry) -> IndexState:
    """The state before anything was ever published."""
    assets, markets = len(registry.assets), len(registry.markets)
    return IndexState(
        time=-np.inf,
        good=np.full(assets, np.nan),
        good_at=np.full(assets, -np.inf),
        operators_seen=np.zeros(assets, dtype=np.int32),
        pending_since=np.full(assets, np.nan),
        broken_since=np.full(assets, np.nan),
        watched_since=np.full(assets, np.nan),
        depegged_since=np.full(assets, np.nan),
        usual=np.full(assets, np.nan),
        excluded=np.empty(0, dtype=np.int64),
        tried=np.zeros(markets),
        agreed=np.zeros(markets),
        stranger_since=np.full(markets, np.nan),
        distrusted=np.zeros(markets, dtype=bool),
    )


BY_ASSET = (
    *("good", "good_at", "operators_seen", "pending_since", "broken_since"),
    *("watched_since", "depegged_since", "usual"),
)
"""Columns that are numbered as assets are."""

BY_MARKET = ("tried", "agreed", "stranger_since", "distrusted")
"""Columns that are numbered as markets are."""
