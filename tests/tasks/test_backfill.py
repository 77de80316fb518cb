"""The last seven days from simulated venues into a real PostgreSQL."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from math import nan

import httpx
import numpy as np
import pytest

from app.market.candles import Candles, candles_at
from app.market.registry import Registry
from app.market.stats import History
from app.store.candles import create_partitions, read_candles
from app.store.database import Database
from jobs.feed import Address
from jobs.mapping import build_registry
from jobs.reach import fetch_listings, sandbox_addresses
from jobs.rest import HistoryReader
from jobs.sandbox.voices import VOICES
from jobs.seed import load_seed
from jobs.tasks.backfill import Present, backfill
from jobs.venue import Budget
from jobs.venues import VENUES
from tests.sandbox.market import START, Clock, open_sandbox

pytestmark = [pytest.mark.store, pytest.mark.wire]

SEEDS = load_seed()
HOUR = 3600
UNTIL = int(START) // HOUR * HOUR
SINCE = UNTIL - 168 * HOUR
PLENTY = Budget(cost=100_000, seconds=1.0)
NOTHING = candles_at(0, np.empty(0, dtype=np.int64), *(np.empty(0),) * 5)


@dataclass
class Simulated:
    """A sandbox, the registry of its markets, and what a running index would have heard."""

    url: str
    client: httpx.AsyncClient
    addresses: dict[str, Address]
    registry: Registry
    remembered: list[Candles] = field(default_factory=list)

    async def fill(self, database: Database) -> None:
        """Run the task to its end."""
        known = {seed.id: seed.price for seed in SEEDS}
        prices = np.array([known.get(asset.id, nan) for asset in self.registry.assets])
        volumes = np.full(len(self.registry.markets), nan)
        readers = [
            HistoryReader(
                replace(VENUES[name], budget=PLENTY),
                call,
                address=self.addresses[name],
                client=self.client,
                first_wait=0.01,
            )
            for name in self.addresses
            if (call := VENUES[name].history) is not None
        ]
        present = Present(
            prices=lambda: prices, volumes=lambda: volumes, remember=self.remembered.append
        )
        await backfill(database, self.registry, readers, present, now=START + 60, label="sandbox")

    def listed_at(self, *venues: str) -> set[int]:
        """Assets that have a market at one of these venues."""
        markets = [market.base for market in self.registry.markets if market.venue in venues]
        return {self.registry.number_of[id] for id in markets}

    async def calls(self, venue: str) -> int:
        """How often the venue was called."""
        return (await self.client.get(f"{self.url}/admin/traffic")).json()[venue]["calls"]


@asynccontextmanager
async def simulating(
    *venues: str, assets: int = 12, unlisted: tuple[str, str] = ("", "")
) -> AsyncGenerator[Simulated]:
    """A sandbox of these venues; one of them does not list one base ticker."""
    async with (
        open_sandbox(Clock(), *(VOICES[name] for name in venues), assets=assets) as url,
        httpx.AsyncClient() as client,
    ):
        addresses = await sandbox_addresses(client, url)
        listings = await fetch_listings(VENUES, addresses, client)
        kept = {
            venue: [row for row in rows if (venue, row.base) != unlisted]
            for venue, rows in listings.items()
        }
        registry = build_registry(SEEDS, kept, VENUES, version=1)
        yield Simulated(url, client, addresses, registry)


@pytest.fixture
async def empty(database: Database) -> Database:
    """A database with partitions for the simulated days and no candles."""
    async with database.connection() as connection:
        await create_partitions(connection, today=datetime.fromtimestamp(START, UTC), days=1)
    return database


async def rows(database: Database) -> Counter[tuple[int, str]]:
    """How many hours are stored, by asset and source."""
    async with database.connection() as connection:
        cursor = await connection.execute("SELECT asset, source FROM candle_1h")
        return Counter(await cursor.fetchall())


async def stored(database: Database, asset: int) -> Candles:
    async with database.connection() as connection:
        since, until = (datetime.fromtimestamp(at, UTC) for at in (0, START))
        return await read_candles(connection, "1h", asset, since=since, until=until)


async def test_each_asset_has_a_week_of_closed_hours_under_its_source(empty: Database):
    async with simulating("bybit", "okx") as simulated:
        await simulated.fill(empty)

        found = await rows(empty)
        assert {asset for asset, _ in found} == simulated.listed_at("bybit", "okx")
        assert {source for _, source in found} <= {"sandbox:bybit", "sandbox:okx"}
        assert set(found.values()) == {168}


async def test_what_is_stored_is_what_the_venue_told_in_usd(empty: Database):
    async with simulating("kraken") as simulated:
        await simulated.fill(empty)
        call = VENUES["kraken"].history
        assert call is not None
        path = call.path("BTC/USD", SINCE, UNTIL)
        told = call.parse((await simulated.client.get(f"{simulated.url}/kraken{path}")).content)
        bitcoin = await stored(empty, simulated.registry.number_of["bitcoin"])

    assert bitcoin.time.tolist() == list(range(SINCE, UNTIL, HOUR))
    assert bitcoin.open.tolist() == [hour.open for hour in told]
    assert bitcoin.high.tolist() == [hour.high for hour in told]
    assert bitcoin.low.tolist() == [hour.low for hour in told]
    assert bitcoin.close.tolist() == [hour.close for hour in told]
    assert np.isnan(bitcoin.volume).all()


async def test_a_price_in_a_stablecoin_is_converted_by_that_stablecoin_s_own_hours(
    empty: Database,
):
    async with simulating("kraken", "binance") as simulated:
        number_of = simulated.registry.number_of
        await simulated.fill(empty)
        coin = await stored(empty, number_of["usd-coin"])
        found = await rows(empty)
        call = VENUES["binance"].history
        assert call is not None
        path = call.path("BTCUSDC", SINCE, UNTIL)
        told = call.parse((await simulated.client.get(f"{simulated.url}/binance{path}")).content)
        bitcoin = await stored(empty, number_of["bitcoin"])

    assert (number_of["usd-coin"], "sandbox:kraken") in found
    assert (number_of["bitcoin"], "sandbox:binance") in found
    assert bitcoin.close.tolist() == pytest.approx(
        [hour.close * rate for hour, rate in zip(told, coin.close, strict=True)], rel=1e-12
    )
    assert len(set(coin.close.tolist())) > 1


async def test_a_fresh_index_shows_changes_and_sparklines_at_once(empty: Database):
    async with simulating("binance") as simulated:
        await simulated.fill(empty)
        history = History(len(simulated.registry.assets))
        for hours in simulated.remembered:
            history.fill(minutes=NOTHING, hours=hours)
        listed = sorted(simulated.listed_at("binance"))

    price = np.ones(len(simulated.registry.assets))
    changes = history.changes(START + 60, price)
    assert np.isfinite(changes.day[listed]).all()
    assert np.isfinite(changes.week[listed]).all()
    assert np.isfinite(history.sparks(START + 60, points=56)[listed, :-1]).all()


async def test_a_restart_asks_for_nothing_and_writes_nothing_twice(empty: Database):
    async with simulating("bybit") as simulated:
        await simulated.fill(empty)
        before, calls = await rows(empty), await simulated.calls("bybit")
        simulated.remembered.clear()
        await simulated.fill(empty)

        assert await rows(empty) == before
        assert await simulated.calls("bybit") == calls
        assert simulated.remembered == []


async def test_after_an_interruption_only_what_is_missing_is_fetched(empty: Database):
    async with simulating("bybit", assets=20) as simulated:
        task = asyncio.create_task(simulated.fill(empty))
        while not simulated.remembered:
            await asyncio.sleep(0.001)
        task.cancel()
        await asyncio.wait([task])
        done = {asset for asset, _ in await rows(empty)}
        calls = await simulated.calls("bybit")
        await simulated.fill(empty)

        listed = simulated.listed_at("bybit")
        assert 0 < len(done) < len(listed)
        assert await simulated.calls("bybit") == calls + len(listed - done)
        assert set((await rows(empty)).values()) == {168}


async def test_hours_that_are_there_stay_as_they_are(empty: Database):
    async with simulating("bybit") as simulated:
        bitcoin = simulated.registry.number_of["bitcoin"]
        async with empty.connection() as connection:
            await connection.execute(
                "INSERT INTO candle_1h"
                " SELECT to_timestamp(%s + 3600 * n), %s, 1, 1, 1, 1, 1, 'live'"
                " FROM generate_series(0, 49) n",
                (SINCE, bitcoin),
            )
        await simulated.fill(empty)
        found = await rows(empty)

        assert found[bitcoin, "live"] == 50
        assert found[bitcoin, "sandbox:bybit"] == 118


async def test_an_asset_that_no_venue_tells_the_past_of_is_left_alone(empty: Database):
    async with simulating("bybit", "gate", unlisted=("bybit", "DOGE")) as simulated:
        await simulated.fill(empty)

        told = {asset for asset, _ in await rows(empty)}
        dogecoin = simulated.registry.number_of["dogecoin"]
        assert dogecoin in simulated.listed_at("gate")
        assert told == simulated.listed_at("gate", "bybit") - {dogecoin}


async def test_a_failing_venue_does_not_keep_the_others_from_telling(empty: Database):
    async with simulating("binance", "bybit", assets=40) as simulated:
        fault = {"kind": "status", "venue": "binance", "status": 503}
        ordered = await simulated.client.post(f"{simulated.url}/admin/faults", json=fault)
        calls = await simulated.calls("binance")
        await simulated.fill(empty)

        assert ordered.status_code == 201
        assert {source for _, source in await rows(empty)} == {"sandbox:bybit"}
        assert {asset for asset, _ in await rows(empty)} == simulated.listed_at("bybit")
        # Eight markets at a time, three attempts each, and then no more.
        assert await simulated.calls("binance") - calls <= 24 + 2 * 3
