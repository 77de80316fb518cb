"""Asking for markets on one connection, no faster than the venue reads."""

import asyncio
from collections.abc import Sequence

import structlog
from aiolimiter import AsyncLimiter

from jobs.feed.health import FeedHealth
from jobs.feed.link import Link
from jobs.feed.timing import Timing
from jobs.venue import Venue

log = structlog.get_logger()


class Subscriber:
    """Sends the subscriptions of one link, and again those that are not confirmed."""

    def __init__(
        self,
        link: Link,
        venue: Venue,
        *,
        symbols: Sequence[str],
        timing: Timing,
        health: FeedHealth,
    ) -> None:
        self._link = link
        self._venue = venue
        self._symbols = symbols
        self._timing = timing
        self._health = health
        # A capacity of one frame spaces them evenly: venues count within any second.
        self._bucket = AsyncLimiter(1, 1 / venue.frames_per_second)

    async def subscribe(self) -> None:
        """Ask for every market, then ask again for what stays unconfirmed; never returns."""
        await asyncio.sleep(self._venue.settle_seconds)
        acknowledgements = self._link.acknowledgements
        now = asyncio.get_running_loop().time
        for subscription in self._venue.subscribe(self._symbols):
            await self.send(subscription.frame)
            acknowledgements.sent(subscription, now())
        self._link.subscribed.set()
        while True:
            await asyncio.sleep(self._timing.check_every)
            self._give_up(acknowledgements.given_up(now()))
            for subscription in acknowledgements.overdue(now()):
                await self.send(subscription.frame)
                acknowledgements.sent(subscription, now())

    async def send(self, frame: str) -> None:
        """The frame is sent as soon as the venue's rate allows."""
        await self._bucket.acquire()
        self._link.send(frame)

    async def ask_again(self) -> None:
        """Subscribe markets that fell silent once more, once per silence; never returns."""
        asked: set[str] = set()
        while True:
            await asyncio.sleep(self._venue.market_silence_after)
            quiet = self._link.quiet(self._symbols)
            fresh = [symbol for symbol in quiet if symbol not in asked]
            asked = set(quiet)
            self._health.asked_again += len(fresh)
            for subscription in self._venue.subscribe(fresh) if fresh else ():
                await self.send(subscription.frame)

    def _give_up(self, keys: Sequence[str]) -> None:
        if not keys:
            return
        self._health.missing_acks += len(keys)
        log.warning(
            "subscriptions_never_acknowledged",
            venue=self._venue.name,
            count=len(keys),
            keys=list(keys[:5]),
        )
