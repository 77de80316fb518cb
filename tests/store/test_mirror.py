"""A reader follows the market through a real Redis-protocol server."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import numpy as np
import pytest
import redis.asyncio as redis

from app.market.registry import Registry
from app.market.snapshot import (
    ASSET_COLUMNS,
    EMPTY_TOTALS,
    MarketSnapshot,
    delta_between,
)
from app.store import keys
from app.store.mirror import Mirror
from app.store.publisher import Publisher
from tests.market.board import BTC, USD, market

pytestmark = pytest.mark.store

REGISTRY = Registry(9, (USD, BTC), (market("a", "bitcoin"),))


def snapshot(version: int, price: float, *, registry: int = 9) -> MarketSnapshot:
    columns = {name: np.zeros(2, dtype=kind) for name, kind in ASSET_COLUMNS.items()}
    columns["price"] = np.array([1.0, price])
    return MarketSnapshot(version, registry, 100.0 + version, "sandbox", EMPTY_TOTALS, columns)


@asynccontextmanager
async def following(client: "redis.Redis") -> AsyncGenerator[Mirror]:
    mirror = Mirror(client, clock=lambda: 1000.0)
    task = asyncio.create_task(mirror.run())
    yield mirror
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def price_at(mirror: Mirror, *, after: int) -> float:
    async with asyncio.timeout(5):
        return float((await mirror.next_version(after)).columns["price"][1])


async def test_a_reader_loads_what_is_there_and_then_follows_the_deltas(valkey: "redis.Redis"):
    publisher = Publisher(valkey)
    first, second = snapshot(1, 50.0), snapshot(2, 51.0)
    await publisher.publish_registry(REGISTRY)
    await publisher.publish_whole(first, None)

    async with following(valkey) as mirror:
        assert await price_at(mirror, after=0) == 50.0
        await publisher.publish_delta(delta_between(first, second))
        assert await price_at(mirror, after=1) == 51.0
        assert mirror.registry.number_of["bitcoin"] == 1
        assert mirror.silence() == 0.0


async def test_a_gap_is_closed_by_the_next_whole_snapshot(valkey: "redis.Redis"):
    publisher = Publisher(valkey)
    first, third, fourth = snapshot(1, 50.0), snapshot(3, 53.0), snapshot(4, 54.0)
    await publisher.publish_registry(REGISTRY)
    await publisher.publish_whole(first, None)

    async with following(valkey) as mirror:
        await price_at(mirror, after=0)
        await publisher.publish_whole(fourth, delta_between(third, fourth))
        assert await price_at(mirror, after=1) == 54.0


async def test_a_snapshot_never_stands_beside_a_registry_of_another_version(
    valkey: "redis.Redis",
):
    publisher = Publisher(valkey)
    await publisher.publish_registry(REGISTRY)
    await publisher.publish_whole(snapshot(1, 50.0), None)

    async with following(valkey) as mirror:
        await price_at(mirror, after=0)
        await publisher.publish_registry(Registry(10, REGISTRY.assets, REGISTRY.markets))
        await publisher.publish_whole(snapshot(2, 60.0, registry=10), None)
        await price_at(mirror, after=1)
        assert mirror.snapshot is not None
        assert (mirror.registry.version, mirror.snapshot.registry_version) == (10, 10)


async def test_bytes_that_are_no_snapshot_leave_the_last_market(valkey: "redis.Redis"):
    publisher = Publisher(valkey)
    await publisher.publish_registry(REGISTRY)
    await publisher.publish_whole(snapshot(1, 50.0), None)

    async with following(valkey) as mirror:
        await price_at(mirror, after=0)
        await valkey.publish(keys.DELTAS, b"junk")
        await publisher.publish_delta(delta_between(snapshot(1, 50.0), snapshot(2, 51.0)))
        assert await price_at(mirror, after=1) == 51.0


async def test_without_redis_the_reader_has_no_market_and_infinite_silence():
    async with following(redis.from_url("redis://127.0.0.1:1")) as mirror:
        await asyncio.sleep(0.05)

        assert not mirror.ready
        assert mirror.silence() == float("inf")
