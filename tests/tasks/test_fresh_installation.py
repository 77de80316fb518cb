"""A jobs process that never ran before shows changes and sparklines within seconds."""

import asyncio
import time
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager, suppress
from math import isnan, nan

import numpy as np
import pytest
import redis.asyncio as redis

from app.market.candles import Candles
from app.market.quotes import QuoteBoard
from app.market.registry import Registry
from app.settings import Settings
from app.store import keys
from app.store.mirror import SPARK_POINTS, Mirror
from app.store.publisher import Publisher
from jobs.indexer import Indexer
from jobs.indexer.broadcast import SPARKS_SOON, _Broadcast
from jobs.launcher.stores import Urls
from jobs.run import run
from jobs.sandbox import serve
from tests.market.board import BTC, USD, market

pytestmark = [pytest.mark.store, pytest.mark.wire]

NOW = 1_700_003_000.0
"""Some minutes before the hour is full."""
HOUR = 3600


@asynccontextmanager
async def running(work: Coroutine[object, object, None]) -> AsyncGenerator[None]:
    """The work goes on while the block does."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_a_first_start_has_a_past_to_show(
    servers: Urls, migrated: str, valkey: "redis.Redis"
):
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    mirror = Mirror(valkey, clock=time.time)
    async with running(serve(assets=20, rate=2000.0, ready=address.set_result)):
        settings = Settings.model_validate(
            {
                "source": "sandbox",
                "sandbox_url": await address,
                "DATABASE_URL": migrated,
                "REDIS_URL": servers.redis_url,
            }
        )
        async with running(run(settings, clock=time.time)), running(mirror.run()):
            async with asyncio.timeout(40):
                while not _has_a_past(mirror):
                    await asyncio.sleep(0.1)

    assert mirror.snapshot is not None
    bitcoin = mirror.registry.number_of["bitcoin"]
    assert np.isfinite(mirror.sparks[bitcoin]).sum() >= SPARK_POINTS - 1
    assert not isnan(mirror.snapshot.columns["change_7d"][bitcoin])


def _has_a_past(mirror: Mirror) -> bool:
    """Whether the best-known asset shows its day's change and a sparkline."""
    bitcoin = mirror.registry.number_of.get("bitcoin")
    if bitcoin is None or mirror.snapshot is None or bitcoin >= len(mirror.sparks):
        return False
    day = float(mirror.snapshot.columns["change_24h"][bitcoin])
    return not isnan(day) and bool(np.isfinite(mirror.sparks[bitcoin][:-1]).all())


async def test_sparklines_are_sent_again_soon_after_their_past_was_filled_in(
    valkey: "redis.Redis",
):
    registry = Registry(1, (USD, BTC), (market("a", "bitcoin"),))
    indexer = Indexer(registry, QuoteBoard(1), source="live", venues=lambda: (), first_version=1)
    out = _Broadcast(indexer, Publisher(valkey))
    hour = int(NOW) // HOUR * HOUR - 3 * HOUR

    async def sent(at: float) -> list[float]:
        """Bitcoin's known closes after the broadcast of that moment."""
        await out.send(*indexer.cycle(NOW + at), at=at)
        body = await valkey.get(keys.SPARKS)
        closes = np.frombuffer(body, dtype=np.float32).reshape(-1, SPARK_POINTS)[1]
        return closes[np.isfinite(closes)].tolist()

    first = await sent(0.0)
    price = np.array([2.0])
    indexer.remember(
        hours=Candles(np.array([1]), np.array([hour]), price, price, price, price, price * nan)
    )

    assert [first, await sent(SPARKS_SOON - 0.1), await sent(SPARKS_SOON)] == [[], [], [2.0]]


def test_the_index_tells_its_last_good_prices():
    registry = Registry(1, (USD, BTC), (market("a", "bitcoin"),))
    indexer = Indexer(registry, QuoteBoard(1), source="live", venues=lambda: (), first_version=1)
    indexer.cycle(NOW)

    assert indexer.prices.tolist() == pytest.approx([1.0, nan], nan_ok=True)
