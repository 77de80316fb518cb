"""Who was left out of a price, by which rule, by how much."""

from collections.abc import Iterable, Sequence
from math import exp, isnan, nan

import numpy as np

from app.market.ballots import CONFLICT
from app.market.index import Cycle
from app.market.probation import TRIAL
from app.market.receipt.ballot import Ballot
from app.market.receipt.shape import Rejection
from app.market.stage import Stage
from app.market.tally import Tally
from app.market.units import OLD_UNIT_WIDTH
from app.market.verdict import FLAG_SENTENCE, Flag

NOTHING = (nan, nan, "")
"""Measured, threshold and unit where a rule measures nothing."""

NEVER = "Has not sent a price yet."
NOT_NEEDED = "Older than twice τ0, while three operators are fresher."

_RULES: tuple[tuple[Flag, str], ...] = (
    (Flag.DISABLED, "S0"),
    (Flag.RESTRICTED_MARKET, "S10"),
    (Flag.PREMIUM_MARKET, "S10"),
    (Flag.PROBATION, "S0"),
    (Flag.CONVERSION_SUSPECT, "S2"),
    (Flag.UNIT_MISMATCH, "S9"),
    (Flag.IDENTITY_CONFLICT, "S0"),
    (Flag.OUTLIER_EXCLUDED, "S4"),
    (Flag.STALE_SOURCE, "S3"),
    (Flag.INVALID_INPUT, "S1"),
)
"""The first of these that a market carries is the reason for which it was left out."""


def rejections_of(
    cycle: Cycle, found: Tally | None, place: int, ballots: Sequence[Ballot]
) -> tuple[Rejection, ...]:
    """Markets without a vote, and those whose vote did not survive the gate."""
    if found is None:
        return ()
    left_out = (b for b in ballots if not b.share > 0 or Flag.OUTLIER_EXCLUDED in b.flags)
    return tuple(_rejections(_Scale(cycle, found, place), left_out))


def _rejections(scale: "_Scale", ballots: Iterable[Ballot]) -> Iterable[Rejection]:
    cycle = scale.cycle
    votes = cycle.votes()
    for ballot in ballots:
        market = cycle.layout.registry.markets[ballot.market]
        raw, updated = float(votes.raw[ballot.market]), float(votes.updated[ballot.market])
        flag, rule, reason = _reason(ballot, scale, silent=isnan(raw))
        measured, threshold, unit = NOTHING if isnan(raw) else scale.measure(flag, ballot)
        yield Rejection(
            venue=market.venue,
            operator=market.operator,
            symbol=market.symbol,
            raw=raw,
            price=ballot.price,
            age=max(0.0, cycle.now - updated),
            rule=rule,
            flag=flag.name.lower() if flag.name else "",
            reason=reason,
            measured=measured,
            threshold=threshold,
            unit=unit,
        )


def _reason(ballot: Ballot, scale: "_Scale", *, silent: bool) -> tuple[Flag, str, str]:
    """The flag that decided, its rule and a sentence."""
    standing = Flag.DISABLED | Flag.RESTRICTED_MARKET | Flag.PREMIUM_MARKET
    if silent and not ballot.flags & standing:
        return Flag.INVALID_INPUT, "S1", NEVER
    for flag, rule in _RULES:
        if flag in ballot.flags:
            idle = flag is Flag.STALE_SOURCE and scale.in_time(ballot)
            return flag, rule, NOT_NEEDED if idle else FLAG_SENTENCE[flag]
    return Flag.STALE_SOURCE, "S3", FLAG_SENTENCE[Flag.STALE_SOURCE]


class _Scale:
    """What each rule measured of a market, and what it would have let pass."""

    def __init__(self, cycle: Cycle, found: Tally, place: int) -> None:
        self.cycle, self._found, self._place = cycle, found, place
        self._stage: Stage = found.stage

    def in_time(self, ballot: Ballot) -> bool:
        """Whether the market's quote is young enough to count at all."""
        return self._age(ballot) <= float(self._stage.age_max[ballot.row])

    def measure(self, flag: Flag, ballot: Ballot) -> tuple[float, float, str]:
        """Measured, threshold and unit of the rule behind the flag."""
        if flag is Flag.OUTLIER_EXCLUDED:
            gate = float(self._found.result.gate[self._place])
            return abs(float(np.expm1(self._distance(ballot)))), float(np.expm1(gate)), "share"
        if flag is Flag.UNIT_MISMATCH:
            return exp(self._distance(ballot)), exp(OLD_UNIT_WIDTH), "ratio"
        if flag is Flag.IDENTITY_CONFLICT:
            return exp(abs(self._distance(ballot))), exp(CONFLICT), "ratio"
        if flag is Flag.PROBATION:
            return float(self.cycle.before.tried[ballot.market]), TRIAL, "s"
        if flag is Flag.STALE_SOURCE:
            limits = self._stage
            idle = 2 * float(limits.fresh[ballot.row])
            most = idle if self.in_time(ballot) else float(limits.age_max[ballot.row])
            return self._age(ballot), most, "s"
        return NOTHING

    def _age(self, ballot: Ballot) -> float:
        return max(0.0, self.cycle.now - float(self._found.entries.stamp[ballot.row]))

    def _distance(self, ballot: Ballot) -> float:
        """ln of the market's price over what the votes say."""
        value = float(self._found.entries.value[ballot.row])
        return value - float(self._found.result.median[self._place])
