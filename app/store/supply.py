"""Supplies in Postgres: rows are appended when something changed, and never written again."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from math import isnan, nan

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import class_row

from app.market.supply import Observation, Supply


class Decision(msgspec.Struct, frozen=True):
    """A supply and since when it has been the decided one."""

    asset: str
    decided: float
    """Epoch seconds."""
    supply: Supply


class _ObservationRow(msgspec.Struct):
    asset: str
    source: str
    time: float
    circulating: float | None
    total: float | None
    maximum: float | None


class _DecisionRow(msgspec.Struct):
    asset: str
    decided: float
    circulating: float | None
    total: float | None
    maximum: float | None
    sources: list[str]
    time: float | None
    suspect: bool


async def write_observations(
    connection: AsyncConnection, observations: Iterable[Observation]
) -> None:
    """The observations are stored after all earlier ones."""
    async with connection.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO supply_observation (asset, source, time, circulating, total, maximum)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            [(one.asset, one.source, _time(one.time), *_figures(one)) for one in observations],
        )


async def newest_observations(
    connection: AsyncConnection, *, source: str = ""
) -> tuple[Observation, ...]:
    """The last thing that each source, or the named one alone, said of each asset."""
    async with connection.cursor(row_factory=class_row(_ObservationRow)) as cursor:
        await cursor.execute(
            "SELECT DISTINCT ON (asset, source) asset, source,"
            " extract(epoch FROM time)::float8 AS time, circulating, total, maximum"
            " FROM supply_observation WHERE source = %(source)s OR %(source)s = ''"
            " ORDER BY asset, source, supply_observation.time DESC, id DESC",
            {"source": source},
        )
        return tuple(
            Observation(
                row.asset,
                row.source,
                row.time,
                _known(row.circulating),
                _known(row.total),
                _known(row.maximum),
            )
            for row in await cursor.fetchall()
        )


async def write_decisions(connection: AsyncConnection, decisions: Iterable[Decision]) -> None:
    """The decisions are stored after all earlier ones."""
    async with connection.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO supply_decision"
            " (asset, decided, circulating, total, maximum, sources, time, suspect)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (
                    *(one.asset, _time(one.decided), *_figures(one.supply)),
                    *(list(one.supply.sources), _time(one.supply.time), one.supply.suspect),
                )
                for one in decisions
            ],
        )


async def newest_decisions(connection: AsyncConnection) -> tuple[Decision, ...]:
    """What is decided now, an asset each."""
    async with connection.cursor(row_factory=class_row(_DecisionRow)) as cursor:
        await cursor.execute(
            "SELECT DISTINCT ON (asset) asset, extract(epoch FROM decided)::float8 AS decided,"
            " circulating, total, maximum, sources, extract(epoch FROM time)::float8 AS time,"
            " suspect FROM supply_decision"
            " ORDER BY asset, supply_decision.decided DESC, id DESC"
        )
        return tuple(_decision(row) for row in await cursor.fetchall())


async def write_calls(connection: AsyncConnection, source: str, hours: Mapping[int, int]) -> None:
    """The calls of these hours, keyed by epoch seconds, are the stored ones."""
    async with connection.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO source_calls VALUES (%s, %s, %s)"
            " ON CONFLICT (source, hour) DO UPDATE SET calls = excluded.calls",
            [(source, _time(hour), calls) for hour, calls in hours.items()],
        )


async def read_calls(connection: AsyncConnection, source: str, *, since: float) -> dict[int, int]:
    """Calls by the epoch second in which their hour began, from the hour of `since` on."""
    cursor = await connection.execute(
        "SELECT extract(epoch FROM hour)::int8, calls FROM source_calls"
        " WHERE source = %s AND hour >= date_trunc('hour', %s::timestamptz)",
        (source, _time(since)),
    )
    return dict(await cursor.fetchall())


def _decision(row: _DecisionRow) -> Decision:
    supply = Supply(
        circulating=_known(row.circulating),
        total=_known(row.total),
        maximum=_known(row.maximum),
        sources=tuple(row.sources),
        time=_known(row.time),
        suspect=row.suspect,
    )
    return Decision(row.asset, row.decided, supply)


def _figures(said: Observation | Supply) -> tuple[float | None, ...]:
    return tuple(
        None if isnan(value) else value for value in (said.circulating, said.total, said.maximum)
    )


def _time(seconds: float) -> datetime | None:
    return None if isnan(seconds) else datetime.fromtimestamp(seconds, UTC)


def _known(value: float | None) -> float:
    return nan if value is None else value
