"""History of one asset: the only answers that need Postgres, and the only ones it can cost."""

import math
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Final

import orjson
from pydantic import Field

from app.api import caching
from app.api.caching import Ready
from app.api.errors import HistoryAwayError, Mistake, ParameterError
from app.api.freshness import Freshness, rfc3339
from app.api.parameters import Choice, Parameters, Time, Word, read
from app.api.resource import Asked
from app.api.v1.lookups import number_of
from app.market.candles import Candles
from app.market.units import in_todays_units
from app.store.candles import STEP, read_candles
from app.store.database import Database, DatabaseAway

PATH: Final = "/api/v1/assets/{id}/candles"
POINTS_MAX: Final = 10_000
POINTS_DEFAULT: Final = 500
"""How many candles an answer has at most when the caller names no beginning."""
_UNTIL_NOW: Final = math.nan


class CandlesQuery(Parameters):
    """Which asset, and from when until when: candles that begin in [from, to)."""

    id: Word
    interval: Annotated[str, Choice(tuple(STEP))] = "1h"
    since: Annotated[Time, Field(alias="from")] = _UNTIL_NOW
    until: Annotated[Time, Field(alias="to")] = _UNTIL_NOW


@dataclass(frozen=True, slots=True)
class Span:
    """Candles that begin in [since, until), both at whole steps."""

    since: int
    until: int


class History:
    """Answers candles out of the database."""

    def __init__(
        self, freshness: Freshness, database: Database, *, clock: Callable[[], float]
    ) -> None:
        self._freshness = freshness
        self._database = database
        self._clock = clock

    async def answer(self, asked: Asked) -> Ready:
        """The candles, or 304; raises ApiError, HistoryAwayError when Postgres is away."""
        moment = self._freshness.moment()
        query = read(CandlesQuery, asked.query.decode("latin-1"), asked.names)
        number = number_of(moment, query.id)
        span = span_of(query, now=self._clock())
        candles = in_todays_units(
            await self._read(query.interval, number, span),
            moment.directory.registry,
            seconds=STEP[query.interval],
        )
        body = _body(query, candles, moment.snapshot.source)
        closed = span.until + STEP[query.interval] <= self._clock()
        return await _ready(asked, body, caching.CLOSED if closed else caching.PRICES)

    async def _read(self, interval: str, number: int, span: Span) -> Candles:
        try:
            async with self._database.connection() as connection:
                return await read_candles(
                    connection,
                    interval,
                    number,
                    since=datetime.fromtimestamp(span.since, UTC),
                    until=datetime.fromtimestamp(span.until, UTC),
                )
        except DatabaseAway as error:
            raise HistoryAwayError from error


def span_of(query: CandlesQuery, *, now: float) -> Span:
    """The span asked for; raises ParameterError when it is empty or too long."""
    step = STEP[query.interval]
    until = math.ceil((now if math.isnan(query.until) else query.until) / step) * step
    latest = until - POINTS_DEFAULT * step if math.isnan(query.since) else query.since
    since = max(0, math.ceil(latest / step) * step)
    if not 0 < (until - since) // step <= POINTS_MAX:
        raise _span_refused(query, until - POINTS_MAX * step, until - step)
    return Span(since, until)


def _span_refused(query: CandlesQuery, earliest: int, last: int) -> ParameterError:
    accepted = (
        f"a time from {rfc3339(max(0, earliest))} to {rfc3339(max(0, last))}: at most"
        f" {POINTS_MAX} candles of {query.interval} before `to`"
    )
    return ParameterError(Mistake("from", accepted, rfc3339(query.since) or "nothing"))


def _body(query: CandlesQuery, candles: Candles, source: str) -> bytes:
    return orjson.dumps(
        {
            "id": query.id,
            "interval": query.interval,
            "time": candles.time.tolist(),
            "open": candles.open.tolist(),
            "high": candles.high.tolist(),
            "low": candles.low.tolist(),
            "close": candles.close.tolist(),
            "volume": candles.volume.tolist(),
            "source": source,
        }
    )


async def _ready(asked: Asked, body: bytes, cache_control: str) -> Ready:
    """Tagged by content: a past minute changes neither with the snapshot nor with our restart."""
    encoding = caching.chosen(asked.accept_encoding)
    tag = caching.etag(asked.view, encoding, f"{zlib.crc32(body):08x}")
    headers = caching.tagged(tag, cache_control)
    if asked.if_none_match and caching.matches(asked.if_none_match, tag):
        return Ready(304, headers, b"")
    return await caching.ready(body, encoding, headers)
