"""Every constant of the method under the rule that uses it, as readers get them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Final, Literal

from app.market import (
    ballots,
    breaker,
    crosscheck,
    election,
    index,
    inputs,
    jumps,
    pegs,
    probation,
    quorum,
    quotes,
    stats,
    supply,
    trust,
    units,
    weighted,
)

Unit = Literal["s", "days", "share", "ln", "USD", "count"]
"""A share is a fraction, 0.01 is 1 %; ln is the logarithm of a factor between two prices."""


@dataclass(frozen=True, slots=True)
class Number:
    """One constant of the method."""

    name: str
    """Module and name in `app/market`."""
    value: float
    unit: Unit
    meaning: str


def _of(module: ModuleType, name: str, unit: Unit, meaning: str) -> Number:
    full = f"{module.__name__.rpartition('.')[2]}.{name}"
    return Number(full, getattr(module, name), unit, meaning)


NUMBERS: Final[Mapping[str, tuple[Number, ...]]] = {
    "S0": (
        _of(probation, "TRIAL", "s", "observation that a new mapping needs"),
        _of(probation, "AGREEMENT", "ln", "distance from the index that still agrees"),
        _of(probation, "AGREED", "share", "part of the time in which it must have agreed"),
        _of(probation, "OBSERVED_MAX", "s", "most time between two cycles that is observed"),
        _of(ballots, "CONFLICT", "ln", "distance from pinned markets beyond which it is another"),
        _of(
            ballots,
            "CONFLICT_STAYS",
            "s",
            "time after which it stays so while pinned ones are silent",
        ),
    ),
    "S1": (
        _of(quotes, "PRICE_MIN", "count", "price that is too small to be one"),
        _of(quotes, "PRICE_MAX", "count", "price that is too large to be one"),
        _of(quotes, "SKEW_MAX", "s", "how far a venue's clock may be ahead"),
        _of(inputs, "BOOK_LAG_MAX", "s", "how much older than the last trade a book may be"),
    ),
    "S3": (
        _of(inputs, "SPREAD_FULL", "share", "spread above which weight is lost"),
        _of(ballots, "VOLUME_MIN", "USD", "24 h volume that a market counts as at least"),
        _of(election, "FRESH_QUORUM", "count", "fresh operators that make older ones unnecessary"),
        _of(weighted, "CAP_TOTAL", "share", "part of the vote that the largest f may hold"),
        _of(weighted, "FAULTS_MAX", "count", "most operators assumed to lie"),
    ),
    "S4": (_of(election, "GATE_WIDTH", "count", "width of the gate in median deviations"),),
    "S5": (
        _of(election, "SPREAD_VOTE_MIN", "share", "least distance of an operator's outer votes"),
    ),
    "S6": (
        _of(quorum, "SURVIVORS_MIN", "count", "surviving votes for ok"),
        _of(quorum, "SURVIVING_MIN", "share", "part of the vote that they hold"),
        _of(index, "HELD_MAX", "count", "times age_max after which a price is withdrawn"),
    ),
    "S7": (
        _of(jumps, "CONFIRMING", "count", "surviving operators that confirm a jump"),
        _of(election, "TICKED", "s", "time within which they must have quoted anew"),
        _of(jumps, "CONFIRMING_SHARE", "share", "part of the surviving vote that they must hold"),
    ),
    "S8": (
        _of(pegs, "WATCH_OFF", "share", "distance from the peg that is watched"),
        _of(pegs, "WATCH_SECONDS", "s", "time after which that is said"),
        _of(pegs, "DEPEG_OFF", "share", "distance from the peg that is a depeg"),
        _of(pegs, "DEPEG_SECONDS", "s", "time after which that is said"),
        _of(pegs, "DEPEG_OPERATORS", "count", "operators that must say so"),
    ),
    "S9": (
        _of(units, "SLIP_WIDTH", "ln", "distance from a power of ten that is a slip of units"),
        _of(units, "OLD_UNIT_WIDTH", "ln", "distance from the old unit's price"),
        _of(units, "OLD_UNIT_DAYS", "days", "time in which a venue may be found on the old unit"),
    ),
    "S11": (
        _of(supply, "STEP_MAX", "share", "step of a supply that one source may make alone"),
        _of(supply, "AGREEMENT", "share", "difference between two sources that agree"),
        _of(supply, "OBSERVATION_AGE_MAX", "s", "silence after which a source does not count"),
        _of(supply, "ORDER_TOLERANCE", "share", "by which circulating may exceed total"),
        _of(supply, "SMALLEST", "count", "units below which a supply is junk"),
        _of(supply, "LARGEST", "count", "units above which a supply is junk"),
        _of(stats, "RANKED_OPERATORS", "count", "operators that must list a ranked asset"),
        _of(stats, "RANKED_VOLUME", "USD", "24 h volume of a ranked asset"),
    ),
    "S12": (
        _of(quorum, "THIN_VOLUME", "USD", "24 h volume below which trade is thin"),
        _of(trust, "SIGNS_MIN", "count", "signs that make a volume suspicious"),
        _of(trust, "TURNS_MAX", "count", "times its book's depth that a volume may be"),
        _of(trust, "DEPTH_REACH", "share", "distance from the middle that counts as depth"),
        _of(trust, "RISE_MIN", "share", "rise of a volume without a trade that is a sign"),
        _of(trust, "OPERATOR_MAX", "share", "part of all trade at one operator that is a sign"),
        _of(trust, "BENFORD_MAX", "count", "chi-square of first digits that is a sign"),
        _of(trust, "TRADES_MIN", "count", "trades that their first digits need to tell"),
        _of(trust, "LOOK_AGE_MAX", "s", "age beyond which a look at a market tells nothing"),
    ),
    "S13": (
        _of(breaker, "FAR", "ln", "distance from the last 24 h that needs more operators"),
        _of(stats, "USUAL_HOURS", "count", "known hours of these 24 that it takes to tell"),
        _of(stats, "USUAL_MINUTES", "count", "known minutes of the last hour that do instead"),
        _of(breaker, "AGREEING", "count", "surviving operators that publish it at once"),
        _of(breaker, "AGREEING_LATER", "count", "the same once it was held for age_max"),
        _of(crosscheck, "CLOSE", "ln", "distance of a fiat, stable or major price that fails"),
        _of(crosscheck, "WIDE", "ln", "distance of a mid or tail price that fails"),
        _of(crosscheck, "REFERENCE_AGE_MAX", "s", "age beyond which a source does not count"),
        _of(crosscheck, "FAILURES_MAX", "count", "failures in a row that are told"),
    ),
    "S14": (_of(stats, "CONFIDENCE_MAX", "share", "confidence above which no history is made"),),
}
"""Rule → its constants, in the order in which the text uses them."""
