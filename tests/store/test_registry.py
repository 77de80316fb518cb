"""The registry in a real PostgreSQL."""

from datetime import UTC, datetime
from math import isnan

import pytest

from app.market.registry import Registry
from app.store.database import Database
from app.store.registry import load_assets, load_markets, save_registry
from tests.market.board import BTC, ETH, USD, market

pytestmark = pytest.mark.store

NOW = datetime(2024, 1, 1, tzinfo=UTC)


async def saved(database: Database, *registries: Registry) -> None:
    async with database.connection() as connection:
        for registry in registries:
            await save_registry(connection, registry, now=NOW)


async def test_assets_keep_their_numbers_and_unknown_stays_unknown(database: Database):
    await saved(database, Registry(1, (USD, BTC), (market("a", "bitcoin"),)))
    await saved(database, Registry(2, (USD, BTC, ETH), (market("a", "bitcoin"),)))

    async with database.connection() as connection:
        assets = await load_assets(connection)

    assert [asset.id for asset in assets] == ["usd", "bitcoin", "ethereum"]
    assert isnan(assets[1].circulating)


async def test_a_market_that_is_no_longer_listed_gets_an_end_date(database: Database):
    kept, gone = market("a", "bitcoin"), market("b", "bitcoin")
    await saved(database, Registry(1, (USD, BTC), (kept, gone)), Registry(2, (USD, BTC), (kept,)))

    async with database.connection() as connection:
        current = await load_markets(connection)
        rows = await connection.execute("SELECT venue, valid_to FROM market ORDER BY venue")
        dates = await rows.fetchall()

    assert current == (kept,)
    assert dates == [("a", None), ("b", NOW)]


async def test_saving_the_same_registry_twice_changes_nothing(database: Database):
    registry = Registry(1, (USD, BTC), (market("a", "bitcoin"),))
    await saved(database, registry, registry)

    async with database.connection() as connection:
        rows = await connection.execute("SELECT count(*) FROM market")
        assert await rows.fetchone() == (1,)
