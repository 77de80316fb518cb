"""S0 to S3: the markets of one stage → what each operator votes on each asset."""

from collections.abc import Callable
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from app.market.inputs import Inputs
from app.market.stage import Stage
from app.market.units import old_units
from app.market.verdict import Flag
from app.market.weighted import ROUNDING, median, shares

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Bits = NDArray[np.uint32]

VOLUME_MIN = 1.0
"""USD; a market counts at least as if it traded this much."""

CONFLICT = log(1.5)
"""An unpinned market this far from the pinned ones is another asset under the same ticker."""

CONFLICT_STAYS = 60.0
"""Seconds after which such a market stays one while the pinned ones are silent."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """What assets of earlier stages are worth: ln USD and relative half width, per asset."""

    factor: Floats
    confidence: Floats
    implied: Floats


@dataclass(frozen=True, slots=True)
class Memory:
    """What earlier cycles and the registry's past say."""

    good: Floats
    """ln of the last good price in today's units, per asset."""
    approved: Mask
    """Whether each market's mapping is proved."""
    stranger_since: Floats
    """By market: since when it has been too far from the pinned ones; NaN if it is not."""
    distrusted: Mask
    """By market: whether its reported volume is not believed."""
    old_units: dict[int, list[float]]
    """Asset number → ln of what a unit was worth before each recent redenomination, in units."""
    now: float


@dataclass(frozen=True, slots=True)
class Entries:
    """One element per entry of a stage."""

    value: Floats
    """ln of the price in USD; NaN where it cannot be converted."""
    stamp: Floats
    weight: Floats
    """Before the cap; 0 where it does not count."""
    volume: Floats
    """24 h volume in USD, as reported."""
    believed: Floats
    """The same, 0 where it is not believed."""
    live: Mask
    """Fresh enough, converted and allowed to count."""
    flags: Bits
    stranger_since: Floats
    """Since when it has been too far from the pinned markets of its asset; NaN if it is not."""


@dataclass(frozen=True, slots=True)
class Groups:
    """One element per group, and a last one that votes for nothing."""

    value: Floats
    weight: Floats
    """0 where no market of the operator counts."""
    spread: Floats
    width: Floats
    """Relative half width of the conversion."""
    stamp: Floats
    """Of the operator's newest live quote; -inf without one."""


def read_entries(stage: Stage, inputs: Inputs, conversion: Conversion, memory: Memory) -> Entries:
    """Every market's vote."""
    market, other = stage.market, stage.other
    factor = conversion.factor.take(other)
    value = factor + stage.sign * (inputs.log_price.take(market) + stage.log_unit)
    volume = _size(stage, inputs) * np.exp(conversion.factor).take(other)
    stamp = inputs.stamp.take(market)
    age = np.maximum(memory.now - stamp, 0.0)
    faded = np.exp2(-np.maximum(age - stage.fresh, 0.0) / stage.half_life)
    in_time, approved = age <= stage.age_max, memory.approved.take(market)
    live = in_time & np.isfinite(value) & stage.open & approved
    old_unit = old_units(stage, value, memory.good, memory.old_units)
    live &= ~old_unit
    stranger_since = _strangers(stage, value, live, memory)
    stranger = np.isfinite(stranger_since)
    live &= ~stranger
    distrusted = memory.distrusted.take(market)
    believed = np.where(distrusted, 0.0, volume)
    weight = np.sqrt(np.fmax(believed, VOLUME_MIN)) * faded * inputs.tightness.take(market)
    flags = stage.standing_flags | inputs.flags.take(market)
    for where, flag in (
        (~in_time & np.isfinite(stamp), Flag.STALE_SOURCE),
        (~np.isfinite(factor), Flag.CONVERSION_SUSPECT),
        (~approved, Flag.PROBATION),
        (old_unit, Flag.UNIT_MISMATCH),
        (stranger, Flag.IDENTITY_CONFLICT),
        (distrusted, Flag.VOLUME_SUSPECT),
    ):
        flags |= where * np.uint32(flag)
    weight = np.where(live, weight, 0.0)
    return Entries(value, stamp, weight, volume, believed, live, flags, stranger_since)


def group(stage: Stage, inputs: Inputs, conversion: Conversion, entries: Entries) -> Groups:
    """Each operator's vote: its only market's, or the weighted median of its markets'."""
    live = entries.live
    spread = np.where(live, inputs.spread_known.take(stage.market), np.inf)
    width = np.where(live, conversion.confidence.take(stage.other), 0.0)
    stamp = np.where(live, entries.stamp, -np.inf)
    crowd = np.append(entries.weight, 0.0).take(stage.crowd.at)

    def fold(column: Floats, nobody: float, together: Callable[[Floats], Floats]) -> Floats:
        folded = np.append(column.take(stage.first), nobody)
        if len(stage.crowd.owner):
            several = np.append(column, nobody).take(stage.crowd.at)
            folded[stage.crowd.owner] = together(several)
        return folded

    return Groups(
        value=fold(entries.value, np.nan, lambda values: median(values, crowd)),
        weight=fold(entries.weight, 0.0, np.maximum.reduce),
        spread=fold(spread, np.inf, np.minimum.reduce),
        width=fold(width, 0.0, np.maximum.reduce),
        stamp=fold(stamp, -np.inf, np.maximum.reduce),
    )


def _size(stage: Stage, inputs: Inputs) -> Floats:
    """24 h volume in units of the side that converts."""
    turnover = inputs.turnover.take(stage.market)
    if stage.upright is None:
        return turnover
    return np.where(stage.upside_down, inputs.volume.take(stage.market), turnover)


def _strangers(stage: Stage, value: Floats, live: Mask, memory: Memory) -> Floats:
    """S0: since when each unpinned entry has been far from the pinned ones of its asset.

    While those are silent, whoever was far for long enough stays what it is.
    """
    pins = stage.pins
    if not len(pins.owner):
        return np.full(len(value), np.nan)
    pinned, has_pins = np.full(len(stage.assets), np.nan), np.zeros(len(stage.assets), dtype=bool)
    has_pins[pins.owner] = True
    pinned[pins.owner] = median(
        np.append(value, np.nan).take(pins.at), np.append(live, False).take(pins.at) * 1.0
    )
    distance = np.where(live & ~stage.pinned, np.abs(value - pinned.take(stage.asset_of)), np.nan)
    since = memory.stranger_since.take(stage.market)
    far = np.where(
        distance > CONFLICT + ROUNDING, np.where(np.isnan(since), memory.now, since), np.nan
    )
    lasted = (memory.now - since >= CONFLICT_STAYS) & has_pins.take(stage.asset_of)
    stays = np.where(lasted, since, np.nan)
    return np.where(np.isnan(distance), stays, far)


def shares_of(stage: Stage, entries: Entries, group_share: Floats) -> Floats:
    """An operator's share divided over its markets in proportion to their weights.

    `group_share` has one element per group and a last one for nobody.
    """
    share = group_share.take(stage.group)
    share[~entries.live] = 0.0
    if len(stage.crowd.owner):
        weight = np.append(entries.weight, 0.0).take(stage.crowd.at)
        part = np.append(share, 0.0)
        part[stage.crowd.at] = shares(weight) * group_share.take(stage.crowd.owner)
        share = part[:-1]
    return share
