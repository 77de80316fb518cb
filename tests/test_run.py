"""The whole jobs process against a real sandbox, a real PostgreSQL and a real Valkey."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import httpx
import numpy as np
import pytest
import redis.asyncio as redis

from app.market.verdict import Status
from app.settings import Settings
from app.store.database import Database
from app.store.mirror import Mirror
from app.store.registry import load_markets
from jobs.launcher.stores import Urls
from jobs.run import run
from jobs.sandbox import serve

pytestmark = pytest.mark.wire

ASSETS = 40


@asynccontextmanager
async def task_of(work: "asyncio.Task[None]") -> AsyncGenerator[None]:
    """The task runs while the block does."""
    try:
        yield
    finally:
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work


@pytest.fixture
async def sandbox() -> AsyncGenerator[str]:
    """The address of a small simulated market."""
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    serving = serve(
        host="127.0.0.1", port=0, assets=ASSETS, seed=1, rate=2000.0, ready=address.set_result
    )
    async with task_of(asyncio.create_task(serving)):
        yield await asyncio.wait_for(address, 20)


@asynccontextmanager
async def market(
    servers: Urls, migrated: str, sandbox: str, valkey: "redis.Redis"
) -> AsyncGenerator[Mirror]:
    """A reader's view of a market that is being made."""
    settings = Settings.model_validate(
        {
            "source": "sandbox",
            "sandbox_url": sandbox,
            "DATABASE_URL": migrated,
            "REDIS_URL": servers.redis_url,
        }
    )
    mirror = Mirror(valkey, clock=time.time)
    async with (
        task_of(asyncio.create_task(run(settings, clock=time.time))),
        task_of(asyncio.create_task(mirror.run())),
    ):
        yield mirror


async def settled(mirror: Mirror, wanted: int, *, seconds: float = 30) -> None:
    """At least so many assets are published as ok, and every venue is live."""
    version = 0
    async with asyncio.timeout(seconds):
        while True:
            snapshot = await mirror.next_version(version)
            version = snapshot.version
            live = snapshot.totals.venues_live == snapshot.totals.venues
            if live and (snapshot.columns["status"] == Status.OK).sum() >= wanted:
                return


async def test_a_simulated_market_is_priced_published_and_stored(
    servers: Urls, migrated: str, database: Database, sandbox: str, valkey: "redis.Redis"
):
    async with market(servers, migrated, sandbox, valkey) as mirror:
        await settled(mirror, 30)
        snapshot = mirror.snapshot
        assert snapshot is not None
        bitcoin = mirror.registry.number_of["bitcoin"]
        async with httpx.AsyncClient() as client:
            rows = (await client.get(f"{sandbox}/kraken/0/public/Ticker?assetVersion=1")).json()
        last = float(rows["result"]["BTC/USD"]["c"][0])

        assert snapshot.source == "sandbox"
        assert snapshot.columns["price"][bitcoin] == pytest.approx(last, rel=0.01)
        assert snapshot.columns["sources"][bitcoin] >= 10
        assert snapshot.totals.venues_live == 12
        assert snapshot.columns["rank"][bitcoin] == 1
        async with database.connection() as connection:
            assert len(await load_markets(connection)) == len(mirror.registry.markets)


async def test_a_flash_crash_on_one_venue_moves_its_vote_and_not_the_price(
    servers: Urls, migrated: str, sandbox: str, valkey: "redis.Redis"
):
    async with market(servers, migrated, sandbox, valkey) as mirror:
        await settled(mirror, 30)
        assert mirror.snapshot is not None
        bitcoin = mirror.registry.number_of["bitcoin"]
        before = float(mirror.snapshot.columns["price"][bitcoin])
        fault = {"venue": "kraken", "kind": "flash_crash", "asset": "bitcoin", "factor": 0.1}
        async with httpx.AsyncClient() as client:
            answer = await client.post(f"{sandbox}/admin/faults", json={**fault, "seconds": 20})
            assert answer.is_success, answer.text
        crashed = [
            number
            for number, row in enumerate(mirror.registry.markets)
            if row.venue == "kraken" and row.base == "bitcoin" and row.quote == "usd"
        ]
        async with asyncio.timeout(15):
            while mirror.votes is None or not _is_below(mirror, crashed, 0.5 * before):
                await mirror.next_version(mirror.snapshot.version)

        assert mirror.snapshot.columns["price"][bitcoin] == pytest.approx(before, rel=0.01)


def _is_below(mirror: Mirror, markets: list[int], price: float) -> bool:
    assert mirror.votes is not None
    return bool(np.all(mirror.votes.columns["usd"][markets] < price))
