"""Candles in Postgres: written by binary COPY, read as columns."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from psycopg import AsyncConnection, sql

from app.market.candles import HOUR, MINUTE, Candles

STEP = {"1m": MINUTE, "1h": HOUR}
"""Intervals that are stored, and the seconds of each."""

_TYPES = ["timestamptz", "int4", *["float8"] * 5, "text"]


async def write_candles(
    connection: AsyncConnection, interval: str, candles: Candles, *, source: str
) -> int:
    """Store the candles; those already there stay as they are. How many were new."""
    table = _table(interval)
    copy_in = sql.SQL("COPY arriving FROM STDIN (FORMAT BINARY)")
    async with connection.transaction(), connection.cursor() as cursor:
        await cursor.execute(sql.SQL("CREATE TEMP TABLE arriving (LIKE {})").format(table))
        async with cursor.copy(copy_in) as copy:
            copy.set_types(_TYPES)
            for row in _rows(candles):
                await copy.write_row((*row, source))
        await cursor.execute(
            sql.SQL("INSERT INTO {} SELECT * FROM arriving ON CONFLICT DO NOTHING").format(table)
        )
        stored = cursor.rowcount
        await cursor.execute("DROP TABLE arriving")
        return stored


async def read_candles(
    connection: AsyncConnection, interval: str, asset: int, *, since: datetime, until: datetime
) -> Candles:
    """Candles of one asset that begin in [since, until), oldest first."""
    query = sql.SQL(
        "SELECT asset, extract(epoch FROM time)::float8, open, high, low, close, volume"
        " FROM {} WHERE asset = %s AND time >= %s AND time < %s ORDER BY time"
    )
    cursor = await connection.execute(query.format(_table(interval)), (asset, since, until))
    return _candles(await cursor.fetchall())


async def read_all_candles(
    connection: AsyncConnection, interval: str, *, since: datetime, until: datetime
) -> Candles:
    """Candles of all assets that begin in [since, until), oldest first."""
    query = sql.SQL(
        "SELECT asset, extract(epoch FROM time)::float8, open, high, low, close, volume"
        " FROM {} WHERE time >= %s AND time < %s ORDER BY time"
    )
    cursor = await connection.execute(query.format(_table(interval)), (since, until), prepare=True)
    return _candles(await cursor.fetchall())


async def count_candles(
    connection: AsyncConnection, interval: str, *, since: datetime, until: datetime
) -> dict[int, int]:
    """How many candles of each asset begin in [since, until); assets without any are left out."""
    query = sql.SQL("SELECT asset, count(*) FROM {} WHERE time >= %s AND time < %s GROUP BY asset")
    cursor = await connection.execute(query.format(_table(interval)), (since, until))
    return dict(await cursor.fetchall())


async def create_partitions(connection: AsyncConnection, *, today: datetime, days: int) -> None:
    """From a week ago to `days` ahead, each day of minutes and month of hours has its partition."""
    for offset in range(-8, days + 1):
        day = datetime(today.year, today.month, today.day, tzinfo=UTC) + timedelta(days=offset)
        month = day.replace(day=1)
        following = (month + timedelta(days=32)).replace(day=1)
        await _partition(connection, "1m", f"{day:%Y%m%d}", day, day + timedelta(days=1))
        await _partition(connection, "1h", f"{month:%Y%m}", month, following)


async def _partition(
    connection: AsyncConnection, interval: str, suffix: str, start: datetime, end: datetime
) -> None:
    statement = sql.SQL(
        "CREATE TABLE IF NOT EXISTS {} PARTITION OF {} FOR VALUES FROM ({}) TO ({})"
    )
    name = sql.Identifier(f"candle_{interval}_{suffix}")
    await connection.execute(
        statement.format(name, _table(interval), sql.Literal(start), sql.Literal(end))
    )


def _table(interval: str) -> sql.Identifier:
    if interval not in STEP:
        raise ValueError(f"interval is one of {', '.join(STEP)}, not {interval!r}")
    return sql.Identifier(f"candle_{interval}")


def _rows(candles: Candles) -> Iterator[tuple[object, ...]]:
    times = [datetime.fromtimestamp(second, UTC) for second in candles.time.tolist()]
    prices = (candles.open, candles.high, candles.low, candles.close, candles.volume)
    columns = (column.tolist() for column in prices)
    return zip(times, candles.asset.tolist(), *columns, strict=True)


def _candles(rows: list[tuple[object, ...]]) -> Candles:
    found: NDArray[np.float64] = np.array(rows, dtype=np.float64).reshape(-1, 7)
    asset, time = found[:, 0].astype(np.int64), found[:, 1].astype(np.int64)
    return Candles(asset, time, *(found[:, column] for column in range(2, 7)))
