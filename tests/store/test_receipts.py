"""Receipts of what an indexer publishes, read through a real Redis-protocol server."""

import asyncio
from contextlib import suppress

import pytest
import redis.asyncio as redis

from app.market.quotes import Quote, QuoteBoard
from app.market.registry import Registry
from app.market.snapshot import delta_between
from app.store.mirror import Mirror
from app.store.publisher import Publisher
from app.store.receipts import Receipts
from jobs.indexer.cycles import Indexer
from tests.market.board import BTC, NOW, USD, market

pytestmark = pytest.mark.store

REGISTRY = Registry(9, (USD, BTC), tuple(market(f"v{index}", "bitcoin") for index in range(5)))


async def test_the_published_price_comes_out_again_with_every_bit(valkey: "redis.Redis"):
    indexer = Indexer(REGISTRY, QuoteBoard(5), source="sandbox", venues=lambda: (), first_version=0)
    publisher, mirror = Publisher(valkey), Mirror(valkey, clock=lambda: NOW)
    await publisher.publish_registry(REGISTRY)
    first, _ = indexer.cycle(NOW)
    await publisher.publish_whole(first, None)
    task = asyncio.create_task(mirror.run())
    async with asyncio.timeout(5):
        await mirror.next_version(0)
    for row in range(5):
        price = 50_000.0 / 3 + row
        indexer.board.put(row, Quote("", price, price - 1, price + 1, time=NOW), NOW + 0.1)

    second, _ = indexer.cycle(NOW + 0.25)
    await publisher.publish_delta(delta_between(first, second))
    assert indexer.frame is not None
    await publisher.publish_frame(indexer.frame)
    async with asyncio.timeout(5):
        await mirror.next_version(first.version)
    explained = await Receipts(mirror, clock=lambda: NOW).of("bitcoin")

    assert explained.published is not None
    assert explained.published.price.hex() == explained.receipt.price.hex()
    assert explained.reproduced is True
    assert (explained.receipt.version, explained.receipt.status) == (second.version, "ok")
    assert [line.venue for line in explained.receipt.contributors] == [f"v{i}" for i in range(5)]
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
