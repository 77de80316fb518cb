"""The markets of a receipt: those that voted, and those that were left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from app.market.receipt import Contributor, Receipt, Rejection
from app.market.registry import USD, Registry
from app.market.verdict import FLAG_SENTENCE, Flag
from app.ui import format
from app.ui.coin_venues import pair_of

LINES_MAX = 60
"""Lines of one table; the API has all of them."""

_POINTS_MAX = 0.1
"""A distance from here on is told in percent."""


@dataclass(frozen=True, slots=True)
class ContributorLine:
    """One vote; `before` and `after` are bars in percent of the heaviest."""

    key: str
    venue: str
    pair: str
    raw: str
    conversion: str
    price: str
    distance: str
    outside: bool
    age: str
    spread: str
    weight_before: str
    weight: str
    before: float
    after: float
    note: str
    """What was noticed of it; empty where there is nothing."""


@dataclass(frozen=True, slots=True)
class RejectionLine:
    """One market that was left out, or whose vote lies outside the gate."""

    key: str
    venue: str
    pair: str
    price: str
    rule: str
    href: str
    measured: str
    reason: str


def contributor_lines(
    receipt: Receipt, *, registry: Registry, titles: Mapping[str, str]
) -> list[ContributorLine]:
    """The heaviest first."""
    shown = receipt.contributors[:LINES_MAX]
    heaviest = max((max(line.weight, line.weight_before) for line in shown), default=1.0)
    return [_contributor(line, receipt, registry, titles, heaviest) for line in shown]


def rejection_lines(
    receipt: Receipt, *, registry: Registry, titles: Mapping[str, str]
) -> list[RejectionLine]:
    """In the order of their operators."""
    return [_rejection(line, registry, titles) for line in receipt.rejections[:LINES_MAX]]


def share_text(share: float) -> str:
    """A share in percent, with two digits that say something: 5.1 %, 0.60 %."""
    percent = share * 100
    return format.fixed(percent, 2 if percent < 1 else 1 if percent < 100 else 0) + " %"


def _contributor(
    line: Contributor,
    receipt: Receipt,
    registry: Registry,
    titles: Mapping[str, str],
    heaviest: float,
) -> ContributorLine:
    quote = registry.assets[registry.number_of[line.conversion.quote]].symbol
    return ContributorLine(
        key=f"{line.venue}:{line.symbol}",
        venue=titles.get(line.venue, line.venue),
        pair=_pair(line.venue, line.symbol, registry),
        raw=f"{format.price_in_full(line.raw).removeprefix('$')} {quote}",
        conversion=_conversion(line, quote),
        price=format.price(line.price),
        distance=_distance(line.price, receipt),
        outside="outlier_excluded" in line.flags,
        age=f"{format.age(line.age)} old",
        spread=f"{share_text(line.spread)} spread" if isfinite(line.spread) else "no book",
        weight_before=_weight(line.weight_before),
        weight=_weight(line.weight) + " %",
        before=round(line.weight_before / heaviest * 100, 1),
        after=round(line.weight / heaviest * 100, 1),
        note=" ".join(_NOTE.get(word) or FLAG_SENTENCE[Flag[word.upper()]] for word in line.flags),
    )


_NOTE = {"outlier_excluded": "Outside the gate."}
"""Shorter than its sentence, which stands in the other table."""


def _weight(share: float) -> str:
    """Percent of the vote; what is more than nothing never looks like nothing."""
    return format.fixed(share * 100, 1) if share >= 0.0005 else "<0.1"


def _conversion(line: Contributor, quote: str) -> str:
    if line.conversion.quote == USD:
        return "in dollars"
    return f"1 {quote} = {format.price(line.conversion.factor)}"


def _distance(price: float, receipt: Receipt) -> str:
    """From the index, in hundredths of a percent; from what the votes say where there is none."""
    index = receipt.price if isfinite(receipt.price) else receipt.median
    if not isfinite(price) or not index > 0:
        return format.MISSING
    share = price / index - 1
    points = format.fixed(abs(share) * 1e4, 1)
    if not points.strip("0.,"):
        return f"{points} bp"
    sign = "-" if share < 0 else "+"
    return f"{sign}{points} bp" if abs(share) < _POINTS_MAX else sign + share_text(abs(share))


def _rejection(line: Rejection, registry: Registry, titles: Mapping[str, str]) -> RejectionLine:
    return RejectionLine(
        key=f"{line.venue}:{line.symbol}",
        venue=titles.get(line.venue, line.venue),
        pair=_pair(line.venue, line.symbol, registry),
        price=format.price(line.price),
        rule=line.rule,
        href=f"/methodology#{line.rule.lower()}",
        measured=_measured(line),
        reason=line.reason,
    )


def _measured(line: Rejection) -> str:
    """What was measured against what is allowed, in people's units; empty where nothing was."""
    if not isfinite(line.measured):
        return ""
    if line.flag == Flag.PROBATION.name.lower():
        return f"observed for {_seconds(line.measured)} of {_seconds(line.threshold)}"
    if line.unit == "s":
        return f"{_seconds(line.measured)} old, at most {_seconds(line.threshold)}"
    if line.unit == "share":
        return f"{share_text(line.measured)} away, at most {share_text(line.threshold)}"
    return f"{_times(line.measured)} the index, within {_times(line.threshold)}"


def _seconds(seconds: float) -> str:
    """Limits are whole minutes or not: 90 s is not a minute."""
    if seconds < 120:
        return f"{format.fixed(seconds, 1 if seconds < 10 else 0)} s"
    return f"{int(seconds // 60)} min" if seconds <= 7200 else format.age(seconds)


def _times(ratio: float) -> str:
    return f"{ratio:,.4g}×"


def _pair(venue: str, symbol: str, registry: Registry) -> str:
    return pair_of(registry.rows_of_venue[venue][symbol], registry)
