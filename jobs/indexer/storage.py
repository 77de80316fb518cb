"""Candles to Postgres, and what was stored before back into memory."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog

from app.market.candles import HOUR, MINUTE
from app.market.units import in_todays_units
from app.store.candles import create_partitions, read_all_candles, write_candles
from app.store.database import Database, DatabaseAway
from jobs.indexer.cycles import Indexer

log = structlog.get_logger(__name__)

STORE_EVERY = 1.0
MINUTES_BACK = timedelta(minutes=70)
HOURS_BACK = timedelta(days=7, hours=2)
PARTITION_DAYS = 3
"""How many days ahead partitions are made."""


async def store(indexer: Indexer, database: Database) -> None:
    """Write closed candles as they come; while Postgres is away they wait."""
    away = False
    while True:
        await asyncio.sleep(STORE_EVERY)
        try:
            stored = await _store_waiting(indexer, database)
        except DatabaseAway as error:
            if not away:
                log.warning("database_away", reason=str(error))
            away = True
        else:
            if away and stored:
                log.info("database_back", candles=stored)
                away = False


async def recall(indexer: Indexer, database: Database, *, clock: Callable[[], float]) -> None:
    """Changes, ranges and sparklines know what was stored before this process began."""
    now = datetime.fromtimestamp(clock(), UTC)
    until = now + timedelta(minutes=1)
    async with database.connection() as connection:
        minutes = await read_all_candles(connection, "1m", since=now - MINUTES_BACK, until=until)
        hours = await read_all_candles(connection, "1h", since=now - HOURS_BACK, until=until)
    indexer.remember(
        minutes=in_todays_units(minutes, indexer.registry, seconds=MINUTE),
        hours=in_todays_units(hours, indexer.registry, seconds=HOUR),
    )
    log.info("history_recalled", minutes=len(minutes), hours=len(hours))


async def prepare(database: Database, *, now: float) -> None:
    """Partitions exist for today and the days to come."""
    async with database.connection() as connection:
        await create_partitions(
            connection, today=datetime.fromtimestamp(now, UTC), days=PARTITION_DAYS
        )


async def _store_waiting(indexer: Indexer, database: Database) -> int:
    stored = 0
    while indexer.unstored:
        interval, candles = indexer.unstored[0]
        async with database.connection() as connection:
            stored += await write_candles(connection, interval, candles, source=indexer.source)
        indexer.unstored.popleft()
    return stored
