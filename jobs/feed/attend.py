"""Looking after one open link: subscribe, ping, and watch for silence until it ends."""

import asyncio
from collections.abc import Coroutine, Sequence
from math import inf
from typing import Any

from jobs.feed.health import Loss
from jobs.feed.intake import Intake
from jobs.feed.link import Link
from jobs.feed.subscriptions import Subscriber

_LOOKS = 4
"""How often the watchdog looks in `silence_after`; it is late by one look at most."""


async def attend(intake: Intake, link: Link, symbols: Sequence[str], ping_every: float) -> Loss:
    """Keep the link subscribed and alive; why it ended, once it did."""
    age = asyncio.get_running_loop().call_later(intake.venue.lifetime, link.leaving.set)
    try:
        async with asyncio.TaskGroup() as group:
            duties = [
                group.create_task(duty) for duty in _duties(intake, link, symbols, ping_every)
            ]
            loss = await link.closed()
            for duty in duties:
                duty.cancel()
        return loss
    finally:
        age.cancel()
        intake.drop(link)


def _duties(
    intake: Intake, link: Link, symbols: Sequence[str], ping_every: float
) -> list[Coroutine[Any, Any, None]]:
    venue = intake.venue
    subscriber = Subscriber(
        link, venue, symbols=symbols, timing=intake.timing, health=intake.health
    )
    duties: list[Coroutine[Any, Any, None]] = [
        subscriber.subscribe(),
        _watch(link, venue.silence_after),
    ]
    if venue.market_silence_after < inf:
        duties.append(subscriber.ask_again())
    if venue.ping is not None and ping_every > 0:
        duties.append(_ping(subscriber, venue.ping.frame, ping_every))
    return duties


async def _ping(subscriber: Subscriber, frame: str, every: float) -> None:
    while True:
        await asyncio.sleep(every)
        await subscriber.send(frame)


async def _watch(link: Link, silence_after: float) -> None:
    # Looks without a frame are counted instead of seconds, so that a stopped process or a clock
    # that jumps does not look like a silent venue.
    looks = 0
    while looks < _LOOKS:
        link.heard = False
        await asyncio.sleep(silence_after / _LOOKS)
        looks = 0 if link.heard else looks + 1
    link.close(Loss.SILENT)
