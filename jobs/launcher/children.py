"""The processes of one run: started in order, restarted when they fall, stopped in reverse."""

import asyncio
import subprocess
from collections.abc import Callable, Iterator
from itertools import count

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_exponential

from jobs.launcher.claim import Ledger
from jobs.launcher.program import (
    LaunchError,
    Program,
    did_not_start,
    end_session,
    start,
)
from jobs.launcher.steps import Say

_POLL = 0.1
"""Seconds between two looks at a child; waiting for it would take a thread for each."""

STEADY = 60.0
"""Seconds after which a child that falls is started again at once."""


class Child:
    """One program and the process that runs it now."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def runs(self) -> bool:
        """Whether its process is there."""
        return self.process is not None and self.process.poll() is None

    def launch(self) -> subprocess.Popen[bytes]:
        """A new process; the kernel ends it when this thread ends."""
        self.process = start(self.program)
        return self.process

    async def answers(self, seconds: float = 60.0) -> None:
        """The program does its work; LaunchError with the end of its log if it does not."""
        try:
            async with asyncio.timeout(seconds):
                while not await asyncio.to_thread(self.program.ready):
                    if not self.runs:
                        raise self.fallen()
                    await asyncio.sleep(_POLL)
        except TimeoutError as error:
            reason = f"no answer within {seconds:.0f} s"
            raise did_not_start(self.program, reason) from error

    async def ended(self) -> None:
        """Its process has ended."""
        # The kernel tells nobody but a waiting thread or a signal handler: looking is simpler.
        while self.runs:  # noqa: ASYNC110
            await asyncio.sleep(_POLL)

    def fallen(self) -> LaunchError:
        """That its process has ended, in words."""
        code = None if self.process is None else self.process.poll()
        return did_not_start(self.program, f"it ended with code {code}")

    async def stop(self, hurry: asyncio.Event) -> None:
        """Its process and all that this one started have ended; killed at once when in a hurry."""
        if (process := self.process) is None:
            return
        if self.runs:
            process.send_signal(self.program.stop_signal)
            until = asyncio.get_running_loop().time() + self.program.stop_seconds
            while self.runs and not hurry.is_set():
                if asyncio.get_running_loop().time() > until:
                    break
                await asyncio.sleep(_POLL / 2)
            process.kill()
            process.wait()
        end_session(process.pid)
        self.process = None


class Children:
    """All children; once `hurry` is set, whoever is still asked to end is killed instead."""

    def __init__(self, ledger: Ledger, say: Say, hurry: asyncio.Event) -> None:
        self.settled = False
        """Until it is set, a child that falls is an error; afterwards it is started again."""
        self._hurry = hurry
        self._ledger = ledger
        self._say = say
        self._children: list[Child] = []

    async def add(self, watching: asyncio.TaskGroup, program: Program) -> None:
        """The program runs and answers, and it is watched as long as the task group lasts."""
        child = Child(program)
        self._children.append(child)
        await self._begin(child)
        watching.create_task(self._watch(child))

    async def stop(self) -> None:
        """No child runs; the last one started was the first to be stopped.

        Who is cancelled while it stops them is in a hurry, and stops them nevertheless.
        """
        stopping = asyncio.ensure_future(self._stop_all())
        while not stopping.done():
            try:
                await asyncio.shield(stopping)
            except asyncio.CancelledError:
                self._hurry.set()

    async def _stop_all(self) -> None:
        while self._children:
            await self._children.pop().stop(self._hurry)
            self._note()

    async def _begin(self, child: Child) -> None:
        if child.process is not None:
            end_session(child.process.pid)
        await asyncio.to_thread(child.program.before)
        child.launch()
        self._note()
        await child.answers()

    async def _watch(self, child: Child) -> None:
        lives = count()
        while True:
            await AsyncRetrying(
                retry=retry_if_exception(self._may_retry),
                wait=wait_exponential(multiplier=0.5, max=30),
                before_sleep=self._announce(child),
                reraise=True,
            )(self._live, child, lives)

    async def _live(self, child: Child, lives: Iterator[int]) -> None:
        """One life of the child, the first of which has begun; LaunchError if it was short."""
        loop = asyncio.get_running_loop()
        if next(lives):
            await self._begin(child)
        began = loop.time()
        await child.ended()
        if not self.settled or loop.time() - began < STEADY:
            raise child.fallen()
        self._say(f"{child.program.name} has ended; it is started again")

    def _may_retry(self, error: BaseException) -> bool:
        # A full disk or too many processes may pass as well.
        return self.settled and isinstance(error, LaunchError | OSError)

    def _announce(self, child: Child) -> Callable[[RetryCallState], None]:
        def announce(state: RetryCallState) -> None:
            self._say(
                f"{child.program.name} has ended; it is started again in "
                f"{state.upcoming_sleep:.1f} s (log: {child.program.log})"
            )

        return announce

    def _note(self) -> None:
        processes = [child.process for child in self._children]
        self._ledger.note([process.pid for process in processes if process is not None])


async def finish(program: Program, while_it_runs: Callable[[], None] = lambda: None) -> None:
    """The program has run to its end; LaunchError with the end of its log if that was a bad one.

    Whoever is cancelled meanwhile leaves no process behind.
    """
    child = Child(program)
    process = child.launch()
    try:
        while child.runs:
            while_it_runs()
            await asyncio.sleep(_POLL)
    finally:
        if child.runs:
            process.kill()
        process.wait()
        end_session(process.pid)
    if process.returncode:
        raise child.fallen()
