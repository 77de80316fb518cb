"""S3 to S5: the operators' votes on one stage's assets, their median, gate and confidence."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.market import tiers
from app.market.inputs import Inputs
from app.market.layout import Stage
from app.market.registry import Registry
from app.market.verdict import Flag, raise_flag
from app.market.weighted import Sorted, capped_shares, grouped_median

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

SPREAD_FULL = 0.02
"""A spread wider than this costs weight in proportion."""

SPREAD_VOTE_MIN = 1e-4
"""Half the least distance between an operator's three votes on the confidence."""

VOLUME_MIN = 1.0
"""USD; a market counts at least as if it traded this much."""

FRESH_QUORUM = 3
"""So many operators within twice the fresh age make older ones unnecessary."""

GATE_WIDTH = 5.0 * 1.4826
"""The gate in median absolute deviations: five standard deviations of a normal sample."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """What assets of earlier stages are worth: ln USD and relative half width, per asset."""

    factor: Floats
    confidence: Floats
    implied: Floats


@dataclass(frozen=True, slots=True)
class Tally:
    """One stage's votes; the first five have one element per entry, `excluded` one per group."""

    value: Floats
    """ln of the price in USD; NaN where it cannot be converted."""
    live: Mask
    share: Floats
    """Part of the vote, after the cap."""
    volume: Floats
    """24 h volume in USD."""
    flags: NDArray[np.uint32]
    excluded: Mask
    median: Floats
    confidence: Floats
    operators: Ints
    """Operators that voted on each asset."""
    voters: Ints
    """The same with an implied vote."""
    survivors: Ints
    surviving: Floats
    """Share of the vote that the survivors hold."""
    span: Floats
    """Distance between the highest and the lowest vote."""
    newest: Floats
    """Epoch seconds of the newest live quote."""


@dataclass(frozen=True, slots=True)
class _Entries:
    value: Floats
    stamp: Floats
    weight: Floats
    volume: Floats
    spread: Floats
    width: Floats
    age: Floats
    live: Mask
    flags: NDArray[np.uint32]


def tally(
    stage: Stage,
    inputs: Inputs,
    registry: Registry,
    conversion: Conversion,
    *,
    excluded: Mask,
    now: float,
) -> Tally:
    """Count the votes; `excluded` says which groups were outside the gate in the last cycle."""
    entries = _entries(stage, inputs, registry, conversion, now=now)
    groups = len(stage.group_asset)
    tier = registry.tier[stage.assets]
    voting = _voting_groups(stage, entries, tier)
    counted = entries.live & voting[stage.group]
    asset = stage.group_asset[voting]
    value = _group_values(stage, entries, counted, groups=groups)[voting]
    weight = _group_max(stage, np.where(counted, entries.weight, 0.0), groups=groups)
    votes = _Votes(
        asset=asset,
        value=value,
        weight=weight[voting],
        spread=_group_min(stage, np.where(counted, entries.spread, np.inf), groups=groups)[voting],
        width=_group_max(stage, np.where(counted, entries.width, 0.0), groups=groups)[voting],
    ).joined_by(conversion.implied[stage.assets])
    result = _count(votes, tier, excluded[voting], real=len(asset))
    return _assembled(stage, entries, counted, voting, weight, votes, result)


@dataclass(frozen=True, slots=True)
class _Votes:
    """One vote per operator and asset, sorted by asset except for implied ones at the end."""

    asset: Ints
    value: Floats
    weight: Floats
    spread: Floats
    width: Floats

    def joined_by(self, implied: Floats) -> "_Votes":
        """The same with one vote more for each asset that has an implied price."""
        asset = np.flatnonzero(np.isfinite(implied))
        if not len(asset):
            return self
        count = np.bincount(self.asset, minlength=len(implied))
        total = np.bincount(self.asset, weights=self.weight, minlength=len(implied))
        mean = np.where(count > 0, total / np.maximum(count, 1), 1.0)
        nothing = np.zeros(len(asset))
        return _Votes(
            np.concatenate([self.asset, asset]),
            np.concatenate([self.value, implied[asset]]),
            np.concatenate([self.weight, mean[asset]]),
            np.concatenate([self.spread, nothing]),
            np.concatenate([self.width, nothing]),
        )


