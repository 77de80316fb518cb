"""Everything that a clock drives beside the venues: one table of (trigger, task)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger

from app.store.database import DatabaseAway

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that happens again and again."""

    name: str
    trigger: BaseTrigger
    run: Callable[[], Awaitable[None]]


def tasks(*, make_partitions: Callable[[], Awaitable[None]]) -> tuple[Task, ...]:
    """The table."""
    return (Task("make_partitions", CronTrigger(hour="*/6", timezone=UTC), make_partitions),)


def scheduler(table: tuple[Task, ...]) -> AsyncIOScheduler:
    """A scheduler that runs the table once it is started; runs of one task never overlap."""
    made = AsyncIOScheduler(timezone=UTC)
    for task in table:
        made.add_job(
            _guarded, task.trigger, args=(task,), id=task.name, max_instances=1, coalesce=True
        )
    return made


async def _guarded(task: Task) -> None:
    try:
        await task.run()
    except DatabaseAway as error:
        log.warning("task_failed", task=task.name, reason=str(error))
