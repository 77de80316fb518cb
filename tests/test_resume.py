"""A restart goes on from what the process before it knew."""

import numpy as np
import pytest
import redis.asyncio as redis

from app.market.quotes import Quote, QuoteBoard
from app.market.registry import Registry
from app.market.verdict import Status
from app.store.publisher import Publisher
from jobs.indexer import Indexer
from jobs.run import resume
from tests.market.board import BTC, NOW, USD, market

pytestmark = pytest.mark.store

MARKETS = tuple(market(venue, "bitcoin") for venue in ("a", "b", "c"))


def indexer(*, version: int, source: str = "sandbox") -> Indexer:
    registry = Registry(version, (USD, BTC), MARKETS)
    return Indexer(registry, QuoteBoard(3), source=source, venues=tuple, first_version=0)


def say(to: Indexer, *prices: float, at: float) -> None:
    for row, price in enumerate(prices):
        to.board.put(row, Quote("", price, price, price, turnover=1e6, time=at), at)


async def published(client: "redis.Redis") -> Publisher:
    """What a process left that priced bitcoin at 100 and saw one venue far outside the gate."""
    publisher, before = Publisher(client), indexer(version=1)
    say(before, 100.0, 100.0, 130.0, at=NOW)
    before.cycle(NOW)
    before.cycle(NOW + 1)
    assert before.frame is not None
    await publisher.publish_registry(before.registry)
    await publisher.publish_frame(before.frame)
    return publisher


async def test_after_a_restart_one_of_several_operators_is_still_the_last_of_several(
    valkey: "redis.Redis",
):
    publisher, after = await published(valkey), indexer(version=2)

    await resume(after, publisher, now=NOW + 5)

    say(after, 97.0, at=NOW + 6)
    snapshot, _ = after.cycle(NOW + 6)
    assert snapshot.columns["status"][1] == Status.HELD
    assert snapshot.columns["price"][1] == pytest.approx(100.0)


@pytest.mark.parametrize(("source", "now"), [("live", NOW + 5), ("sandbox", NOW - 5)])
async def test_another_source_and_a_clock_that_was_ahead_are_passed_over(
    valkey: "redis.Redis", source: str, now: float
):
    publisher, after = await published(valkey), indexer(version=2, source=source)

    await resume(after, publisher, now=now)

    assert np.isnan(after.prices).all()


async def test_without_a_frame_or_with_an_unreadable_one_a_process_starts_afresh(
    valkey: "redis.Redis",
):
    publisher, after = Publisher(valkey), indexer(version=2)
    await resume(after, publisher, now=NOW)
    await valkey.set("mg1:frame", b"junk")
    await valkey.set("mg1:registry", b"junk")

    await resume(after, publisher, now=NOW)

    assert np.isnan(after.prices).all()
