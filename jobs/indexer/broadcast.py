"""The publish loop: one cycle every so many milliseconds, handed to every reader by Redis."""

import asyncio
from collections.abc import Callable
from math import inf

import structlog
from redis.exceptions import RedisError

from app.market.crosscheck import CrosscheckReport
from app.market.snapshot import MarketSnapshot, MarketVotes, delta_between
from app.store.publisher import Publisher
from jobs.indexer.cycles import Indexer

log = structlog.get_logger(__name__)

WHOLE_EVERY = 1.0
"""Seconds between two stored snapshots; deltas go out every cycle."""

SPARKS_EVERY = 60.0
SPARKS_SOON = 5.0
"""Seconds between two sendings of sparklines while their past is still being filled in."""


async def broadcast(
    indexer: Indexer, publisher: Publisher, *, clock: Callable[[], float], every: float
) -> None:
    """Publish a cycle every so many seconds until cancelled; a lost Redis is waited for."""
    out = _Broadcast(indexer, publisher)
    loop = asyncio.get_running_loop()
    while True:
        began = loop.time()
        snapshot, votes = indexer.cycle(clock())
        try:
            await out.send(snapshot, votes, at=began)
        except (RedisError, OSError) as error:
            out.lost(str(error))
        await asyncio.sleep(max(0.0, began + every - loop.time()))


class _Broadcast:
    """What readers were told last, so that the next message can be as small as possible."""

    def __init__(self, indexer: Indexer, publisher: Publisher) -> None:
        self._indexer, self._publisher = indexer, publisher
        self._told: MarketSnapshot | None = None
        self._whole_due = 0.0
        self._sparks_at = -inf
        self._recollections = 0
        self._away = False
        self._report: CrosscheckReport | None = None

    async def send(self, snapshot: MarketSnapshot, votes: MarketVotes, *, at: float) -> None:
        """Readers are current; raises RedisError and then nothing counts as told."""
        told = self._told
        if told is None or told.registry_version != snapshot.registry_version:
            await self._publisher.publish_registry(self._indexer.registry)
            told = None
        delta = delta_between(told, snapshot) if told else None
        if at >= self._whole_due or delta is None:
            await self._publisher.publish_whole(snapshot, delta)
            await self._publisher.publish_details(votes, self._indexer.venues())
            if (frame := self._indexer.frame) is not None:
                await self._publisher.publish_frame(frame)
            self._whole_due = at + WHOLE_EVERY
        else:
            await self._publisher.publish_delta(delta)
            await self._send_report()
        if at >= self._sparks_at + self._sparks_every():
            recollections = self._indexer.recollections
            await self._publisher.publish_sparks(self._indexer.sparks(snapshot.time))
            self._sparks_at, self._recollections = at, recollections
        self._told = snapshot
        if self._away:
            self._away = False
            log.info("redis_back")

    async def _send_report(self) -> None:
        report = self._indexer.report
        if report is not None and report is not self._report:
            await self._publisher.publish_crosscheck(report)
            self._report = report

    def _sparks_every(self) -> float:
        unchanged = self._indexer.recollections == self._recollections
        return SPARKS_EVERY if unchanged else SPARKS_SOON

    def lost(self, reason: str) -> None:
        """Forget what was told: Redis may come back empty."""
        self._told = self._report = None
        self._whole_due = 0.0
        self._sparks_at = -inf
        if not self._away:
            self._away = True
            log.warning("redis_away", reason=reason)
