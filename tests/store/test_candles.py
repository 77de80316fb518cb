"""Candles in a real PostgreSQL: written once, read back as they were."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from app.market.candles import Candles
from app.store.candles import create_partitions, read_all_candles, read_candles, write_candles
from app.store.database import Database, DatabaseAway

pytestmark = pytest.mark.store

DAY = datetime(2024, 2, 29, 12, tzinfo=UTC)
NOON = int(DAY.timestamp())


def candles(*, asset: int = 7, minutes: int = 3) -> Candles:
    time = NOON + 60 * np.arange(minutes)
    opened = np.arange(minutes, dtype=np.float64) + 10.0
    number = np.full(minutes, asset, dtype=np.int64)
    return Candles(number, time, opened, opened + 2, opened - 2, opened + 1, opened * 1e6)


async def stored(database: Database, *batches: Candles) -> list[int]:
    async with database.connection() as connection:
        await create_partitions(connection, today=DAY, days=1)
        return [await write_candles(connection, "1m", one, source="test") for one in batches]


async def test_candles_are_read_back_as_they_were_written(database: Database):
    await stored(database, candles())

    async with database.connection() as connection:
        since, until = DAY, DAY + timedelta(minutes=2)
        found = await read_candles(connection, "1m", 7, since=since, until=until)

    assert found.time.tolist() == [NOON, NOON + 60]
    assert found.open.tolist() == [10.0, 11.0]
    assert found.high.tolist() == [12.0, 13.0]
    assert found.low.tolist() == [8.0, 9.0]
    assert found.close.tolist() == [11.0, 12.0]
    assert found.volume.tolist() == [10e6, 11e6]


async def test_a_candle_is_stored_once_and_never_changed(database: Database):
    assert await stored(database, candles(minutes=2), candles(minutes=3)) == [2, 1]


async def test_all_assets_are_read_together(database: Database):
    await stored(database, candles(asset=2, minutes=1), candles(asset=1, minutes=1))

    async with database.connection() as connection:
        found = await read_all_candles(connection, "1m", since=DAY, until=DAY + timedelta(hours=1))

    assert sorted(found.asset.tolist()) == [1, 2]


async def test_an_asset_without_candles_gives_none(database: Database):
    await stored(database)

    async with database.connection() as connection:
        found = await read_candles(connection, "1m", 7, since=DAY, until=DAY + timedelta(hours=1))

    assert len(found) == 0


async def test_an_unknown_interval_is_refused_with_those_that_exist(database: Database):
    async with database.connection() as connection:
        with pytest.raises(ValueError, match="1m, 1h, not '2m'"):
            await read_candles(connection, "2m", 7, since=DAY, until=DAY)


async def test_a_database_that_is_away_is_a_typed_error():
    away = Database("postgresql://postgres@127.0.0.1:1/postgres", patience=0.2)
    await away.open()
    try:
        with pytest.raises(DatabaseAway, match="does not answer"):
            async with away.connection():
                pass
    finally:
        await away.close()
