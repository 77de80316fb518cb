"""What the indexer noticed goes into the ledger, and what the operator decided comes out of it."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable

import structlog

from app.market.decisions import KINDS, Decisions, fold
from app.market.events import Head, PriceEvent
from app.store import ledger
from app.store.database import Database, DatabaseAway

log = structlog.get_logger(__name__)

WAITING_MAX = 100_000
"""Events kept while Postgres is away; the oldest is dropped first, and counted."""
BATCH = 1_000
"""Events that are appended together."""
APPEND_EVERY = 1.0
POLL_EVERY = 2.0
"""Seconds until a decision of the operator is heard of."""


class Waiting:
    """Events that are not in the ledger yet, oldest first."""

    def __init__(self, *, most: int = WAITING_MAX) -> None:
        self.dropped = 0
        """Events that found no room and are lost."""
        self._events: deque[PriceEvent] = deque(maxlen=most)
        self._tried: Head | None = None
        """Head of the ledger before an attempt of which nobody knows whether it succeeded."""

    def __len__(self) -> int:
        return len(self._events)

    def put(self, events: Iterable[PriceEvent]) -> None:
        """The events wait; where there is no room, the oldest are dropped."""
        for event in events:
            if len(self._events) == self._events.maxlen:
                self.dropped += 1
            self._events.append(event)

    async def append(self, database: Database) -> int:
        """All that wait are in the ledger, each once; how many were. Raises DatabaseAway."""
        appended = 0
        while self._events:
            batch = [self._events[at] for at in range(min(BATCH, len(self._events)))]
            await self._append(database, batch)
            self._tried = None
            # Some of the batch may have been dropped meanwhile, so it is not simply the first.
            done = {id(event) for event in batch}
            while self._events and id(self._events[0]) in done:
                self._events.popleft()
            appended += len(batch)
        return appended

    async def _append(self, database: Database, batch: list[PriceEvent]) -> None:
        async with database.connection() as connection:
            await ledger.lock(connection)
            if self._tried is not None:
                there = await ledger.read_after(connection, self._tried.sequence)
                told = {_told(event) for event in there}
                batch = [event for event in batch if _told(event) not in told]
            else:
                self._tried = await ledger.head(connection)
            await ledger.append(connection, batch)


async def append_waiting(waiting: Waiting, database: Database) -> None:
    """Append events as they come, until cancelled; while Postgres is away they wait."""
    away, dropped = False, 0
    while True:
        await asyncio.sleep(APPEND_EVERY)
        try:
            appended = await waiting.append(database)
        except DatabaseAway as error:
            if not away:
                log.warning("ledger_away", reason=str(error))
            away = True
            continue
        if away:
            log.info("ledger_back", events=appended)
            away = False
        if waiting.dropped > dropped:
            log.error("ledger_events_lost", events=waiting.dropped - dropped)
            dropped = waiting.dropped


async def follow_decisions(
    database: Database,
    on_decisions: Callable[[Decisions], None],
    *,
    known: Decisions | None = None,
    every: float = POLL_EVERY,
) -> None:
    """Hand over all decisions whenever they differ from the last ones, until cancelled.

    `known` are those that the caller has read already. While Postgres is away nothing is decided.
    """
    decisions, last = Decisions(), 0
    handed = known or decisions
    while True:
        try:
            async with database.connection() as connection:
                events = await ledger.read_after(connection, last, kinds=KINDS)
        except DatabaseAway:
            # Whoever appends says so already.
            events = []
        if events:
            decisions, last = fold(events, onto=decisions), events[-1].sequence
            if decisions != handed:
                handed = decisions
                log.info("decisions_changed", sequence=last)
                on_decisions(decisions)
        await asyncio.sleep(every)


def _told(event: PriceEvent) -> tuple[object, ...]:
    """What an event says, wherever it stands."""
    return (
        *(event.time, str(event.kind), event.asset, event.venue, event.symbol),
        *(event.old, event.new, event.reason, *sorted(event.detail.items())),
    )