@dataclass(frozen=True, slots=True)
class _Count:
    share: Floats
    outside: Mask
    median: Floats
    confidence: Floats
    survivors: Ints
    surviving: Floats


def _count(votes: _Votes, tier: NDArray[np.int8], was_excluded: Mask, *, real: int) -> _Count:
    assets = len(tier)
    share = capped_shares(votes.asset, votes.weight, groups=assets)
    median = grouped_median(votes.asset, votes.value, share, groups=assets)
    distance = np.abs(votes.value - median[votes.asset])
    deviation = grouped_median(votes.asset, distance, share, groups=assets)
    gate = np.clip(GATE_WIDTH * deviation, tiers.GATE_MIN[tier], tiers.GATE_MAX[tier])
    was = np.zeros(len(votes.asset), dtype=bool)
    was[:real] = was_excluded
    outside = distance > np.where(was, 0.5, 1.0) * gate[votes.asset]
    inside = ~outside
    return _Count(
        share,
        outside,
        median,
        _confidence(votes, share, inside, median),
        np.bincount(votes.asset[inside], minlength=assets),
        np.bincount(votes.asset[inside], share[inside], minlength=assets).astype(np.float64),
    )


def _confidence(votes: _Votes, share: Floats, inside: Mask, median: Floats) -> Floats:
    """S5: the wider quartile distance of three votes an operator, with the conversion's own."""
    asset, value, weight = votes.asset[inside], votes.value[inside], share[inside]
    half = np.fmax(votes.spread[inside] / 2, SPREAD_VOTE_MIN)
    three = Sorted(
        np.concatenate([asset, asset, asset]),
        np.concatenate([value - half, value, value + half]),
        np.concatenate([weight, weight, weight]),
        groups=len(median),
    )
    own = np.fmax(median - three.quantile(0.25), three.quantile(0.75) - median)
    total = np.bincount(asset, weights=weight, minlength=len(median))
    width = np.bincount(asset, weights=weight * votes.width[inside], minlength=len(median))
    return np.hypot(own, width / np.where(total > 0, total, 1.0))


def _entries(
    stage: Stage, inputs: Inputs, registry: Registry, conversion: Conversion, *, now: float
) -> _Entries:
    market, other = stage.market, stage.other
    price, stamp = inputs.price[market], inputs.stamp[market]
    spread = inputs.spread[market]
    factor = conversion.factor[other]
    sign = np.where(stage.upside_down, -1.0, 1.0)
    value = factor + sign * np.log(price * registry.per_unit[market])
    size = np.where(stage.upside_down, inputs.volume[market], inputs.turnover[market])
    volume = size * np.exp(factor)
    tier = registry.tier[stage.assets][stage.group_asset[stage.group]]
    age = np.fmax(now - stamp, 0.0)
    faded = 0.5 ** (np.fmax(age - tiers.FRESH[tier], 0.0) / tiers.HALF_LIFE[tier])
    tight = np.fmin(1.0, SPREAD_FULL / np.where(spread > 0, spread, SPREAD_FULL))
    too_old = ~(age <= tiers.AGE_MAX[tier])
    live = np.isfinite(value) & ~too_old & registry.counts[market]
    flags = registry.standing_flags[market].copy()
    raise_flag(flags, too_old & np.isfinite(stamp), Flag.STALE_SOURCE)
    raise_flag(flags, ~np.isfinite(factor), Flag.CONVERSION_SUSPECT)
    raise_flag(flags, inputs.invalid[market], Flag.INVALID_INPUT)
    raise_flag(flags, inputs.skewed[market], Flag.CLOCK_SKEW)
    weight = np.sqrt(np.fmax(np.nan_to_num(volume), VOLUME_MIN)) * faded * tight
    width = conversion.confidence[other]
    return _Entries(value, stamp, weight, volume, spread, width, age, live, flags)


