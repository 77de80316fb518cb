"""Feeds and pollers of every venue in the registry, all writing to one board."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC

import httpx
import msgspec
import structlog
from aiolimiter import AsyncLimiter
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from app.market.quotes import QuoteBoard
from app.market.registry import Registry
from jobs.feed import Feed, FeedHealth, FeedStatus, StreamAndRest, Timing
from jobs.rest import Patience, Poller, RestStatus, keep_due, schedule
from jobs.venue import Venue

log = structlog.get_logger()


class VenueHealth(msgspec.Struct, frozen=True):
    """How both ways to one venue are at one instant."""

    feed: FeedStatus
    rest: RestStatus


@dataclass(slots=True, kw_only=True)
class _Running:
    feed: Feed
    poller: Poller
    task: asyncio.Task[None]
    unschedule: Callable[[], None]


class Collector:
    """Listens to every venue that has both markets in the registry and an address.

    `clock` gives epoch seconds and must never go back: the board takes an earlier time for an
    older quote.
    """

    def __init__(
        self,
        venues: Mapping[str, Venue],
        *,
        addresses: Mapping[str, StreamAndRest],
        registry: Registry,
        board: QuoteBoard,
        client: httpx.AsyncClient,
        clock: Callable[[], float],
        timing: Timing | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._venues = venues
        self._addresses = addresses
        self._registry = registry
        self._board = board
        self._client = client
        self._clock = clock
        self._timing = timing or Timing()
        self._patience = patience or Patience()
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._group: asyncio.TaskGroup | None = None
        self._running: dict[str, _Running] = {}
        # Both outlive a restart of their venue's feed.
        self._gates: dict[str, AsyncLimiter] = {}
        self._health: dict[str, FeedHealth] = {}

    async def run(self) -> None:
        """Collect until cancelled."""
        self._scheduler.start()
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                for venue in self._wanted():
                    self._start(venue, group)
                await keep_due(self._scheduler)
        finally:
            self._group = None
            self._scheduler.shutdown(wait=False)
            # The scheduler cancels the calls under way in a callback of the loop.
            await asyncio.sleep(0)

    async def adopt(self, registry: Registry, board: QuoteBoard) -> None:
        """Everything that runs writes to the new board; only changed venues are restarted."""
        before = self._registry.rows_of_venue
        self._registry, self._board = registry, board
        after = registry.rows_of_venue
        # No frame is read between here and the end of the loop, so none finds a mixture.
        for name, running in self._running.items():
            running.feed.adopt(after.get(name, {}), board)
            running.poller.adopt(after.get(name, {}), board)
        changed = [name for name in before if before[name].keys() != after.get(name, {}).keys()]
        await self._stop([name for name in changed if name in self._running])
        if self._group is not None:
            for venue in self._wanted():
                if venue.name not in self._running:
                    self._start(venue, self._group)

    def health(self) -> dict[str, VenueHealth]:
        """How each venue that runs is now."""
        return {
            name: VenueHealth(running.feed.health.snapshot(), running.poller.health.snapshot())
            for name, running in self._running.items()
        }

    def _wanted(self) -> list[Venue]:
        listed = self._registry.rows_of_venue.keys() & self._venues.keys()
        unreachable = sorted(listed - self._addresses.keys())
        if unreachable:
            log.warning("venues_without_address", venues=unreachable)
        return [venue for name, venue in self._venues.items() if name in listed - set(unreachable)]

    def _start(self, venue: Venue, group: asyncio.TaskGroup) -> None:
        rows = self._registry.rows_of_venue[venue.name]
        poller = self._poller(venue, rows)
        feed = Feed(
            venue,
            address=self._addresses[venue.name],
            rows=rows,
            board=self._board,
            client=self._client,
            clock=self._clock,
            timing=self._timing,
            gate=self._gates.setdefault(venue.name, AsyncLimiter(1, self._timing.connect_every)),
            health=self._health.setdefault(venue.name, FeedHealth()),
        )
        self._running[venue.name] = _Running(
            feed=feed,
            poller=poller,
            task=group.create_task(feed.run()),
            unschedule=schedule(self._scheduler, poller),
        )

    def _poller(self, venue: Venue, rows: Mapping[str, int]) -> Poller:
        return Poller(
            venue,
            address=self._addresses[venue.name],
            rows=rows,
            board=self._board,
            client=self._client,
            clock=self._clock,
            patience=self._patience,
        )

    async def _stop(self, names: list[str]) -> None:
        stopping = [self._running.pop(name) for name in names]
        for running in stopping:
            running.unschedule()
            running.task.cancel()
        if stopping:
            await asyncio.wait([running.task for running in stopping])
