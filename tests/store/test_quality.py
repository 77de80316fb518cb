"""One measurement serves everyone for a second."""

import pytest
import redis.asyncio as redis

from app.market.crosscheck import CrosscheckReport
from app.market.registry import Registry
from app.store.mirror import Mirror
from app.store.publisher import Publisher
from app.store.quality import Measured
from tests.api.market import ASSETS, MARKETS, TIME, Clock, empty_mirror, filled_mirror


@pytest.fixture
def clock() -> Clock:
    return Clock(TIME)


@pytest.fixture
async def mirror(clock: Clock) -> Mirror:
    return await filled_mirror(clock)


@pytest.mark.unit
def test_nothing_is_measured_before_the_first_snapshot(clock: Clock):
    assert Measured(empty_mirror(clock), stale_after=5.0).quality() is None


@pytest.mark.unit
def test_within_a_second_everyone_gets_the_same_measurement(mirror: Mirror, clock: Clock):
    measured = Measured(mirror, stale_after=5.0)
    first = measured.quality()
    clock.now += 0.9

    assert measured.quality() is first


@pytest.mark.unit
def test_after_a_second_it_is_measured_again(mirror: Mirror, clock: Clock):
    measured = Measured(mirror, stale_after=5.0)
    measured.quality()
    clock.now += 1.0
    second = measured.quality()

    assert second is not None
    assert second.time == TIME + 1.0


@pytest.mark.unit
def test_another_registry_is_measured_at_once(mirror: Mirror, clock: Clock):
    measured = Measured(mirror, stale_after=5.0)
    first = measured.quality()
    mirror.registry = Registry(2, ASSETS, MARKETS)

    assert measured.quality() is not first


@pytest.mark.unit
def test_when_the_indexer_is_silent_every_price_is_stale(mirror: Mirror, clock: Clock):
    clock.now += 5.1
    found = Measured(mirror, stale_after=5.0).quality()

    assert found is not None
    assert found.coverage.by_status["stale"] == 4


@pytest.mark.store
async def test_a_published_comparison_reaches_every_reader(valkey: "redis.Redis", clock: Clock):
    report = CrosscheckReport(TIME, 3, 1, ("neiro",), ())
    await Publisher(valkey).publish_crosscheck(report)
    mirror = Mirror(valkey, clock=clock)
    await mirror._load()

    assert mirror.crosscheck == report
