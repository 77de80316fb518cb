"""Composition root of the jobs process: from a source of quotes to Redis and Postgres."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

import httpx
import redis.asyncio as redis
import structlog
from tenacity import AsyncRetrying, retry_if_exception_type, wait_random_exponential

from app.market.health import VenueHealth
from app.market.quotes import QuoteBoard
from app.market.registry import Registry
from app.settings import Settings
from app.store.database import Database, DatabaseAway
from app.store.publisher import Publisher
from app.store.registry import load_assets, load_markets, save_registry
from jobs import schedule
from jobs.collector import Collector
from jobs.feed import StreamAndRest
from jobs.health import told
from jobs.indexer import Indexer, broadcast, prepare, recall, store
from jobs.mapping import build_registry
from jobs.memory import keep_arrays_on_the_heap
from jobs.reach import fetch_listings, sandbox_addresses
from jobs.replay import Player, load_tape
from jobs.rest import HistoryReader
from jobs.seed import load_seed
from jobs.tasks.backfill import Present, backfill
from jobs.venue import Listing
from jobs.venues import VENUES

log = structlog.get_logger(__name__)

REWIND_STEP = 1.0
"""Recorded seconds between two cycles while a tape is played for the first time."""

VERSIONS_PER_SECOND = 100
"""More than cycles are published, so that a restart continues with higher versions."""


class NothingToPriceError(RuntimeError):
    """No venue listed a market that we know; there is nothing to compute."""


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
        registry = await _registry(database, listings, now=clock(), version=int(clock()))
        board = QuoteBoard(len(registry.markets))
        collector = Collector(
            VENUES,
            addresses=addresses,
            registry=registry,
            board=board,
            client=client,
            clock=clock,
        )
        counts = {name: len(rows) for name, rows in registry.rows_of_venue.items()}
        indexer = _indexer(settings, registry, board, lambda: told(collector, VENUES, counts))
        async with asyncio.TaskGroup() as group:
            group.create_task(collector.run())
            recalled = _start(group, indexer, database, publisher, settings=settings, clock=clock)
            readers = [
                HistoryReader(VENUES[name], call, address=addresses[name], client=client)
                for name in listings
                if (call := VENUES[name].history) is not None
            ]
            group.create_task(_fill_past(recalled, indexer, database, readers, clock=clock))


async def _run_replay(
    settings: Settings, database: Database, publisher: Publisher, *, version: int
) -> None:
    if settings.captures is None:
        raise ValueError("the replay source needs MARKETCAP_CAPTURES, a folder of captures")
    tape = load_tape(settings.captures, VENUES, day=settings.date)
    registry = await _registry(
        database, tape.listings, now=tape.frames[0].received, version=version
    )
    board = QuoteBoard(len(registry.markets))
    player = Player(tape, VENUES, registry, board)
    indexer = _indexer(settings, registry, board, player.health)
    player.rewind(REWIND_STEP, indexer.cycle)
    log.info("tape_ready", day=str(tape.day), venues=len(tape.listings), frames=len(tape.frames))
    async with asyncio.TaskGroup() as group:
        group.create_task(player.run(speed=settings.replay_speed))
        _start(group, indexer, database, publisher, settings=settings, clock=player.now)


async def _registry(
    database: Database, listings: Mapping[str, Sequence[Listing]], *, now: float, version: int
) -> Registry:
    """The registry of the markets listed now, stored; without Postgres it starts afresh."""
    try:
        async with database.connection() as connection:
            known = await load_assets(connection)
            silent = [m for m in await load_markets(connection) if m.venue not in listings]
            registry = build_registry(
                load_seed(), listings, VENUES, known=known, also=silent, version=version
            )
            await save_registry(connection, registry, now=datetime.fromtimestamp(now, UTC))
    except DatabaseAway as error:
        log.warning("registry_not_stored", reason=str(error))
        registry = build_registry(load_seed(), listings, VENUES, version=version)
    if not registry.markets:
        raise NothingToPriceError("no venue lists a market of a known asset: is any reachable?")
    log.info("registry_built", assets=len(registry.assets), markets=len(registry.markets))
    return registry


def _indexer(
    settings: Settings,
    registry: Registry,
    board: QuoteBoard,
    venues: Callable[[], tuple[VenueHealth, ...]],
) -> Indexer:
    first = registry.version * VERSIONS_PER_SECOND
    return Indexer(registry, board, source=settings.source, venues=venues, first_version=first)


def _start(
    group: asyncio.TaskGroup,
    indexer: Indexer,
    database: Database,
    publisher: Publisher,
    *,
    settings: Settings,
    clock: Callable[[], float],
) -> asyncio.Event:
    """Cycles are published and kept; the event is set once what was stored is known again."""
    recalled = asyncio.Event()
    group.create_task(broadcast(indexer, publisher, clock=clock, every=settings.publish_every))
    group.create_task(_keep(indexer, database, clock, recalled))
    return recalled


async def _keep(
    indexer: Indexer, database: Database, clock: Callable[[], float], recalled: asyncio.Event
) -> None:
    """Postgres gets every closed candle; while it is away they wait in memory."""

    async def make_partitions() -> None:
        await prepare(database, now=clock())

    timetable = schedule.scheduler(schedule.tasks(make_partitions=make_partitions))
    timetable.start()
    try:
        await _once_possible(make_partitions)
        await _once_possible(lambda: recall(indexer, database, clock=clock))
        recalled.set()
        await store(indexer, database)
    finally:
        timetable.shutdown(wait=False)


async def _fill_past(
    recalled: asyncio.Event,
    indexer: Indexer,
    database: Database,
    readers: Sequence[HistoryReader],
    *,
    clock: Callable[[], float],
) -> None:
    """Assets that miss their last days have them from the venues, after what was stored."""
    await recalled.wait()
    present = Present(
        prices=lambda: indexer.prices,
        volumes=lambda: indexer.board.columns().volume,
        remember=lambda hours: indexer.remember(hours=hours),
    )
    label = "sandbox" if indexer.source == "sandbox" else "backfill"
    await backfill(database, indexer.registry, readers, present, now=clock(), label=label)


async def _once_possible(action: Callable[[], Awaitable[None]]) -> None:
    async for attempt in AsyncRetrying(
        retry=retry_if_exception_type(DatabaseAway), wait=wait_random_exponential(max=5)
    ):
        with attempt:
            await action()
