"""One stage counted: every market's vote, every operator's, and the result for each asset."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from app.market.ballots import Conversion, Entries, Groups, Memory, group, read_entries, shares_of
from app.market.election import Election, Result, cast, elect, with_implied
from app.market.inputs import Inputs
from app.market.stage import Block, Ints, Stage
from app.market.units import slipped
from app.market.verdict import Flag

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted in one stage."""

    stage: Stage
    entries: Entries
    share: Floats
    """Part of the vote of each entry, after the cap."""
    excluded: Ints
    """Keys of the groups outside the gate, ascending."""
    elections: tuple[Election, ...]
    """One per block."""
    result: Result
    """One element per asset of the stage."""


def tally(
    stage: Stage, inputs: Inputs, conversion: Conversion, memory: Memory, *, excluded: Ints
) -> Tally:
    """Count the votes; `excluded` are the keys of the groups that were outside the gate."""
    entries = read_entries(stage, inputs, conversion, memory)
    groups = group(stage, inputs, conversion, entries)
    was_outside = _known(stage, excluded)
    elections = tuple(
        _elect(stage, block, groups, conversion, was_outside, memory.now) for block in stage.blocks
    )
    share, outside = np.zeros(len(was_outside)), np.zeros(len(was_outside), dtype=bool)
    for block, election in zip(stage.blocks, elections, strict=True):
        seats = len(block.seat)
        share[block.seat] = election.share[:seats]
        outside[block.seat] = election.outside[:seats]
    share[-1], outside[-1] = 0.0, False
    result = _joined(elections)
    _raise_flags(stage, entries, share, outside, result)
    return Tally(
        stage=stage,
        entries=entries,
        share=shares_of(stage, entries, share),
        excluded=np.sort(stage.group_key[outside[:-1]]),
        elections=elections,
        result=result,
    )


def _elect(
    stage: Stage,
    block: Block,
    groups: Groups,
    conversion: Conversion,
    was_outside: Mask,
    now: float,
) -> Election:
    tier = stage.tier[block.assets]
    votes = cast(block.seat, groups, tier, now)
    implied = conversion.implied.take(stage.assets[block.assets])
    if np.isfinite(implied).any():
        votes = with_implied(votes, implied)
    return elect(votes, was_outside.take(block.seat), tier, now)


def _known(stage: Stage, excluded: Ints) -> Mask:
    """Whether each group was outside the gate, and a last element for nobody."""
    found = np.zeros(len(stage.group_key) + 1, dtype=bool)
    if len(excluded) and len(stage.group_key):
        order = stage.group_order
        place = np.searchsorted(stage.group_key, excluded, sorter=order)
        at = order.take(np.minimum(place, len(order) - 1))
        found[at[stage.group_key.take(at) == excluded]] = True
    return found


def _joined(elections: tuple[Election, ...]) -> Result:
    """The blocks of a stage stand in the order of its assets."""
    results = [election.result for election in elections]
    return Result(
        *(np.concatenate([getattr(each, one.name) for each in results]) for one in fields(Result))
    )


def _raise_flags(
    stage: Stage, entries: Entries, share: Floats, outside: Mask, result: Result
) -> None:
    """Entries learn that they were not needed, or that they lie outside the gate."""
    idle = np.flatnonzero(entries.live & ~(share > 0).take(stage.group))
    entries.flags[idle] |= np.uint32(Flag.STALE_SOURCE)
    if outside.any():
        rows = np.flatnonzero(outside.take(stage.group) & entries.live)
        distance = entries.value[rows] - result.median.take(stage.asset_of.take(rows))
        slip = slipped(distance) * np.uint32(Flag.UNIT_MISMATCH)
        entries.flags[rows] |= np.uint32(Flag.OUTLIER_EXCLUDED) | slip
