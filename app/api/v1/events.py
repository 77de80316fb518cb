"""The public ledger: what happened to published numbers, newest first, with its hashes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, TypeAlias

import msgspec
from pydantic import BaseModel, Field

from app.api import caching
from app.api.caching import Ready
from app.api.errors import HistoryAwayError
from app.api.freshness import Freshness
from app.api.openapi import Operation
from app.api.parameters import Choice, Parameters, PerPage, Word, read
from app.api.resource import Asked
from app.api.v1.lookups import number_of
from app.api.v1.schemas import Instant
from app.market.events import INCIDENT_KINDS, Head, Kind, PriceEvent
from app.store import ledger
from app.store.database import Database, DatabaseAway

_SEQUENCE_MAX: Final = 2**53 - 1
"""Every reader of JSON can hold it exactly."""

Before: TypeAlias = Annotated[
    int,
    Field(
        ge=1,
        le=_SEQUENCE_MAX,
        description="Only events below this sequence; `next` of the page before.",
    ),
]


class CorrectionsQuery(Parameters):
    """Of which asset, and from where on."""

    asset: Word = ""
    before: Before = 0
    per_page: PerPage = 100


class EventsQuery(CorrectionsQuery):
    """The same, of one kind."""

    kind: Annotated[str, Choice(tuple(Kind))] = ""


class IncidentsQuery(CorrectionsQuery):
    """The same, of one kind of incident."""

    kind: Annotated[str, Choice(INCIDENT_KINDS)] = ""


class EventRow(BaseModel):
    """One entry; SHA-256 of it without `hash`, as compact JSON with sorted keys, is its hash."""

    time: Instant
    kind: str = Field(examples=["correction"])
    asset: str = Field(examples=["bitcoin"], description="Empty where it is about none.")
    venue: str = Field(examples=["coinbase"])
    symbol: str = Field(examples=["BTC-USD"], description="As the venue spells it.")
    old: str = Field(examples=["91234.5"])
    new: str = Field(examples=["64234.5"])
    reason: str
    detail: dict[str, str] = Field(examples=[{"field": "price"}])
    sequence: int = Field(examples=[4711])
    previous_hash: str = Field(examples=["5f" * 32])
    hash: str = Field(examples=["a7" * 32])


class LedgerHead(BaseModel):
    """The last event of the whole ledger; sequence 0 while there is none."""

    sequence: int = Field(examples=[4711])
    hash: str = Field(examples=["a7" * 32])


class EventsAnswer(BaseModel):
    """One page of the ledger, newest first."""

    source: str = Field(examples=["sandbox"])
    head: LedgerHead
    next: int | None = Field(
        examples=[4611], description="What `before` takes for the next page; null on the last."
    )
    data: list[EventRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One address of the ledger."""

    path: str
    operation: Operation
    kinds: Callable[[CorrectionsQuery], Sequence[str]]
    """The kinds asked for; empty for all."""
    incidents: bool = False


def _asked_kind(query: CorrectionsQuery) -> Sequence[str]:
    kind = getattr(query, "kind", "")
    return (kind,) if kind else ()


def _part(
    name: str,
    summary: str,
    query: type[CorrectionsQuery],
    *,
    kinds: Callable[[CorrectionsQuery], Sequence[str]] = _asked_kind,
    incidents: bool = False,
) -> Part:
    operation = Operation(name=name, summary=summary, tag="v1", shape=EventsAnswer, query=query)
    return Part(path=f"/api/v1/{name}", operation=operation, kinds=kinds, incidents=incidents)


PARTS: Final = (
    _part("events", "The ledger: everything that happened to published numbers", EventsQuery),
    _part(
        "corrections",
        "Numbers that were wrong: old and new value, since when, why",
        CorrectionsQuery,
        kinds=lambda _: (Kind.CORRECTION,),
    ),
    _part(
        "incidents",
        "Publication breakers, disputes and failed comparisons",
        IncidentsQuery,
        incidents=True,
    ),
)


class PublicLedger:
    """Answers pages of the ledger out of the database."""

    def __init__(self, freshness: Freshness, database: Database) -> None:
        self._freshness = freshness
        self._database = database

    async def answer(self, part: Part, asked: Asked) -> Ready:
        """The page, or 304; raises ApiError, HistoryAwayError when Postgres is away."""
        moment = self._freshness.moment()
        query = read(part.operation.query, asked.query.decode("latin-1"), asked.names)
        assert isinstance(query, CorrectionsQuery)  # noqa: S101 - what every part declares
        if query.asset:
            number_of(moment, query.asset)
        try:
            head, events = await self._read(part, query)
        except DatabaseAway as error:
            raise HistoryAwayError from error
        return await _ready(asked, head, _body(moment.snapshot.source, head, events, query))

    async def _read(self, part: Part, query: CorrectionsQuery) -> tuple[Head, list[PriceEvent]]:
        """The head, and one event more than the page holds if there is one."""
        async with self._database.connection() as connection:
            head = await ledger.head(connection)
            # What arrives between the two queries belongs to the next answer.
            before = min(query.before or _SEQUENCE_MAX, head.sequence + 1)
            events = await ledger.read_page(
                connection,
                kinds=part.kinds(query),
                asset=query.asset,
                incidents=part.incidents,
                before=before,
                count=query.per_page + 1,
            )
            return head, events


def _body(source: str, head: Head, events: list[PriceEvent], query: CorrectionsQuery) -> bytes:
    """Written by the encoder that the hashes were made with, so that a reader can check them."""
    page = events[: query.per_page]
    following = page[-1].sequence if len(events) > len(page) else None
    return msgspec.json.encode({"source": source, "head": head, "next": following, "data": page})


async def _ready(asked: Asked, head: Head, body: bytes) -> Ready:
    """Tagged by the head: a page changes only when the ledger has grown."""
    encoding = caching.chosen(asked.accept_encoding)
    tag = caching.etag(asked.view, encoding, f"{head.sequence:x}.{head.hash[:16]}")
    headers = caching.tagged(tag, caching.PRICES)
    if asked.if_none_match and caching.matches(asked.if_none_match, tag):
        return Ready(304, headers, b"")
    return await caching.ready(body, encoding, headers)
