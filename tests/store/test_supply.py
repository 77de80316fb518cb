"""Supplies in a real PostgreSQL."""

from math import isnan, nan

import pytest

from app.market.supply import Observation, Supply
from app.store.database import Database
from app.store.supply import (
    Decision,
    newest_decisions,
    newest_observations,
    read_calls,
    write_calls,
    write_decisions,
    write_observations,
)

pytestmark = pytest.mark.store

THEN, NOW = 1_759_990_000.5, 1_760_000_000.25


async def test_the_last_word_of_each_source_comes_back(database: Database):
    old = Observation("pepe", "coingecko", THEN, 1.0, 2.0, 3.0)
    new = Observation("pepe", "coingecko", NOW, 4.2e17, nan, nan)
    other = Observation("pepe", "coinpaprika", THEN, nan, 5.0, 6.0)
    async with database.connection() as connection:
        await write_observations(connection, [new, other])
        await write_observations(connection, [old])
    async with database.connection() as connection:
        first, second = await newest_observations(connection)

    assert (first.source, first.time, first.circulating) == ("coingecko", NOW, 4.2e17)
    assert isnan(first.total)
    assert (second.source, second.total, second.maximum) == ("coinpaprika", 5.0, 6.0)
    assert isnan(second.circulating)


async def test_nothing_that_was_said_is_overwritten(database: Database):
    said = Observation("pepe", "coingecko", THEN, 1.0, 2.0, 3.0)
    async with database.connection() as connection:
        await write_observations(connection, [said, said])
        rows = await connection.execute("SELECT count(*) FROM supply_observation")

        assert await rows.fetchone() == (2,)


async def test_what_is_decided_now_comes_back(database: Database):
    first = Decision("pepe", THEN, Supply(1.0, 2.0, 3.0, ("coingecko",), THEN, suspect=True))
    later = Decision("pepe", NOW, Supply(4.0, 5.0, 6.0, ("a", "b"), THEN, suspect=False))
    async with database.connection() as connection:
        await write_decisions(connection, [first])
        await write_decisions(connection, [later])
    async with database.connection() as connection:
        assert await newest_decisions(connection) == (later,)


async def test_an_unknown_supply_stays_unknown(database: Database):
    unknown = Decision("pepe", NOW, Supply(nan, nan, nan, (), nan, suspect=False))
    async with database.connection() as connection:
        await write_decisions(connection, [unknown])
        (back,) = await newest_decisions(connection)

    assert (isnan(back.supply.circulating), isnan(back.supply.time)) == (True, True)
    assert (back.supply.sources, back.decided) == ((), NOW)


async def test_the_calls_of_an_hour_are_replaced_and_older_hours_stay(database: Database):
    async with database.connection() as connection:
        await write_calls(connection, "coingecko", {3600: 7, 7200: 1})
        await write_calls(connection, "coingecko", {7200: 5})
        await write_calls(connection, "coinpaprika", {7200: 9})

        assert await read_calls(connection, "coingecko", since=0.0) == {3600: 7, 7200: 5}
        assert await read_calls(connection, "coingecko", since=7300.0) == {7200: 5}
