"""What happened to published numbers, as a chain in which nothing can be changed unnoticed.

Every event carries the hash of the one before it, so its own hash vouches for all of them. All
values are text, numbers by `repr`: what the API answers is, byte for byte, what was hashed.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

import msgspec


class Kind(StrEnum):
    """What an event tells; the spelling is the one of every answer."""

    STATUS = "status"
    FLAGS = "flags"
    BREAKER_TRIPPED = "breaker_tripped"
    BREAKER_RELEASED = "breaker_released"
    CORRECTION = "correction"
    PIN = "pin"
    UNPIN = "unpin"
    APPROVE = "approve"
    REMAP = "remap"
    DISABLE = "disable"
    ENABLE = "enable"
    RESTRICT = "restrict"
    UNRESTRICT = "unrestrict"
    REDENOMINATION = "redenomination"
    XCHECK = "xcheck"


INCIDENT_KINDS = (Kind.BREAKER_TRIPPED, Kind.BREAKER_RELEASED, Kind.XCHECK, Kind.FLAGS)
"""Kinds of which some are incidents: of the flags those about a dispute or a failed comparison."""


class PriceEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the ledger; "" where a field means nothing to its kind."""

    time: datetime
    """When it happened, in UTC; the order of the ledger is the order of writing."""
    kind: str
    """One of Kind; text, because a ledger that was tampered with must still be readable."""
    asset: str = ""
    """Asset id; for an event of a market its base."""
    venue: str = ""
    symbol: str = ""
    """The venue's spelling."""
    old: str = ""
    new: str = ""
    reason: str = ""
    """A sentence."""
    detail: dict[str, str] = {}
    """What else belongs to the kind, e.g. the interval of a correction."""
    sequence: int = 0
    """Place in the ledger, counted from 1; 0 until it is there."""
    previous_hash: str = ""
    hash: str = ""
    """SHA-256 of all the other fields, in hexadecimal."""


class Head(msgspec.Struct, frozen=True):
    """The last event of a ledger, as far as the next one depends on it."""

    sequence: int
    hash: str


GENESIS = Head(0, "0" * 64)
"""The head of a ledger without events."""


class Verdict(msgspec.Struct, frozen=True):
    """What was found of a chain."""

    head: Head
    """The last event that is as it was written."""
    broken: int = 0
    """Sequence of the first event that is missing or not as it was written; 0 if none is."""
    reason: str = ""
    """What is wrong with it, as the end of a sentence."""


def digest(event: PriceEvent) -> str:
    """SHA-256 over the event without its hash: compact JSON with sorted keys, in hexadecimal."""
    body = msgspec.structs.asdict(event)
    del body["hash"]
    return sha256(msgspec.json.encode(body, order="sorted")).hexdigest()


def chained(head: Head, event: PriceEvent) -> PriceEvent:
    """The event as it follows that head."""
    placed = msgspec.structs.replace(
        event, sequence=head.sequence + 1, previous_hash=head.hash, hash=""
    )
    return msgspec.structs.replace(placed, hash=digest(placed))


def head_of(event: PriceEvent) -> Head:
    """What the event that follows this one depends on."""
    return Head(event.sequence, event.hash)


def verify(events: Iterable[PriceEvent], *, after: Head = GENESIS) -> Verdict:
    """Whether the events, in order, follow that head; stops at the first that does not."""
    head = after
    for event in events:
        reason = _fault(head, event)
        if reason:
            return Verdict(head, head.sequence + 1, reason)
        head = head_of(event)
    return Verdict(head)


def _fault(head: Head, event: PriceEvent) -> str:
    if event.sequence != head.sequence + 1:
        return "it is missing"
    if event.previous_hash != head.hash:
        return "it does not follow the event before it"
    if event.hash != digest(event):
        return "it is not what was hashed"
    return ""
