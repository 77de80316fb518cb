"""One supervised connection: links in succession, each opened before the last one is closed.

A link that breaks is followed by another after a jittered wait. A link that grows old, or
whose venue announces its end, stays until its successor delivers.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from math import inf

import structlog

from jobs.feed.attend import attend
from jobs.feed.dial import DialError, dial
from jobs.feed.health import Loss
from jobs.feed.intake import Intake
from jobs.feed.link import Link

log = structlog.get_logger()


class Connection:
    """Keeps a fixed list of one venue's markets subscribed, for ever."""

    def __init__(self, intake: Intake, symbols: Sequence[str]) -> None:
        self._intake = intake
        self._symbols = symbols
        self._timing = intake.timing
        self._opened = inf
        """When the oldest link of this succession opened, by the loop's clock."""

    async def run(self) -> None:
        """Open, attend and replace links until cancelled; nothing a venue does ends it."""
        now = asyncio.get_running_loop().time
        failures = 0
        while True:
            self._opened = inf
            loss = await self._until_lost()
            self._intake.health.lost(loss)
            if now() - self._opened >= self._timing.healthy_after:
                failures = 0
            await asyncio.sleep(self._timing.delay(failures))
            failures += 1
            # The next connection may count its messages afresh.
            self._renew_rows()

    async def _until_lost(self) -> Loss:
        health, venue = self._intake.health, self._intake.venue.name
        try:
            loss = await self._succession()
        except DialError as error:
            if health.is_news(str(error)):
                log.warning("connection_not_opened", venue=venue, reason=str(error))
            return error.loss
        except Exception as error:
            # A fault in one adapter must not end the feeds of all other venues.
            if health.is_news(repr(error)):
                log.exception("connection_fault", venue=venue)
            return Loss.FAULT
        log.info("connection_lost", venue=venue, reason=loss.value)
        return loss

    async def _succession(self) -> Loss:
        """Open a link and its successors until one is lost; why that was."""
        now = asyncio.get_running_loop().time
        link, ping_every = await dial(self._intake)
        self._opened = opened = now()
        async with asyncio.TaskGroup() as group:
            attending = self._attend(group, link, ping_every)
            hasty = 0
            while True:
                await link.leaving.wait()
                if not link.is_open:
                    return await attending
                # A venue that wants each new link renewed at once is not obeyed in a circle.
                hasty = hasty + 1 if now() - opened < self._timing.healthy_after else 0
                await asyncio.sleep(self._timing.delay(hasty) if hasty else 0)
                if heir := await self._heir(group, link):
                    link, attending = heir
                    opened = now()

    async def _heir(
        self, group: asyncio.TaskGroup, old: Link
    ) -> tuple[Link, asyncio.Task[Loss]] | None:
        """A successor that delivers, the old link closed; None if that broke before."""
        failures = 0
        while old.is_open:
            with suppress(DialError):
                link, ping_every = await dial(self._intake)
                attending = self._attend(group, link, ping_every)
                if await self._delivers(link):
                    old.close()
                    # Only now: while both spoke, order was what kept them apart.
                    self._renew_rows()
                    self._intake.health.renewals += 1
                    return link, attending
            await asyncio.sleep(self._timing.delay(failures))
            failures += 1
        return None

    def _attend(
        self, group: asyncio.TaskGroup, link: Link, ping_every: float
    ) -> asyncio.Task[Loss]:
        self._intake.health.failing = False
        return group.create_task(attend(self._intake, link, self._symbols, ping_every))

    async def _delivers(self, link: Link) -> bool:
        """True once everything is subscribed and the venue answered, or had time enough."""
        await link.subscribed.wait()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._timing.delivered_within):
                await link.answered.wait()
        return link.is_open

    def _renew_rows(self) -> None:
        rows = self._intake.rows
        self._intake.board.renew(rows[symbol] for symbol in self._symbols if symbol in rows)
