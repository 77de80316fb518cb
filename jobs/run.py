"""Composition root of the jobs process: from a source of quotes to Redis and Postgres."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
import redis.asyncio as redis
import structlog
from redis.exceptions import RedisError

from app.market.health import VenueHealth
from app.market.quotes import QuoteBoard
from app.market.registry import Registry
from app.settings import Settings
from app.store.database import Database
from app.store.publisher import Publisher
from jobs.collector import Collector
from jobs.feed import StreamAndRest
from jobs.health import told
from jobs.indexer import Indexer, broadcast
from jobs.memory import keep_arrays_on_the_heap
from jobs.reach import fetch_listings, sandbox_addresses
from jobs.registry import identify
from jobs.replay import Player, load_tape
from jobs.rest import HistoryReader
from jobs.tasks.ledger import Waiting
from jobs.upkeep import Upkeep, reference_rounds, volume_trust
from jobs.venues import VENUES

log = structlog.get_logger(__name__)

REWIND_STEP = 1.0
"""Recorded seconds between two cycles while a tape is played for the first time."""

VERSIONS_PER_SECOND = 100
"""More than cycles are published, so that a restart continues with higher versions."""


@asynccontextmanager
async def stores(settings: Settings) -> AsyncGenerator[tuple[Database, Publisher]]:
    """Postgres and Redis for as long as the block runs."""
    async with AsyncExitStack() as opened:
        database = Database(settings.database_url)
        await database.open()
        opened.push_async_callback(database.close)
        client = redis.from_url(settings.redis_url)
        opened.push_async_callback(client.aclose)
        yield database, Publisher(client)


async def run(settings: Settings, *, clock: Callable[[], float]) -> None:
    """Compute and publish the market until cancelled; `clock` gives epoch seconds."""
    keep_arrays_on_the_heap()
    async with stores(settings) as (database, publisher):
        if settings.source == "replay":
            await _run_replay(settings, database, publisher, version=int(clock()))
        else:
            await _run_venues(settings, database, publisher, clock)


async def _run_venues(
    settings: Settings, database: Database, publisher: Publisher, clock: Callable[[], float]
) -> None:
    limits = httpx.Limits(max_connections=100)
    async with httpx.AsyncClient(timeout=15.0, limits=limits) as client:
        addresses: Mapping[str, StreamAndRest] = VENUES
        if settings.source == "sandbox":
            addresses = await sandbox_addresses(client, settings.sandbox_url)
        listings = await fetch_listings(VENUES, addresses, client)
        identity = await identify(database, listings, now=clock(), version=int(clock()))
        registry, waiting = identity.registry, Waiting()
        board = QuoteBoard(len(registry.markets))
        collector = Collector(
            VENUES, addresses=addresses, registry=registry, board=board, client=client, clock=clock
        )
        counts = {name: len(rows) for name, rows in registry.rows_of_venue.items()}
        indexer = _indexer(
            settings, registry, board, lambda: told(collector, VENUES, counts), waiting=waiting
        )
        indexer.released = identity.decisions.released
        await resume(indexer, publisher, now=clock())
        readers = [
            HistoryReader(VENUES[name], call, address=addresses[name], client=client)
            for name in listings
            if (call := VENUES[name].history) is not None
        ]
        rounds = await reference_rounds(settings, indexer, database, client=client, clock=clock)
        trust = volume_trust(
            indexer, {name: addresses[name] for name in listings}, client=client, clock=clock
        )
        upkeep = Upkeep(indexer, database, clock)
        async with asyncio.TaskGroup() as group:
            group.create_task(collector.run())
            group.create_task(
                broadcast(indexer, publisher, clock=clock, every=settings.publish_every)
            )
            group.create_task(upkeep.keep(identity, waiting, rounds, trust, readers))


async def _run_replay(
    settings: Settings, database: Database, publisher: Publisher, *, version: int
) -> None:
    if settings.captures is None:
        raise ValueError("the replay source needs MARKETCAP_CAPTURES, a folder of captures")
    tape = load_tape(settings.captures, VENUES, day=settings.date)
    began = tape.frames[0].received
    identity = await identify(database, tape.listings, now=began, version=version)
    registry = identity.registry
    board = QuoteBoard(len(registry.markets))
    player = Player(tape, VENUES, registry, board)
    indexer = _indexer(settings, registry, board, player.health)
    player.rewind(REWIND_STEP, indexer.cycle)
    log.info("tape_ready", day=str(tape.day), venues=len(tape.listings), frames=len(tape.frames))
    async with asyncio.TaskGroup() as group:
        group.create_task(player.run(speed=settings.replay_speed))
        group.create_task(
            broadcast(indexer, publisher, clock=player.now, every=settings.publish_every)
        )
        # Each round of the tape would write the same changes into the ledger again.
        group.create_task(Upkeep(indexer, database, player.now).keep_candles())


async def resume(indexer: Indexer, publisher: Publisher, *, now: float) -> None:
    """What was held, excluded or on probation before a restart still is.

    Frames of another source, and of a clock that was ahead, are passed over.
    """
    try:
        found = await publisher.last_frame()
    except (RedisError, OSError) as error:
        log.warning("state_not_resumed", reason=str(error))
        return
    if found is not None and found[0].source == indexer.source and found[0].time <= now:
        indexer.resume(*found)
        log.info("state_resumed", published=found[0].time)


def _indexer(
    settings: Settings,
    registry: Registry,
    board: QuoteBoard,
    venues: Callable[[], tuple[VenueHealth, ...]],
    *,
    waiting: Waiting | None = None,
) -> Indexer:
    return Indexer(
        registry,
        board,
        source=settings.source,
        venues=venues,
        first_version=registry.version * VERSIONS_PER_SECOND,
        notice=waiting.put if waiting else None,
    )
