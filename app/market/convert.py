"""S2: what a stablecoin is worth, told by BTC and ETH.

The hard-USD price of an anchor divided by its price in a stablecoin is one implied vote on that
stablecoin, beside the stablecoin's own markets. No stablecoin is ever assumed to be worth 1.
"""

import numpy as np
from numpy.typing import NDArray

from app.market import tiers
from app.market.inputs import Inputs
from app.market.layout import Layout
from app.market.registry import USD, Tier
from app.market.weighted import median

Floats = NDArray[np.float64]


def implied_votes(layout: Layout, inputs: Inputs, now: float) -> Floats:
    """ln of each asset's implied price in USD; NaN for all but quoted stablecoins.

    Where both anchors are traded against the stablecoin, the mean of their two answers.
    """
    registry = layout.registry
    implied = np.full(len(registry.assets), np.nan)
    if USD not in registry.number_of or not len(layout.anchor_cells.owner):
        return implied
    priced = _anchor_prices(layout, inputs, now)
    answers = priced[:, [registry.number_of[USD]]] - priced
    known = np.isfinite(answers)
    count = known.sum(axis=0)
    mean = np.where(known, answers, 0.0).sum(axis=0) / np.maximum(count, 1)
    stable = (registry.tier == Tier.STABLE) & (count > 0)
    implied[stable] = mean[stable]
    return implied


def _anchor_prices(layout: Layout, inputs: Inputs, now: float) -> Floats:
    """ln of each anchor's median price in each asset, one vote an operator: (anchors, assets)."""
    markets, cells = layout.anchor_markets, layout.anchor_cells
    age = now - inputs.stamp[markets]
    value = np.append(inputs.log_price[markets], np.nan)
    live = np.isfinite(value[:-1]) & (age <= tiers.AGE_MAX[Tier.MAJOR])
    weight = np.append(np.where(live, layout.anchor_weight, 0.0), 0.0)
    assets = len(layout.registry.assets)
    priced = np.full(len(layout.anchors) * assets, np.nan)
    priced[cells.owner] = median(value.take(cells.at), weight.take(cells.at))
    return priced.reshape(len(layout.anchors), assets)
