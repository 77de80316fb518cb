"""The ledger in Postgres: one chain, whoever writes; nothing in it is ever changed."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime

import msgspec
from psycopg import AsyncConnection, sql
from psycopg.rows import class_row
from psycopg.types.json import Json

from app.market.decisions import KINDS, Decisions, fold
from app.market.events import GENESIS, Head, Kind, PriceEvent, chained, head_of
from app.store.tables import INCIDENT

_WRITING = 0x6C6564676572
"""Number of the advisory lock that every writer holds until its transaction ends."""

_BEFORE_ALL = -(2**63)
"""Below every sequence, those that only a forger would write included."""

_COLUMNS = sql.SQL(
    "sequence, time, kind, asset, venue, symbol, old, new, reason, detail, previous_hash, hash"
)
_SELECT = sql.SQL("SELECT {} FROM price_event ").format(_COLUMNS)

DETECTED = (Kind.STATUS, Kind.FLAGS, Kind.BREAKER_TRIPPED, Kind.BREAKER_RELEASED)
"""Kinds of event that the indexer notices by itself."""


class _Row(msgspec.Struct):
    sequence: int
    time: datetime
    kind: str
    asset: str
    venue: str
    symbol: str
    old: str
    new: str
    reason: str
    detail: dict[str, str]
    previous_hash: str
    hash: str


async def append(
    connection: AsyncConnection, events: Sequence[PriceEvent]
) -> tuple[PriceEvent, ...]:
    """The events as they stand in the ledger once the transaction of the connection commits."""
    await lock(connection)
    last, placed = await head(connection), list[PriceEvent]()
    for event in events:
        placed.append(chained(last, event))
        last = head_of(placed[-1])
    async with connection.cursor() as cursor:
        await cursor.executemany(
            sql.SQL("INSERT INTO price_event ({}) VALUES ({})").format(
                _COLUMNS, sql.SQL(", ").join([sql.Placeholder()] * 12)
            ),
            [_values(event) for event in placed],
        )
    return tuple(placed)


async def lock(connection: AsyncConnection) -> None:
    """Nobody else appends until the transaction of the connection ends."""
    await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_WRITING,))


async def head(connection: AsyncConnection) -> Head:
    """The last event of the ledger; GENESIS where there is none."""
    cursor = await connection.execute(
        "SELECT sequence, hash FROM price_event ORDER BY sequence DESC LIMIT 1"
    )
    row = await cursor.fetchone()
    return Head(*row) if row else GENESIS


async def read_page(
    connection: AsyncConnection,
    *,
    kinds: Sequence[str] = (),
    asset: str = "",
    incidents: bool = False,
    before: int = 0,
    count: int,
) -> list[PriceEvent]:
    """The newest events below the sequence `before` (0: all), newest first."""
    wanted = [
        (sql.SQL("asset = %(asset)s"), asset),
        (sql.SQL("kind = ANY(%(kinds)s)"), kinds),
        (sql.SQL(INCIDENT), incidents),
        (sql.SQL("sequence < %(before)s"), before),
    ]
    asked = [condition for condition, given in wanted if given]
    where = sql.SQL("WHERE {} ").format(sql.SQL(" AND ").join(asked)) if asked else sql.SQL("")
    query = _SELECT + where + sql.SQL("ORDER BY sequence DESC LIMIT %(count)s")
    values = {"asset": asset, "kinds": list(kinds), "before": before, "count": count}
    return await _read(connection, query, values)


async def read_after(
    connection: AsyncConnection,
    sequence: int,
    *,
    kinds: Sequence[str] = (),
    count: int | None = None,
) -> list[PriceEvent]:
    """Events above that sequence, oldest first, of these kinds or of all."""
    of_kinds = sql.SQL("AND kind = ANY(%(kinds)s) ") if kinds else sql.SQL("")
    query = (
        _SELECT
        + sql.SQL("WHERE sequence > %(after)s ")
        + of_kinds
        + sql.SQL("ORDER BY sequence LIMIT %(count)s")
    )
    return await _read(connection, query, {"after": sequence, "kinds": list(kinds), "count": count})


async def stream(connection: AsyncConnection, *, batch: int) -> AsyncIterator[list[PriceEvent]]:
    """The whole ledger, oldest first, so many events at a time."""
    last = _BEFORE_ALL
    while events := await read_after(connection, last, count=batch):
        last = events[-1].sequence
        yield events


async def count_events(connection: AsyncConnection) -> int:
    """How many events there are."""
    cursor = await connection.execute("SELECT count(*) FROM price_event")
    row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def read_decisions(connection: AsyncConnection) -> Decisions:
    """Everything that the operator of this service has decided so far."""
    return fold(await read_after(connection, 0, kinds=KINDS))


async def read_last_changes(connection: AsyncConnection, assets: Sequence[str]) -> list[PriceEvent]:
    """The last event of each of these assets and each kind that is noticed, oldest first."""
    query = sql.SQL(
        "SELECT {} FROM unnest(%(assets)s::text[]) AS one(id)"
        " CROSS JOIN unnest(%(kinds)s::text[]) AS of(name) CROSS JOIN LATERAL"
        " (SELECT * FROM price_event WHERE asset = one.id AND kind = of.name"
        " ORDER BY sequence DESC LIMIT 1) AS last ORDER BY sequence"
    )
    values = {"assets": list(assets), "kinds": list(DETECTED)}
    return await _read(connection, query.format(_COLUMNS), values)


async def _read(
    connection: AsyncConnection, query: sql.Composed, values: Mapping[str, object]
) -> list[PriceEvent]:
    async with connection.cursor(row_factory=class_row(_Row)) as cursor:
        await cursor.execute(query, values)
        return [_event(row) for row in await cursor.fetchall()]


def _event(row: _Row) -> PriceEvent:
    return PriceEvent(
        time=row.time.astimezone(UTC),
        kind=row.kind,
        asset=row.asset,
        venue=row.venue,
        symbol=row.symbol,
        old=row.old,
        new=row.new,
        reason=row.reason,
        detail=row.detail,
        sequence=row.sequence,
        previous_hash=row.previous_hash,
        hash=row.hash,
    )


def _values(event: PriceEvent) -> tuple[object, ...]:
    return (
        *(event.sequence, event.time, str(event.kind), event.asset, event.venue, event.symbol),
        *(event.old, event.new, event.reason, Json(event.detail)),
        *(event.previous_hash, event.hash),
    )
