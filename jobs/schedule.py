"""Everything that a clock drives beside the venues: one table of (trigger, task)."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from app.store.database import DatabaseAway

log = structlog.get_logger(__name__)

Run = Callable[[], Awaitable[None]]

COMPARE_EVERY = 60
"""Seconds between two comparisons with the reference sources."""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that happens again and again."""

    name: str
    trigger: BaseTrigger
    run: Run


def tasks(*, make_partitions: Run, compare_references: Run | None = None) -> tuple[Task, ...]:
    """The table; without references, nothing is compared."""
    table = [Task("make_partitions", CronTrigger(hour="*/6", timezone=UTC), make_partitions)]
    if compare_references is not None:
        every = IntervalTrigger(seconds=COMPARE_EVERY, timezone=UTC)
        table.append(Task("compare_references", every, compare_references))
    return tuple(table)


@asynccontextmanager
async def running(table: tuple[Task, ...]) -> AsyncGenerator[AsyncIOScheduler]:
    """The table is kept to while the block runs; runs of one task never overlap."""
    made = AsyncIOScheduler(timezone=UTC)
    for task in table:
        made.add_job(
            _guarded, task.trigger, args=(task,), id=task.name, max_instances=1, coalesce=True
        )
    made.start()
    try:
        yield made
    finally:
        made.shutdown(wait=False)


async def _guarded(task: Task) -> None:
    try:
        await task.run()
    except DatabaseAway as error:
        log.warning("task_failed", task=task.name, reason=str(error))
