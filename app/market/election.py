"""S3 to S5: the votes on one block of assets: their capped median, gate and confidence."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.market import tiers
from app.market.ballots import Groups
from app.market.stage import Ints
from app.market.weighted import Ranked, capped_shares, count, median, total, voters

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

FRESH_QUORUM = 3
"""So many operators within twice the fresh age make older ones unnecessary."""

SPREAD_VOTE_MIN = 1e-4
"""Least distance of the outer two of an operator's three votes on the confidence."""

GATE_WIDTH = 5.0 * 1.4826
"""The gate in median absolute deviations: five standard deviations of a normal sample."""

TICKED = 10.0
"""Seconds within which an operator that has quoted anew can confirm a jump."""


class Votes(NamedTuple):
    """Matrices of the shape (seats, assets); a last row may hold the implied votes."""

    value: Floats
    weight: Floats
    """Before the cap; 0 for a seat that does not vote."""
    spread: Floats
    width: Floats
    stamp: Floats


@dataclass(frozen=True, slots=True)
class Result:
    """What was counted, one element per asset."""

    median: Floats
    """ln of the price; NaN without a vote."""
    lowest: Floats
    highest: Floats
    gate: Floats
    confidence: Floats
    operators: Ints
    """Operators that voted."""
    voters: Ints
    """The same with an implied vote."""
    survivors: Ints
    """Voters inside the gate."""
    surviving: Floats
    """Share of the vote that they hold."""
    ticking: Ints
    """Operators among them that quoted within TICKED."""
    ticking_share: Floats
    """Share of the survivors' vote that these hold."""
    newest: Floats
    """Epoch seconds of the newest counted quote; NaN without one."""


@dataclass(frozen=True, slots=True)
class Election:
    """One block's votes, what became of each, and the result."""

    votes: Votes
    share: Floats
    outside: Mask
    result: Result


def cast(seat: Ints, groups: Groups, tier: NDArray[np.int8], now: float) -> Votes:
    """The votes of the groups that have a live market, older ones only where they are needed."""
    stamp = groups.stamp.take(seat)
    fresh = stamp >= now - 2 * tiers.FRESH.take(tier)
    needed = count(fresh) < FRESH_QUORUM
    weight = np.where(fresh | needed, groups.weight.take(seat), 0.0)
    return Votes(
        groups.value.take(seat), weight, groups.spread.take(seat), groups.width.take(seat), stamp
    )


def with_implied(votes: Votes, implied: Floats) -> Votes:
    """The same with a row for what BTC and ETH say; it weighs as much as the mean of the others."""
    known = np.isfinite(implied)
    voting = voters(votes.weight)
    mean = np.where(voting > 0, total(votes.weight) / np.maximum(voting, 1), 1.0)
    nothing = np.zeros(len(implied))
    never = np.full(len(implied), -np.inf)
    row = Votes(implied, np.where(known, mean, 0.0), nothing, nothing, never)
    return Votes(*(np.vstack(pair) for pair in zip(votes, row, strict=True)))


def elect(votes: Votes, was_outside: Mask, tier: NDArray[np.int8], now: float) -> Election:
    """Count the votes; `was_outside` has a row for each of the operators' seats."""
    share = capped_shares(votes.weight)
    ranked = Ranked(votes.value, share)
    middle = ranked.quantile(0.5)
    distance = np.abs(votes.value - middle)
    deviation = GATE_WIDTH * median(distance, share)
    gate = np.clip(deviation, tiers.GATE_MIN.take(tier), tiers.GATE_MAX.take(tier))
    outside = _outside(distance, share, gate, was_outside)
    inside = np.where(outside, 0.0, share)
    operators = slice(len(was_outside))
    voting = share[operators] > 0
    ticking = (inside[operators] > 0) & (votes.stamp[operators] >= now - TICKED)
    newest = np.where(voting, votes.stamp[operators], -np.inf).max(axis=0, initial=-np.inf)
    surviving = total(inside)
    result = Result(
        median=middle,
        lowest=ranked.lowest(),
        highest=ranked.highest(),
        gate=gate,
        confidence=_confidence(votes, inside, middle),
        operators=count(voting),
        voters=voters(share),
        survivors=voters(inside),
        surviving=surviving,
        ticking=count(ticking),
        ticking_share=total(np.where(ticking, inside[operators], 0.0))
        / np.where(surviving > 0, surviving, 1.0),
        newest=np.where(np.isfinite(newest), newest, np.nan),
    )
    return Election(votes, share, outside, result)


def _outside(distance: Floats, share: Floats, gate: Floats, was_outside: Mask) -> Mask:
    """S4: who is beyond the gate; one that was outside returns only within half of it."""
    outside = (share > 0) & (distance > gate)
    if was_outside.any():
        seats = slice(len(was_outside))
        outside[seats] |= was_outside & (share[seats] > 0) & (distance[seats] > 0.5 * gate)
    return outside


def _confidence(votes: Votes, inside: Floats, middle: Floats) -> Floats:
    """S5: the wider quartile distance of three votes an operator, with the conversion's own."""
    off = votes.value - middle
    half = np.maximum(0.5 * votes.spread, SPREAD_VOTE_MIN)
    three = Ranked(np.concatenate([off - half, off, off + half]), np.tile(inside, (3, 1)))
    own = np.fmax(-three.quantile(0.25), three.quantile(0.75))
    whole = total(inside)
    width = total(inside * votes.width) / np.where(whole > 0, whole, 1.0)
    return np.hypot(own, width)
