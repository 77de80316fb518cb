"""From nothing to a price on a page, and back to nothing."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import TypeAlias, cast

import httpx
from tenacity import AsyncRetrying, RetryError, retry_if_result, stop_after_delay, wait_fixed

from app.settings import Settings
from jobs.launcher.children import Children, finish
from jobs.launcher.claim import Ledger, claimed
from jobs.launcher.frontend import Frontend
from jobs.launcher.parts import jobs_process, migration, sandbox_process, web_process
from jobs.launcher.plan import ROOT, Plan
from jobs.launcher.preflight import (
    allow_many_files,
    check_data_dir,
    check_database,
    check_port,
    check_redis,
    free_port,
)
from jobs.launcher.program import LaunchError, Program, end_with_parent, last_lines
from jobs.launcher.source import resolve
from jobs.launcher.steps import Steps
from jobs.launcher.stopping import stopped_when_told
from jobs.launcher.stores import StoreHome, Urls, store_home
from jobs.venues import VENUES

_FIRST_PRICE = 180.0
"""Seconds within which a price must be on the page."""

Add: TypeAlias = Callable[[Program], Awaitable[None]]
"""Starts a program and watches it from then on."""


async def up(settings: Settings, steps: Steps | None = None) -> int:
    """Runs the product until it is told to stop; the exit code. Nothing is left running."""
    steps, hurry = steps or Steps(), asyncio.Event()
    return await _until_told(_run(settings, steps, hurry), hurry, steps)


async def build(settings: Settings, steps: Steps | None = None) -> int:
    """The pages are built; the exit code."""
    steps = steps or Steps()
    logs = settings.data_dir.resolve() / "log"
    return await _until_told(_pages_built(logs, steps), asyncio.Event(), steps)


async def _run(settings: Settings, steps: Steps, hurry: asyncio.Event) -> None:
    allow_many_files()
    if "MAKELEVEL" in os.environ:
        end_with_parent()
    data_dir = settings.data_dir.resolve()
    check_data_dir(data_dir)
    async with AsyncExitStack() as opened:
        opened.enter_context(claimed(data_dir))
        ledger = Ledger(data_dir / "children.json")
        if ended := await asyncio.to_thread(ledger.end_left_over):
            steps.note(f"An earlier run was killed: ended {ended} processes it had left")
        check_port(settings.host, settings.port)
        plan = await _planned(settings, steps)
        home = opened.enter_context(store_home(plan.data_dir))
        children = Children(ledger, steps.note, hurry)
        opened.push_async_callback(children.stop)
        async with asyncio.TaskGroup() as watching:
            await _parts_started(plan, home, partial(children.add, watching), steps)
            children.settled = True
            _tell_address(plan, steps)


async def _planned(settings: Settings, steps: Steps) -> Plan:
    with steps.step("Looking for venues", f"Prices: SOURCE={settings.source}") as say:
        say(f"{len(VENUES)} asked")
        plan = Plan(settings=settings, source=await resolve(settings.source, VENUES.values()))
    if settings.source == "auto":
        steps.note(
            "Venues answer: prices are live"
            if plan.source == "live"
            else "No venue answers from here: prices are simulated, and every page says so"
        )
    return plan


async def _parts_started(plan: Plan, home: StoreHome, add: Add, steps: Steps) -> None:
    """Every part runs, in the order in which one needs the other, and a price has come through."""
    urls = await _stores_started(plan, home, add, steps)
    environ = plan.environ(urls)
    with steps.step("Preparing the tables", "The tables are up to date"):
        await finish(migration(plan, environ))
    if plan.source == "sandbox":
        with steps.step("Starting the sandbox", "The sandbox market is open"):
            port = free_port()
            environ = plan.environ(urls, sandbox_url=f"http://127.0.0.1:{port}")
            await add(sandbox_process(plan, environ, port))
    with steps.step("Starting the jobs process", "The jobs process listens to the venues"):
        await add(jobs_process(plan, environ))
    await _pages_built(plan.data_dir / "log", steps)
    with steps.step("Starting the web process", f"The web process listens on {plan.local_url}"):
        await add(web_process(plan, environ))
    with steps.step("Waiting for the first price", "The first price is on the page"):
        await _first_price(plan)


async def _stores_started(plan: Plan, home: StoreHome, add: Add, steps: Steps) -> Urls:
    """The stores of the settings, and embedded ones where those name none."""
    given, own = plan.settings, home.urls
    if given.database_url:
        with steps.step("Reaching PostgreSQL", "PostgreSQL of DATABASE_URL answers"):
            await asyncio.to_thread(check_database, given.database_url)
    else:
        with steps.step("Starting PostgreSQL", "PostgreSQL 18 runs"):
            await add(await asyncio.to_thread(home.postgres))
    if given.redis_url:
        with steps.step("Reaching Redis", "Redis of REDIS_URL answers"):
            await asyncio.to_thread(check_redis, given.redis_url)
    else:
        with steps.step("Starting Valkey", "Valkey runs"):
            await add(home.valkey())
    return Urls(given.database_url or own.database_url, given.redis_url or own.redis_url)


async def _pages_built(logs: Path, steps: Steps) -> None:
    frontend = Frontend(ROOT)
    if await asyncio.to_thread(frontend.is_built):
        return
    with steps.step("Building the pages", "The pages are built") as say:
        await frontend.build(logs / "frontend.log", say)


async def _first_price(plan: Plan) -> None:
    """The web process says that it has prices."""
    retrying = AsyncRetrying(
        retry=retry_if_result(lambda ready: not ready),
        wait=wait_fixed(0.1),
        stop=stop_after_delay(_FIRST_PRICE),
    )
    async with httpx.AsyncClient(trust_env=False, timeout=5.0) as client:
        try:
            await retrying(_is_ready, client, plan.local_url)
        except RetryError as error:
            log = plan.log("jobs")
            raise LaunchError(
                f"No price has arrived within {_FIRST_PRICE:.0f} s. `make doctor` tells which "
                f"venues answer. The end of the log {log}:\n{last_lines(log)}"
            ) from error


async def _is_ready(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(f"{url}/readyz")).is_success
    except httpx.HTTPError:
        return False


def _tell_address(plan: Plan, steps: Steps) -> None:
    steps.say(f"\nMarketcap is open at {plan.local_url}", style="bold green")
    steps.say(f"Prices: {plan.source}. Data and logs: {plan.data_dir}. Ctrl-C stops it.")


async def _until_told(run: Awaitable[None], hurry: asyncio.Event, steps: Steps) -> int:
    """Runs it to its end or until a signal; a second signal sets `hurry`. The exit code."""
    task = asyncio.ensure_future(run)
    with stopped_when_told(task, hurry, steps.say):
        try:
            await asyncio.wait([task])
        finally:
            task.cancel()
            await asyncio.wait([task])
    if task.cancelled():
        steps.say("Stopped; nothing is left running.")
        return 0
    if (error := task.exception()) is None:
        return 0
    reason = _reason(error)
    steps.say(str(reason), style="red")
    return reason.code


def _reason(error: BaseException) -> LaunchError:
    """The first LaunchError in it; anything else is a fault of ours and is raised as it is."""
    if isinstance(error, LaunchError):
        return error
    if isinstance(error, BaseExceptionGroup):
        # isinstance cannot tell what a group holds.
        group = cast("BaseExceptionGroup[BaseException]", error)
        return _reason(group.exceptions[0])
    raise error
