"""The newest incidents and corrections, read from a real PostgreSQL."""

from datetime import UTC, datetime

import pytest

from app.market.events import Kind, PriceEvent
from app.store.database import Database
from app.store.incidents import COUNT, RecentEvents
from app.store.ledger import append

pytestmark = pytest.mark.store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def event(kind: Kind) -> PriceEvent:
    return PriceEvent(time=NOON, kind=kind, asset="bitcoin", reason="It was wrong.")


async def write(database: Database, *kinds: Kind) -> None:
    async with database.connection() as connection:
        await append(connection, [event(kind) for kind in kinds])


async def test_breaker_events_and_corrections_are_told_newest_first(database: Database):
    await write(database, Kind.BREAKER_TRIPPED, Kind.PIN, Kind.STATUS, Kind.CORRECTION)
    told = await RecentEvents(database).newest()

    assert told is not None
    assert [one.kind for one in told] == [Kind.CORRECTION, Kind.BREAKER_TRIPPED]


async def test_only_so_many_are_told(database: Database):
    await write(database, *[Kind.CORRECTION] * (COUNT + 1))
    told = await RecentEvents(database).newest()

    assert told is not None
    assert [one.sequence for one in told] == list(range(COUNT + 1, 1, -1))


async def test_without_postgres_nothing_is_told():
    database = Database("postgresql://nobody@127.0.0.1:1/nowhere")

    assert await RecentEvents(database).newest() is None
