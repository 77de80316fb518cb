"""The rules of the method as readers get them: every number is the constant that the code uses."""

from dataclasses import dataclass
from math import exp
from typing import Final

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
from app.market.numbers import NUMBERS, Number


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the method."""

    code: str
    """S0 to S14."""
    name: str
    text: tuple[str, ...]
    """Paragraphs."""
    flags: tuple[str, ...] = ()
    """The flags that it raises, as the API spells them."""

    @property
    def numbers(self) -> tuple[Number, ...]:
        """The constants that it is made of."""
        return NUMBERS.get(self.code, ())


def share(value: float) -> str:
    """A share as people write it: 0.005 is 0.5 %."""
    return f"{value * 100:g} %"


def dollars(value: float) -> str:
    """US dollars with thousands marked."""
    return f"${value:,.0f}"


def factor(logarithm: float) -> str:
    """A distance between logarithms of prices as the factor that it is."""
    return f"{exp(logarithm):.3g}"


def _off(logarithm: float) -> float:
    return round(exp(logarithm) - 1, 9)


def _slips() -> str:
    *others, last = units.SLIPS
    return f"{', '.join(map(str, others))} or {last}"


_IDENTITY = Rule(
    code="S0",
    name="Identity",
    text=(
        "An asset is an id of ours, never a ticker. A ticker that several assets share means none"
        " of them until it is known which one a venue trades; what a venue's symbol means is kept"
        " with the dates between which it was so.",
        "A new mapping is on probation: its market is shown with weight 0 until, in"
        f" {probation.TRIAL / 60:g} min of observation, its price was within"
        f" {share(_off(probation.AGREEMENT))} of the index for {share(probation.AGREED)} of the"
        " time, or until a person approves it.",
        "A mapping that a contract address or a person has proved is pinned. An unpinned market"
        f" that is off the pinned ones by a factor above {factor(ballots.CONFLICT)} is probably"
        f" another asset, and has weight 0; after {ballots.CONFLICT_STAYS:g} s it stays so even"
        " while the pinned ones are silent. A person can also take a market out.",
    ),
    flags=("probation", "identity_conflict", "disabled"),
)

_INPUT = Rule(
    code="S1",
    name="Input",
    text=(
        "A price is a finite number above 0, and a bid is not above its ask; anything else is"
        " missing data, not a price. Repeated and older quotes are dropped. A venue's clock that"
        f" is more than {quotes.SKEW_MAX:g} s ahead of ours is not believed: our own time counts.",
        "A market's price is the median of last trade, bid and ask, so that a single trade cannot"
        f" leave the book. Without a book, or with one more than {inputs.BOOK_LAG_MAX:g} s older"
        " than the last trade, it is the last trade.",
    ),
    flags=("invalid_input", "clock_skew"),
)

_DOLLARS = Rule(
    code="S2",
    name="US dollars",
    text=(
        "Prices are converted in an order in which the other side of a book is known before it is"
        " needed: fiat, USDT, USDC, other stablecoins, BTC, ETH, then the rest. The dollar is 1;"
        " no stablecoin is assumed to be. A venue that merges dollars with a stablecoin is read"
        " as quoting in that stablecoin.",
        "A stablecoin's own markets are joined by one implied vote: what BTC and ETH cost in hard"
        " dollars, divided by what they cost in that stablecoin. A price converts others only"
        " while at least two votes stand behind it; otherwise every market quoted in it is left"
        " out.",
    ),
    flags=("conversion_suspect",),
)

_VOTES = Rule(
    code="S3",
    name="One vote per operator",
    text=(
        "Venues of one operator share a vote: the weighted median of their markets. The weight is"
        " the square root of the 24 h volume in US dollars, times an age factor, times"
        f" min(1, {share(inputs.SPREAD_FULL)} ÷ spread). The age factor is 1 up to τ0, then"
        " halves every h, and is 0 beyond age_max; age counts from the earlier of the venue's time"
        f" and ours. If {election.FRESH_QUORUM} operators are not older than 2·τ0, older ones do"
        " not vote.",
        f"With n votes, f = min(⌊(n−1)/2⌋, {weighted.FAULTS_MAX}) may lie, and no weight is above"
        f" {weighted.CAP_TOTAL:g} ÷ f. Any f operators together hold less than half of the vote,"
        " so whatever they report, the price stays between the lowest and the highest honest vote.",
    ),
    flags=("stale_source",),
)

_ESTIMATE = Rule(
    code="S4",
    name="Estimate",
    text=(
        "The price is the weighted median of all votes, on the logarithm of the price. A gate"
        f" around it is {election.GATE_WIDTH:g} median absolute deviations wide, at least g_min"
        " and at most g_max. A vote beyond it is flagged and comes back only below half of it.",
        "The gate decides on flags, quorum and confidence. The published number is the median"
        " before the gate: the median of a gate's survivors could be captured.",
    ),
    flags=("outlier_excluded",),
)

_CONFIDENCE = Rule(
    code="S5",
    name="Confidence",
    text=(
        "Each surviving operator votes three times: its price, and that plus and minus half its"
        f" spread, at least {share(election.SPREAD_VOTE_MIN)}. The confidence is the distance from"
        " the price to the farther quartile of these votes, combined with the confidence of the"
        " conversion (root of the sum of squares). It is stated as a share of the price.",
    ),
)

_QUORUM = Rule(
    code="S6",
    name="Quorum",
    text=(
        f"A price is ok with at least {quorum.SURVIVORS_MIN} surviving votes that hold at least"
        f" {share(quorum.SURVIVING_MIN)} of the weight, an implied one among them or not. Fewer"
        " that agree: degraded. Two that differ"
        " by more than 2·g_min, three or more of which at most one survives, or one left of"
        " several: the last good price is held, and a dispute is never averaged.",
        "Without a fresh source, or with nothing publishable for longer than age_max, a price is"
        f" stale. After {index.HELD_MAX:g} times age_max it is withdrawn: null, never 0.",
    ),
    flags=("low_quorum", "single_source", "disputed"),
)

_JUMPS = Rule(
    code="S7",
    name="Jumps",
    text=(
        f"A step larger than j is accepted at once when {jumps.CONFIRMING} surviving operators have"
        f" quoted anew within {election.TICKED:g} s and hold {share(jumps.CONFIRMING_SHARE)} of the"
        " surviving weight. Otherwise the last good price is held for hold seconds, and then gives"
        f" way if the step is still there and {jumps.CONFIRMING} operators survive the gate. A last"
        " good price older than age_max has no say. There is no floor and no ceiling.",
    ),
    flags=("jump_pending",),
)

_PEGS = Rule(
    code="S8",
    name="Pegs",
    text=(
        f"A stablecoin more than {share(pegs.WATCH_OFF)} away from what it promises to be worth,"
        f" for {pegs.WATCH_SECONDS:g} s, is watched; more than {share(pegs.DEPEG_OFF)} away for"
        f" {pegs.DEPEG_SECONDS:g} s, as told by {pegs.DEPEG_OPERATORS} operators, it is depegged."
        " Conversion goes on with what it is measured to be worth.",
    ),
    flags=("depeg_watch", "depeg"),
)

_UNITS = Rule(
    code="S9",
    name="Units",
    text=(
        "A registered redenomination rescales history and the last good price at its time. For"
        f" {units.OLD_UNIT_DAYS} days, venues that still quote the old unit are found and count for"
        " nothing.",
        f"Without one, a vote beyond the gate that is off by about 10 to the power of {_slips()} is"
        " named for what it is: prices are never rescaled by a guess. A new name is a new symbol"
        " of the same asset; a migration or a fork is another asset.",
    ),
    flags=("unit_mismatch",),
)

_RESTRICTED = Rule(
    code="S10",
    name="Restricted markets",
    text=(
        "Markets in currencies under capital controls, and markets whose deposits or withdrawals"
        " are closed, are shown with their distance from the index and with weight 0.",
    ),
    flags=("premium_market", "restricted_market"),
)

_SUPPLY = Rule(
    code="S11",
    name="Supply, cap and rank",
    text=(
        "Market cap is price times circulating supply. A step of more than"
        f" {share(supply.STEP_MAX)} needs two sources within {share(supply.AGREEMENT)} of each"
        " other, or a person; until then the old supply stays and is called suspect. Circulating is"
        " not above total, nor total above maximum.",
        f"An asset is ranked if its supply is known, at least {stats.RANKED_OPERATORS} operators"
        f" list it and it trades at least {dollars(stats.RANKED_VOLUME)} in 24 h.",
    ),
    flags=("supply_suspect",),
)

_VOLUME = Rule(
    code="S12",
    name="Volume",
    text=(
        "Volume is the sum over fresh markets in US dollars. Fewer than"
        f" {quorum.SURVIVORS_MIN} operators, or less than {dollars(quorum.THIN_VOLUME)} in 24 h, is"
        " a thin market.",
        f"A reported volume is not believed with {trust.SIGNS_MIN} of four signs of wash trading:"
        f" more than {trust.TURNS_MAX:,.0f} times the depth of its book, a rise while nothing"
        f" trades, more than {share(trust.OPERATOR_MAX)} of all trade at one operator, or trade"
        " sizes whose first digits are not those of real ones. It is left out of the sum, shown"
        " beside it, and its market weighs as if it had none.",
    ),
    flags=("thin_market", "volume_suspect"),
)

_LAST_GATE = Rule(
    code="S13",
    name="Last gate",
    text=(
        "Before a number is published it must lie within its inputs, and within a factor of"
        f" {factor(breaker.FAR)} of the median of its last 24 h (of its last hour, while fewer than"
        f" {stats.USUAL_HOURS} hours are known), unless {breaker.AGREEING} operators agree."
        " Otherwise the breaker holds the last good price and opens an incident."
        f" Once it has held for age_max, {breaker.AGREEING_LATER} operators are enough, so that"
        " nothing locks.",
        "Prices are also compared with sources that are not inputs. One that every source which"
        f" knows it contradicts by more than {share(crosscheck.CLOSE)}, or {share(crosscheck.WIDE)}"
        f" in the tiers mid and tail, {crosscheck.FAILURES_MAX} times in a row is flagged, not"
        " changed.",
    ),
    flags=("breaker", "xcheck_fail"),
)

_HISTORY = Rule(
    code="S14",
    name="History",
    text=(
        "Candles, changes, highs and lows are made only of prices that are ok or degraded with a"
        f" confidence below {share(stats.CONFIDENCE_MAX)}. A correction appends a row with its"
        " reason; nothing is overwritten.",
    ),
)

RULES: Final = (
    *(_IDENTITY, _INPUT, _DOLLARS, _VOTES, _ESTIMATE, _CONFIDENCE, _QUORUM, _JUMPS),
    *(_PEGS, _UNITS, _RESTRICTED, _SUPPLY, _VOLUME, _LAST_GATE, _HISTORY),
)
"""S0 to S14, in order."""
