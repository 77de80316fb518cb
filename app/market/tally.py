"""S3 to S5: the ballots on one stage's assets: their capped median, gate and confidence."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.market.ballots import Ballots, Conversion, Entries, cast, read_entries, tier_limits
from app.market.inputs import Inputs
from app.market.layout import Stage
from app.market.verdict import Flag
from app.market.weighted import Sorted, capped_shares, grouped_median

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

SPREAD_VOTE_MIN = 1e-4
"""Least distance of the outer two of an operator's three votes on the confidence."""

GATE_WIDTH = 5.0 * 1.4826
"""The gate in median absolute deviations: five standard deviations of a normal sample."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted; all but the first three have one element per asset of the stage."""

    entries: Entries
    share: Floats
    """Part of the vote of each entry, after the cap."""
    excluded: Mask
    """Whether each group is outside the gate."""
    median: Floats
    """ln of the price; NaN without a vote."""
    confidence: Floats
    operators: Ints
    """Operators that voted."""
    voters: Ints
    """The same with an implied vote."""
    survivors: Ints
    """Voters inside the gate."""
    surviving: Floats
    """Share of the vote that they hold."""
    span: Floats
    """Distance between the highest and the lowest vote; NaN without a vote."""
    newest: Floats
    """Epoch seconds of the newest counted quote; NaN without one."""


def tally(
    stage: Stage, inputs: Inputs, conversion: Conversion, *, excluded: Mask, now: float
) -> Tally:
    """Count the votes; `excluded` says which groups were outside the gate in the last cycle."""
    entries, voting = read_entries(stage, inputs, conversion, now=now)
    ballots = cast(stage, inputs, conversion, entries, voting)
    assets = len(stage.assets)
    share = capped_shares(ballots.asset, ballots.weight, groups=assets)
    ordered = Sorted(ballots.asset, ballots.value, share, groups=assets)
    median = ordered.quantile(0.5)
    outside = _outside(stage, ballots, share, median, excluded)
    inside = np.flatnonzero(~outside)
    group_share, now_excluded = _by_group(stage, ballots, share, outside)
    _raise_outliers(stage, entries, now_excluded)
    return Tally(
        entries=entries,
        share=_entry_shares(stage, entries, group_share),
        excluded=now_excluded,
        median=median,
        confidence=_confidence(ballots, share, inside, median),
        operators=np.bincount(ballots.asset, weights=ballots.group >= 0, minlength=assets).astype(
            np.int64
        ),
        voters=np.bincount(ballots.asset, minlength=assets),
        survivors=np.bincount(ballots.asset.take(inside), minlength=assets),
        surviving=np.bincount(
            ballots.asset, weights=np.where(outside, 0.0, share), minlength=assets
        ).astype(np.float64),
        span=ordered.span(),
        newest=_newest(stage, entries),
    )


def _outside(stage: Stage, ballots: Ballots, share: Floats, median: Floats, excluded: Mask) -> Mask:
    """S4: who is beyond the gate; one that was outside returns only within half of it."""
    distance = np.abs(ballots.value - median.take(ballots.asset))
    deviation = grouped_median(ballots.asset, distance, share, groups=len(median), near_zero=True)
    gate = np.clip(GATE_WIDTH * deviation, *tier_limits(stage.tier))
    was_outside = np.zeros(len(distance), dtype=bool)
    if len(excluded):
        was_outside = excluded.take(np.maximum(ballots.group, 0)) & (ballots.group >= 0)
    return distance > gate.take(ballots.asset) * np.where(was_outside, 0.5, 1.0)


def _confidence(ballots: Ballots, share: Floats, inside: Ints, median: Floats) -> Floats:
    """S5: the wider quartile distance of three votes an operator, with the conversion's own."""
    asset, weight = ballots.asset.take(inside), share.take(inside)
    off = ballots.value.take(inside) - median.take(asset)
    half = np.maximum(ballots.spread.take(inside) / 2, SPREAD_VOTE_MIN)
    three = Sorted(
        np.repeat(asset, 3),
        np.stack([off - half, off, off + half], axis=1).ravel(),
        np.repeat(weight, 3),
        groups=len(median),
        near_zero=True,
    )
    own = np.fmax(-three.quantile(0.25), three.quantile(0.75))
    total = np.bincount(asset, weights=weight, minlength=len(median))
    width = np.bincount(asset, weights=weight * ballots.width.take(inside), minlength=len(median))
    return np.hypot(own, width / np.where(total > 0, total, 1.0))


def _by_group(stage: Stage, ballots: Ballots, share: Floats, outside: Mask) -> tuple[Floats, Mask]:
    own = np.flatnonzero(ballots.group >= 0)
    group = ballots.group.take(own)
    group_share = np.zeros(len(stage.group_asset))
    excluded = np.zeros(len(stage.group_asset), dtype=bool)
    group_share[group] = share.take(own)
    excluded[group] = outside.take(own)
    return group_share, excluded


def _entry_shares(stage: Stage, entries: Entries, group_share: Floats) -> Floats:
    """An operator's share divided over its markets in proportion to their weights."""
    total = np.bincount(stage.group, weights=entries.weight, minlength=len(group_share))
    factor = group_share / np.where(total > 0, total, 1.0)
    return entries.weight * factor.take(stage.group)


def _raise_outliers(stage: Stage, entries: Entries, excluded: Mask) -> None:
    if excluded.any():
        rows = np.flatnonzero(excluded.take(stage.group) & entries.counted)
        entries.flags[rows] |= np.uint32(Flag.OUTLIER_EXCLUDED)


def _newest(stage: Stage, entries: Entries) -> Floats:
    newest = np.full(len(stage.assets), np.nan)
    if len(stage.asset_start):
        stamp = np.where(entries.counted, entries.stamp, -np.inf)
        latest = np.maximum.reduceat(stamp, stage.asset_start)
        newest[stage.asset_seen] = np.where(np.isfinite(latest), latest, np.nan)
    return newest