def _voting_groups(stage: Stage, entries: _Entries, tier: NDArray[np.int8]) -> Mask:
    """Groups with a live market, without the older ones where enough are fresh."""
    groups, assets = len(stage.group_asset), len(stage.assets)
    age = _group_min(stage, np.where(entries.live, entries.age, np.inf), groups=groups)
    live = np.isfinite(age)
    fresh = age <= 2 * tiers.FRESH[tier[stage.group_asset]]
    enough = np.bincount(stage.group_asset[fresh], minlength=assets) >= FRESH_QUORUM
    return live & (fresh | ~enough[stage.group_asset])


def _group_values(stage: Stage, entries: _Entries, counted: Mask, *, groups: int) -> Floats:
    """Each operator's price: its only market's, or the weighted median of its markets'."""
    value = np.full(groups, np.nan)
    value[stage.group[counted]] = entries.value[counted]
    crowded = stage.crowded[counted[stage.crowded]]
    if len(crowded):
        group = stage.group[crowded]
        median = grouped_median(
            group, entries.value[crowded], entries.weight[crowded], groups=groups
        )
        value[group] = median[group]
    return value


def _group_min(stage: Stage, values: Floats, *, groups: int) -> Floats:
    if not groups:
        return values
    return np.fmin.reduceat(values, stage.group_start)


def _group_max(stage: Stage, values: Floats, *, groups: int) -> Floats:
    if not groups:
        return values
    return np.fmax.reduceat(values, stage.group_start)


def _assembled(
    stage: Stage,
    entries: _Entries,
    counted: Mask,
    voting: Mask,
    group_weight: Floats,
    votes: _Votes,
    result: _Count,
) -> Tally:
    assets, groups, real = len(stage.assets), len(stage.group_asset), int(voting.sum())
    excluded = np.zeros(groups, dtype=bool)
    excluded[voting] = result.outside[:real]
    group_share = np.zeros(groups)
    group_share[voting] = result.share[:real]
    in_group = np.bincount(
        stage.group, weights=np.where(counted, entries.weight, 0.0), minlength=groups
    )
    part = (
        np.where(counted, entries.weight, 0.0) / np.where(in_group > 0, in_group, 1.0)[stage.group]
    )
    flags = entries.flags
    raise_flag(flags, entries.live & ~counted, Flag.STALE_SOURCE)
    raise_flag(flags, counted & excluded[stage.group], Flag.OUTLIER_EXCLUDED)
    owner = stage.group_asset[stage.group]
    return Tally(
        value=entries.value,
        live=entries.live,
        share=group_share[stage.group] * part,
        volume=entries.volume,
        flags=flags,
        excluded=excluded,
        median=result.median,
        confidence=result.confidence,
        operators=np.bincount(votes.asset[:real], minlength=assets),
        voters=np.bincount(votes.asset, minlength=assets),
        survivors=result.survivors,
        surviving=result.surviving,
        span=_span(votes, assets=assets),
        newest=_newest(owner[counted], entries.stamp[counted], assets=assets),
    )


def _span(votes: _Votes, *, assets: int) -> Floats:
    highest, lowest = np.full(assets, -np.inf), np.full(assets, np.inf)
    np.maximum.at(highest, votes.asset, votes.value)
    np.minimum.at(lowest, votes.asset, votes.value)
    return np.fmax(highest - lowest, 0.0)


def _newest(asset: Ints, stamp: Floats, *, assets: int) -> Floats:
    newest = np.full(assets, -np.inf)
    np.maximum.at(newest, asset, stamp)
    return np.where(np.isfinite(newest), newest, np.nan)
