"""S9: prices that are right in another unit: redenominations, and slips by a power of ten."""

from dataclasses import replace
from math import log

import numpy as np
from numpy.typing import NDArray

from app.market.candles import Candles
from app.market.registry import Redenomination, Registry
from app.market.stage import Stage

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

SLIPS = (1, 2, 3, 6, 8)
"""Powers of ten by which units are mistaken: cents, thousands, millions, satoshis."""

SLIP_WIDTH = log(1.1)
"""A price this close to such a power off is taken for one in another unit."""

OLD_UNIT_WIDTH = log(1.5)
"""A price this close to the old unit's, and closer to it than to the new one's, is in that unit."""

OLD_UNIT_DAYS = 30
"""How long after a redenomination a venue may still be found on the old unit."""


def taking_effect(registry: Registry, *, after: float, until: float) -> list[Redenomination]:
    """Those whose time has come since the last cycle."""
    return [
        each
        for each in registry.redenominations
        if after < each.at <= until and not each.history_only
    ]


def rescaled(column: Floats, effective: list[Redenomination], registry: Registry) -> Floats:
    """A copy of a column of logarithms of prices, in the units that have taken effect."""
    column = column.copy()
    for each in effective:
        if (asset := registry.number_of.get(each.asset)) is not None:
            column[asset] += log(each.factor)
    return column


def recent_units(registry: Registry, now: float) -> dict[int, list[float]]:
    """Asset number → ln of the old unit's worth in the new one, for each that is remembered."""
    since = now - OLD_UNIT_DAYS * 86_400
    found: dict[int, list[float]] = {}
    for each in registry.redenominations:
        if each.history_only or not since <= each.at <= now:
            continue
        if each.asset in registry.number_of:
            found.setdefault(registry.number_of[each.asset], []).append(-log(each.factor))
    return found


def in_todays_units(candles: Candles, registry: Registry, *, seconds: int) -> Candles:
    """Stored candles of this length with every redenomination that came after them.

    The candle in which a redenomination fell was stored in the new unit.
    """
    factor = np.ones(len(candles))
    for each in registry.redenominations:
        number = registry.number_of.get(each.asset, -1)
        factor[(candles.asset == number) & (candles.time + seconds <= each.at)] *= each.factor
    if (factor == 1.0).all():
        return candles
    prices = {name: getattr(candles, name) * factor for name in ("open", "high", "low", "close")}
    return replace(candles, **prices)


def old_units(stage: Stage, value: Floats, good: Floats, units: dict[int, list[float]]) -> Mask:
    """Entries that are still quoted in a unit from before a redenomination."""
    found = np.zeros(len(value), dtype=bool)
    for asset, offsets in units.items():
        rows = np.flatnonzero(stage.assets.take(stage.asset_of) == asset)
        distance = value[rows] - good[asset]
        for offset in offsets:
            width = min(OLD_UNIT_WIDTH, abs(offset) / 2)
            found[rows] |= np.abs(distance - offset) < width
    return found


def slipped(distance: Floats) -> Mask:
    """Whether each distance, as a logarithm, is close to one of the powers of ten."""
    found = np.zeros(len(distance), dtype=bool)
    for power in SLIPS:
        found |= np.abs(np.abs(distance) - power * log(10)) < SLIP_WIDTH
    return found
