"""Children start in order, come back when they fall, and are stopped in reverse."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from jobs.launcher.children import Children, finish
from jobs.launcher.claim import Ledger
from jobs.launcher.program import LaunchError, Program

pytestmark = pytest.mark.store

_OTHERS: set[int] = set()
"""Processes that other tests had started, such as stores that serve a whole run."""


@pytest.fixture(autouse=True)
def others() -> None:
    """What runs already is not what the test has to answer for."""
    _OTHERS.clear()
    _OTHERS.update(child.pid for child in psutil.Process().children(recursive=True))


SAYS_WHEN_STOPPED = """
import signal, sys, time
def stop(*_):
    with open(sys.argv[2], "a") as file: file.write(sys.argv[1])
    raise SystemExit
signal.signal(signal.SIGTERM, stop)
open(sys.argv[3], "w").close()
time.sleep(60)
"""
DEAF = """
import signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open(sys.argv[1], "w").close()
time.sleep(60)
"""


class Run:
    """Children, what they said, and the task group that watches them."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.said: list[str] = []
        self.hurry = asyncio.Event()
        self.children = Children(Ledger(directory / "children.json"), self.said.append, self.hurry)

    def program(self, name: str, script: str, *argv: str) -> Program:
        ready = self.directory / f"{name}.ready"
        return Program(
            name=name,
            argv=(sys.executable, "-c", script, *argv, str(ready)),
            log=self.directory / f"{name}.log",
            ready=ready.exists,
        )


@pytest.fixture
async def run(tmp_path: Path) -> AsyncIterator[Run]:
    run = Run(tmp_path)
    yield run
    run.hurry.set()
    await run.children.stop()


async def test_the_last_one_started_is_the_first_one_stopped(run: Run):
    order = run.directory / "order"
    async with asyncio.TaskGroup() as watching:
        for name in ("a", "b", "c"):
            program = run.program(name, SAYS_WHEN_STOPPED, name, str(order))
            await run.children.add(watching, program)
        await _end(watching)

    await run.children.stop()

    assert order.read_text() == "cba"
    assert _ours() == []


async def test_a_child_that_falls_at_the_start_shows_its_last_words(run: Run):
    program = run.program("jobs", "raise SystemExit('no such table: asset')")

    with pytest.raises(ExceptionGroup) as told:
        async with asyncio.TaskGroup() as watching:
            await run.children.add(watching, program)

    assert str(told.value.exceptions[0]) == (
        f"jobs does not run: it ended with code 1. The end of its log {program.log}:\n"
        "no such table: asset"
    )


async def test_before_the_first_price_a_fallen_child_ends_the_run(run: Run):
    async def falls() -> None:
        async with asyncio.TaskGroup() as watching:
            await run.children.add(watching, run.program("jobs", DEAF))
            _ours()[0].kill()

    with pytest.raises(ExceptionGroup) as told:
        await falls()

    assert "jobs does not run: it ended with code -9" in str(told.value.exceptions[0])


async def test_afterwards_a_fallen_child_comes_back_and_it_is_said(run: Run):
    async with asyncio.TaskGroup() as watching:
        await run.children.add(watching, run.program("jobs", DEAF))
        run.children.settled = True
        (first,) = _ours()
        first.kill()
        async with asyncio.timeout(20):
            while not (again := [each for each in _ours() if each.pid != first.pid]):
                await asyncio.sleep(0.05)
        await _end(watching)

    assert len(again) == 1
    log = run.directory / "jobs.log"
    assert run.said == [f"jobs has ended; it is started again in 0.5 s (log: {log})"]


async def test_whoever_is_in_a_hurry_waits_for_nobody(run: Run):
    async with asyncio.TaskGroup() as watching:
        await run.children.add(watching, run.program("deaf", DEAF))
        await _end(watching)
    run.hurry.set()

    async with asyncio.timeout(5):
        await run.children.stop()

    assert _ours() == []


async def test_a_stop_that_is_cancelled_stops_all_the_same(run: Run):
    async with asyncio.TaskGroup() as watching:
        await run.children.add(watching, run.program("deaf", DEAF))
        await _end(watching)
    stopping = asyncio.create_task(run.children.stop())
    await asyncio.sleep(0)

    stopping.cancel()
    async with asyncio.timeout(5):
        await stopping

    assert _ours() == []


async def test_a_cancelled_build_leaves_no_process(run: Run):
    building = asyncio.create_task(finish(run.program("build", DEAF)))
    await asyncio.sleep(0)
    assert len(_ours()) == 1

    building.cancel()
    with pytest.raises(asyncio.CancelledError):
        await building

    assert _ours() == []


async def test_a_program_that_fails_is_told_with_its_end(run: Run):
    with pytest.raises(LaunchError, match=r"build does not run: it ended with code 3\."):
        await finish(run.program("build", "raise SystemExit(3)"))


async def test_what_a_killed_child_had_started_ends_with_it(run: Run):
    script = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open(sys.argv[1], "w").close()
time.sleep(60)
"""
    async with asyncio.TaskGroup() as watching:
        await run.children.add(watching, run.program("parent", script))
        await _end(watching)
    (parent, *_) = started = _ours(recursive=True)
    assert len(started) == 2

    parent.send_signal(signal.SIGKILL)
    await run.children.stop()

    _, alive = psutil.wait_procs(started, 5)
    assert alive == []


def _ours(*, recursive: bool = False) -> list[psutil.Process]:
    children = psutil.Process().children(recursive=recursive)
    mine = [child for child in children if child.pid not in _OTHERS]
    return [child for child in mine if child.status() != psutil.STATUS_ZOMBIE]


async def _end(watching: asyncio.TaskGroup) -> None:
    """The watchers of the task group are told to end, as a signal would."""
    for task in list(watching._tasks):
        task.cancel()
