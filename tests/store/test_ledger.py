"""The ledger in a real PostgreSQL: one chain for all writers, which nobody can change."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString

import psycopg
import pytest
from alembic.config import Config
from psycopg import AsyncConnection

from alembic import command
from app.market.decisions import Decisions
from app.market.events import GENESIS, Head, Kind, PriceEvent, Verdict, head_of, verify
from app.market.registry import Redenomination
from app.store import ledger
from app.store.database import Database, DatabaseAway
from jobs.tasks.ledger import Waiting, append_waiting, follow_decisions

pytestmark = pytest.mark.store

NOON = datetime(2026, 11, 22, 12, 0, 0, 250, tzinfo=UTC)
TRIPPED = PriceEvent(
    time=NOON, kind=Kind.BREAKER_TRIPPED, asset="bitcoin", old="1.5", new="NaN", reason='10× "off"'
)
PIN = PriceEvent(time=NOON, kind=Kind.PIN, asset="bitcoin", venue="kraken", symbol="BTC/USD")


def flags(raised: str, *, cleared: str = "", asset: str = "bitcoin", minute: int = 0) -> PriceEvent:
    return PriceEvent(
        time=NOON + timedelta(minutes=minute),
        kind=Kind.FLAGS,
        asset=asset,
        old=cleared,
        new=raised,
        detail={"raised": raised, "cleared": cleared},
    )


async def written(database: Database, *events: PriceEvent) -> tuple[PriceEvent, ...]:
    async with database.connection() as connection:
        return await ledger.append(connection, events)


async def whole(database: Database, *, batch: int = 1000) -> list[list[PriceEvent]]:
    async with database.connection() as connection:
        return [events async for events in ledger.stream(connection, batch=batch)]


async def page(database: Database, **asked: Any) -> list[int]:
    asked.setdefault("count", 9)
    async with database.connection() as connection:
        return [event.sequence for event in await ledger.read_page(connection, **asked)]


async def test_events_are_read_back_bit_for_bit(database: Database):
    events = await written(database, TRIPPED, flags("disputed", cleared="depeg"))

    ((first, second),) = await whole(database)

    assert (first, second) == events
    assert verify([first, second]) == Verdict(Head(2, second.hash))
    assert (first.reason, first.time) == ('10× "off"', NOON)


async def test_a_second_writer_goes_on_where_the_first_ended(database: Database):
    async with database.connection() as connection:
        assert await ledger.head(connection) == GENESIS
    (first,) = await written(database, TRIPPED)
    (second,) = await written(database, TRIPPED)

    assert (second.sequence, second.previous_hash) == (2, first.hash)
    async with database.connection() as connection:
        assert await ledger.head(connection) == head_of(second)


async def test_writers_at_the_same_time_keep_one_chain(database: Database):
    await asyncio.gather(
        *(written(database, *[flags("disputed", minute=n)] * 5) for n in range(12))
    )

    events = [event for batch in await whole(database, batch=7) for event in batch]

    assert verify(events).head.sequence == 60
    assert verify(events).broken == 0
    # Each transaction stands in one piece.
    assert [events[at].time for at in range(0, 60, 5)] == [
        events[at + 4].time for at in range(0, 60, 5)
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE price_event SET reason = 'nothing happened'",
        "UPDATE price_event SET reason = '' WHERE sequence = 99",
        "DELETE FROM price_event",
        "TRUNCATE price_event",
        "INSERT INTO price_event SELECT * FROM price_event"
        " ON CONFLICT (sequence) DO UPDATE SET reason = ''",
    ],
)
async def test_nothing_is_changed_or_removed(
    database: Database, migrated: str, statement: LiteralString
):
    events = await written(database, TRIPPED)

    with (
        psycopg.connect(migrated) as connection,
        pytest.raises(
            psycopg.errors.RaiseException, match="append-only: a correction is a new row"
        ),
    ):
        connection.execute(statement)

    assert await whole(database) == [list(events)]


async def test_pages_go_back_from_the_newest_and_are_filtered(database: Database):
    correction = PriceEvent(time=NOON, kind=Kind.CORRECTION, asset="ethereum")
    await written(database, TRIPPED, flags("depeg"), correction, flags("depeg", asset="ethereum"))

    assert await page(database) == [4, 3, 2, 1]
    assert await page(database, count=2) == [4, 3]
    assert await page(database, before=3) == [2, 1]
    assert await page(database, asset="ethereum") == [4, 3]
    assert await page(database, kinds=(Kind.FLAGS, Kind.CORRECTION)) == [4, 3, 2]
    assert await page(database, kinds=(Kind.FLAGS,), asset="bitcoin", before=4) == [2]


async def test_incidents_are_breakers_comparisons_and_disputes(database: Database):
    await written(
        database,
        TRIPPED,
        PriceEvent(time=NOON, kind=Kind.BREAKER_RELEASED),
        PriceEvent(time=NOON, kind=Kind.XCHECK),
        flags("low_quorum disputed"),
        flags("", cleared="disputed"),
        flags("xcheck_fail"),
        flags("undisputed low_quorum", cleared="depeg"),
        PriceEvent(time=NOON, kind=Kind.STATUS, detail={"raised": "disputed"}),
        PIN,
    )

    assert await page(database, incidents=True) == [6, 5, 4, 3, 2, 1]
    assert await page(database, incidents=True, kinds=(Kind.XCHECK,)) == [3]


async def test_the_last_change_of_each_asset_is_read(database: Database):
    held = PriceEvent(time=NOON, kind=Kind.STATUS, asset="bitcoin", new="held")
    await written(database, held, flags("depeg"), PIN, flags("", asset="ethereum"), flags(""))
    await written(database, TRIPPED)

    async with database.connection() as connection:
        found = await ledger.read_last_changes(connection, ["bitcoin", "ethereum", "dogecoin"])

    assert [event.sequence for event in found] == [1, 4, 5, 6]


async def test_the_models_are_what_the_migrations_make(migrated: str):
    # Raises when a migration is missing.
    await asyncio.to_thread(command.check, Config("alembic.ini"))


async def test_the_migration_can_be_taken_back(migrated: str):
    await asyncio.to_thread(command.downgrade, Config("alembic.ini"), "0001")

    with psycopg.connect(migrated) as connection:
        assert connection.execute("SELECT to_regclass('price_event')").fetchone() == (None,)


async def test_waiting_events_are_appended_in_their_order(database: Database):
    waiting = Waiting()
    waiting.put([TRIPPED, flags("depeg")])
    waiting.put([PIN])

    assert await waiting.append(database) == 3
    assert len(waiting) == 0
    ((first, second, third),) = await whole(database)
    assert [first.kind, second.kind, third.kind] == ["breaker_tripped", "flags", "pin"]


async def test_where_there_is_no_room_the_oldest_events_are_dropped_and_counted(database: Database):
    waiting = Waiting(most=2)
    waiting.put([TRIPPED, flags("depeg"), PIN])

    assert (waiting.dropped, await waiting.append(database)) == (1, 2)


async def test_an_append_of_which_nobody_knows_is_not_made_twice(database: Database):
    waiting = Waiting()
    waiting.put([TRIPPED, PIN])
    lost = _LosesTheAnswer(database)

    with pytest.raises(DatabaseAway):
        await waiting.append(lost)
    waiting.put([flags("depeg")])
    await written(database, flags("disputed"))
    await waiting.append(database)

    (events,) = await whole(database)
    assert [event.kind for event in events] == ["breaker_tripped", "pin", "flags", "flags"]
    assert verify(events).broken == 0


class _LosesTheAnswer(Database):
    """A database that commits and then does not answer any more."""

    def __init__(self, database: Database) -> None:
        self._whole = database

    @asynccontextmanager
    async def connection(self) -> AsyncGenerator[AsyncConnection]:
        async with self._whole.connection() as connection:
            yield connection
        raise DatabaseAway("the answer is lost")


async def test_events_wait_while_postgres_is_away_and_land_when_it_is_back(database: Database):
    waiting = Waiting()
    waiting.put([TRIPPED])
    away = Database("postgresql://postgres@127.0.0.1:1/postgres", patience=0.2)
    await away.open()

    with pytest.raises(DatabaseAway):
        await waiting.append(away)
    await away.close()
    task = asyncio.create_task(append_waiting(waiting, database))
    async with asyncio.timeout(20):
        while len(waiting):
            await asyncio.sleep(0.05)
    task.cancel()

    assert [len(batch) for batch in await whole(database)] == [1]


async def test_decisions_are_heard_of_once_and_those_before_the_start_too(database: Database):
    await written(database, PIN, TRIPPED)
    heard: asyncio.Queue[Decisions] = asyncio.Queue()
    task = asyncio.create_task(follow_decisions(database, heard.put_nowait, every=0.05))
    async with asyncio.timeout(20):
        first = await heard.get()
        detail = {"at": NOON.isoformat(), "factor": "1000.0"}
        await written(
            database,
            TRIPPED,
            PriceEvent(time=NOON, kind=Kind.REDENOMINATION, asset="bitcoin", detail=detail),
        )
        second = await heard.get()
    task.cancel()

    assert first.pinned == second.pinned == {("kraken", "BTC/USD"): "bitcoin"}
    assert first.redenominations == ()
    assert second.redenominations == (Redenomination("bitcoin", NOON.timestamp(), 1000.0),)
    assert heard.empty()
    async with database.connection() as connection:
        assert await ledger.read_decisions(connection) == second


async def test_decisions_that_are_known_are_not_told_again(database: Database):
    await written(database, PIN)
    async with database.connection() as connection:
        known = await ledger.read_decisions(connection)
    heard: asyncio.Queue[Decisions] = asyncio.Queue()
    task = asyncio.create_task(
        follow_decisions(database, heard.put_nowait, known=known, every=0.05)
    )
    await asyncio.sleep(0.3)
    async with asyncio.timeout(20):
        await written(
            database, PriceEvent(time=NOON, kind=Kind.DISABLE, venue="kraken", symbol="BTC/USD")
        )
        first = await heard.get()
    task.cancel()

    assert first.disabled == {("kraken", "BTC/USD"): True}
