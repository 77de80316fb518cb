"""S2 and S3: the markets of one stage → one ballot per operator and asset."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.market import tiers
from app.market.inputs import Inputs
from app.market.layout import Stage
from app.market.verdict import Flag
from app.market.weighted import grouped_median

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Bits = NDArray[np.uint32]

VOLUME_MIN = 1.0
"""USD; a market counts at least as if it traded this much."""

FRESH_QUORUM = 3
"""So many operators within twice the fresh age make older ones unnecessary."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """What assets of earlier stages are worth: ln USD and relative half width, per asset."""

    factor: Floats
    confidence: Floats
    implied: Floats


@dataclass(frozen=True, slots=True)
class Entries:
    """One element per entry of a stage."""

    value: Floats
    """ln of the price in USD; NaN where it cannot be converted."""
    stamp: Floats
    weight: Floats
    """Before the cap; 0 where it does not count."""
    volume: Floats
    """24 h volume in USD."""
    live: Mask
    """Fresh enough, converted and allowed to count."""
    counted: Mask
    """Live, and not made unnecessary by fresher operators."""
    flags: Bits


@dataclass(frozen=True, slots=True)
class Ballots:
    """One element per ballot, sorted by asset; those of operators and implied ones together."""

    asset: Ints
    """Position in the stage's assets."""
    value: Floats
    weight: Floats
    spread: Floats
    width: Floats
    """Relative half width of the conversion."""
    group: Ints
    """Group of the operator; -1 for an implied vote."""


def read_entries(
    stage: Stage, inputs: Inputs, conversion: Conversion, *, now: float
) -> tuple[Entries, Ints]:
    """Every market's vote, and the groups that vote, ascending."""
    market, other = stage.market, stage.other
    factor = conversion.factor.take(other)
    value = factor + stage.sign * (inputs.log_price.take(market) + stage.log_unit)
    volume = _size(stage, inputs) * np.exp(conversion.factor).take(other)
    stamp = inputs.stamp.take(market)
    age = np.maximum(now - stamp, 0.0)
    faded = np.exp2(-np.maximum(age - stage.fresh, 0.0) / stage.half_life)
    in_time = age <= stage.age_max
    converted = np.isfinite(factor)
    live = in_time & np.isfinite(value) & stage.counts
    voting = _voting(stage, np.where(live, age, np.inf))
    counted = live & voting.take(stage.group)
    weight = np.sqrt(np.fmax(volume, VOLUME_MIN)) * faded * inputs.tightness.take(market)
    flags = (
        stage.standing_flags
        | _bits(~in_time & np.isfinite(stamp) | live & ~counted, Flag.STALE_SOURCE)
        | _bits(~converted, Flag.CONVERSION_SUSPECT)
        | inputs.flags.take(market)
    )
    entries = Entries(value, stamp, np.where(counted, weight, 0.0), volume, live, counted, flags)
    return entries, np.flatnonzero(voting)


def cast(
    stage: Stage, inputs: Inputs, conversion: Conversion, entries: Entries, voting: Ints
) -> Ballots:
    """One ballot for each voting group, and one for each asset with an implied price."""
    spread = np.where(entries.counted, inputs.spread_known.take(stage.market), np.inf)
    width = np.where(entries.counted, conversion.confidence.take(stage.other), 0.0)
    start = stage.group_start
    operators = Ballots(
        asset=stage.group_asset.take(voting),
        value=_group_values(stage, entries).take(voting),
        weight=np.maximum.reduceat(entries.weight, start).take(voting) if len(start) else width,
        spread=np.minimum.reduceat(spread, start).take(voting) if len(start) else spread,
        width=np.maximum.reduceat(width, start).take(voting) if len(start) else width,
        group=voting,
    )
    return _joined(operators, conversion.implied.take(stage.assets))


def _joined(ballots: Ballots, implied: Floats) -> Ballots:
    """The same with one ballot more for each asset that has an implied price."""
    asset = np.flatnonzero(np.isfinite(implied))
    if not len(asset):
        return ballots
    count = np.bincount(ballots.asset, minlength=len(implied))
    total = np.bincount(ballots.asset, weights=ballots.weight, minlength=len(implied))
    mean = np.where(count > 0, total / np.maximum(count, 1), 1.0)
    nothing = np.zeros(len(asset))
    everyone = np.concatenate([ballots.asset, asset])
    order = np.argsort(everyone, kind="stable")
    return Ballots(
        everyone[order],
        np.concatenate([ballots.value, implied[asset]])[order],
        np.concatenate([ballots.weight, mean[asset]])[order],
        np.concatenate([ballots.spread, nothing])[order],
        np.concatenate([ballots.width, nothing])[order],
        np.concatenate([ballots.group, np.full(len(asset), -1)])[order],
    )


def _size(stage: Stage, inputs: Inputs) -> Floats:
    """24 h volume in units of the side that converts."""
    turnover = inputs.turnover.take(stage.market)
    if not stage.upside_down.any():
        return turnover
    return np.where(stage.upside_down, inputs.volume.take(stage.market), turnover)


def _voting(stage: Stage, age: Floats) -> Mask:
    """Groups with a live market, without the older ones where enough are fresh."""
    if not len(stage.group_asset):
        return np.zeros(0, dtype=bool)
    youngest = np.minimum.reduceat(age, stage.group_start)
    fresh = youngest <= 2 * stage.fresh.take(stage.group_start)
    count = np.bincount(stage.group_asset, weights=fresh, minlength=len(stage.assets))
    enough = count >= FRESH_QUORUM
    return np.isfinite(youngest) & (fresh | ~enough.take(stage.group_asset))


def _group_values(stage: Stage, entries: Entries) -> Floats:
    """Each operator's price: its only market's, or the weighted median of its markets'."""
    value = entries.value.take(stage.group_start)
    crowded = stage.crowded[entries.counted.take(stage.crowded)]
    if len(crowded):
        group = stage.group.take(crowded)
        median = grouped_median(
            group, entries.value.take(crowded), entries.weight.take(crowded), groups=len(value)
        )
        value[group] = median.take(group)
    return value


def _bits(where: Mask, flag: Flag) -> Bits:
    return where.astype(np.uint32) * np.uint32(flag)


def tier_limits(tier: NDArray[np.int8]) -> tuple[Floats, Floats]:
    """Least and greatest gate of assets of these tiers."""
    return tiers.GATE_MIN.take(tier), tiers.GATE_MAX.take(tier)
