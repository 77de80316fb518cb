"""Pollers under APScheduler, also when the wall clock is stepped."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from jobs.rest.poller import Poller

# APScheduler waits for wall times, so this shell must read the clock that it reads.
_WALL: Callable[[], float] = time.time  # noqa: TID251 - see above.
_JITTER = 0.1
_LATE = 2.0


class _Interval(Protocol):
    interval_length: float


class _Job(Protocol):
    """What is used of an APScheduler job, which comes without types."""

    next_run_time: datetime
    trigger: _Interval

    def modify(self, *, next_run_time: datetime) -> object: ...


def schedule(
    scheduler: AsyncIOScheduler, poller: Poller, *, wall: Callable[[], float] = _WALL
) -> Callable[[], None]:
    """The poller is called at once and then at its venue's interval; the result ends that."""
    call = poller.call
    if call is None:
        return lambda: None
    job = scheduler.add_job(
        poller.poll,
        "interval",
        seconds=call.every,
        jitter=call.every * _JITTER,
        next_run_time=_utc(wall()),
        max_instances=1,
        coalesce=True,
        # However late a call is, it is better made than left out.
        misfire_grace_time=None,
    )
    return job.remove


async def keep_due(
    scheduler: AsyncIOScheduler, *, every: float = 1.0, wall: Callable[[], float] = _WALL
) -> None:
    """No job waits longer than twice its interval, wherever the clock went; never returns."""
    while True:
        await asyncio.sleep(every)
        now = wall()
        jobs: list[_Job] = scheduler.get_jobs()  # pyright: ignore[reportUnknownVariableType] - untyped
        for job in jobs:
            wait = job.next_run_time.timestamp() - now
            if wait > _LATE * job.trigger.interval_length:
                job.modify(next_run_time=_utc(now))


def _utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
