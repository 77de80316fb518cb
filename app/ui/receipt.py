"""One receipt as its drawer shows it: sentences and lines instead of numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import isfinite

from app.market.receipt import Receipt
from app.market.registry import Registry
from app.market.verdict import FLAG_SENTENCE, Flag, Status
from app.store.receipts import Explained
from app.ui import format
from app.ui.receipt_lines import (
    ContributorLine,
    RejectionLine,
    contributor_lines,
    rejection_lines,
    share_text,
)


@dataclass(frozen=True, slots=True)
class FlagLine:
    """One flag of the price and what it means."""

    word: str
    sentence: str
    href: str


@dataclass(frozen=True, slots=True)
class Seat:
    """One place of the quorum meter."""

    number: int
    kind: str
    """agreed, outside, or empty where one more is needed."""


@dataclass(frozen=True, slots=True)
class ReceiptTexts:
    """Everything the drawer says; without an id there is nothing to say yet."""

    id: str = ""
    symbol: str = ""
    price: str = format.MISSING
    headline: str = ""
    status: str = "unavailable"
    status_reason: str = ""
    flags: list[FlagLine] = field(default_factory=list)
    held: str = ""
    """What is being held and since when; empty when the price is current."""
    seats: list[Seat] = field(default_factory=list)
    quorum: str = ""
    quorum_met: bool = False
    confidence: str = ""
    gate: str = ""
    contributors: list[ContributorLine] = field(default_factory=list)
    rejections: list[RejectionLine] = field(default_factory=list)
    rejected: str = ""
    """How many were left out."""
    verdict: str = ""
    """same, differs, or unknown: whether computing it again gave what was published."""
    method: str = ""
    version: str = ""
    time: str = ""
    href: str = ""


def receipt_texts(
    explained: Explained, *, registry: Registry, titles: Mapping[str, str]
) -> ReceiptTexts:
    """The drawer of one receipt; `titles` has the name of each venue."""
    receipt = explained.receipt
    return ReceiptTexts(
        id=receipt.asset,
        symbol=receipt.symbol,
        price=format.price(receipt.price),
        headline=_headline(receipt, titles),
        status=receipt.status,
        status_reason=receipt.status_reason,
        flags=[_flag_line(word) for word in _flags(explained)],
        held=_held(receipt),
        seats=_seats(receipt),
        quorum=_quorum(receipt),
        quorum_met=_met(receipt),
        confidence=_confidence(receipt),
        gate="±" + share_text(receipt.gate) if isfinite(receipt.gate) else format.MISSING,
        contributors=contributor_lines(receipt, registry=registry, titles=titles),
        rejections=rejection_lines(receipt, registry=registry, titles=titles),
        rejected=format.count(len(receipt.rejections)),
        verdict={True: "same", False: "differs", None: "unknown"}[explained.reproduced],
        method=receipt.method,
        version=str(receipt.version),
        time=_clock(receipt.time),
        href=f"/api/v1/receipts/{receipt.asset}",
    )


def _headline(receipt: Receipt, titles: Mapping[str, str]) -> str:
    quorum = receipt.quorum
    if not receipt.contributors:
        return "One dollar is one dollar." if receipt.asset == "usd" else "No operator voted."
    operators = f"{quorum.operators} operator{'' if quorum.operators == 1 else 's'}"
    voted = (
        f"{operators}, and BTC and ETH together, voted" if quorum.implied else f"{operators} voted"
    )
    agreed = f"{quorum.survivors} agreed within ±{share_text(receipt.gate)}."
    return f"{voted}; {agreed} {_heaviest(receipt, titles)}"


def _heaviest(receipt: Receipt, titles: Mapping[str, str]) -> str:
    share: dict[str, float] = {}
    for line in receipt.contributors:
        share[line.operator] = share.get(line.operator, 0.0) + line.weight
    operator = max(share, key=lambda name: share[name])
    venue = next(line.venue for line in receipt.contributors if line.operator == operator)
    return f"{titles.get(venue, venue)} carried {format.fixed(share[operator] * 100, 0)} %."


def _flags(explained: Explained) -> list[str]:
    """Those of the cycle, and those that slower checks added before it was published."""
    found = list(explained.receipt.flags)
    if explained.published is not None:
        more = Flag(explained.published.flags).words
        found += [word for word in more if word not in found]
    return found


def _flag_line(word: str) -> FlagLine:
    return FlagLine(word, FLAG_SENTENCE[Flag[word.upper()]], "/methodology#flags")


def _held(receipt: Receipt) -> str:
    carried = receipt.carried
    if receipt.status not in (Status.HELD.word, Status.STALE.word) or not isfinite(carried.good):
        return ""
    when = f"{_clock(carried.good_at)} ({format.age(receipt.time - carried.good_at)} ago)"
    if receipt.status == Status.STALE.word:
        text = f"Last known at {when}: {format.price(carried.good)}."
    else:
        text = f"Held since {when} at {format.price(carried.good)}."
    if isfinite(receipt.median):
        text += f" The votes say {format.price(receipt.median)} now."
    if isfinite(carried.pending_since):
        waiting = format.age(receipt.time - carried.pending_since)
        text += f" The step has waited {waiting} for confirmation."
    return text


def _seats(receipt: Receipt) -> list[Seat]:
    quorum = receipt.quorum
    votes = quorum.operators + quorum.implied
    kinds = ["agreed"] * quorum.survivors + ["outside"] * max(votes - quorum.survivors, 0)
    kinds += ["empty"] * max(quorum.survivors_needed - len(kinds), 0)
    return [Seat(number, kind) for number, kind in enumerate(kinds)]


def _met(receipt: Receipt) -> bool:
    quorum = receipt.quorum
    return (
        quorum.survivors >= quorum.survivors_needed
        and quorum.surviving_share >= quorum.share_needed
    )


def _quorum(receipt: Receipt) -> str:
    quorum = receipt.quorum
    votes = quorum.operators + quorum.implied
    return (
        f"{quorum.survivors} of {votes} agree, {quorum.survivors_needed} needed;"
        f" they hold {format.fixed(quorum.surviving_share * 100, 0)} % of the vote,"
        f" {format.fixed(quorum.share_needed * 100, 0)} % needed"
    )


def _confidence(receipt: Receipt) -> str:
    if not isfinite(receipt.confidence) or not isfinite(receipt.price):
        return format.MISSING
    return (
        f"±{format.price(receipt.confidence * receipt.price)}"
        f" ({format.fixed(receipt.confidence * 1e4, 1)} bp)"
    )


def _clock(seconds: float) -> str:
    """12:03:04 UTC."""
    if not isfinite(seconds):
        return format.MISSING
    return datetime.fromtimestamp(seconds, UTC).strftime("%H:%M:%S UTC")
