"""Everything that means "stop": Ctrl-C, a signal, and a terminal that has been closed."""

import asyncio
import os
import select
import signal
from collections.abc import Generator
from contextlib import contextmanager, suppress

from jobs.launcher.steps import Say

_TERMINAL_LOOK = 0.5
"""Seconds between two looks whether the terminal is still there."""


@contextmanager
def stopped_when_told(
    task: asyncio.Future[None], hurry: asyncio.Event, say: Say
) -> Generator[None]:
    """While in the block, the first word to stop cancels the task and the second sets `hurry`."""
    told = asyncio.Event()

    def stop() -> None:
        if told.is_set():
            hurry.set()
            return
        told.set()
        task.cancel()
        say("\nStopping; once more to stop without waiting.")

    loop = asyncio.get_running_loop()
    heard = [signal.SIGINT, signal.SIGTERM]
    # Under nohup the end of the terminal is not meant to be the end of the program.
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        heard.append(signal.SIGHUP)
    for each in heard:
        loop.add_signal_handler(each, stop)
    looking = loop.create_task(_terminal_closed())
    looking.add_done_callback(lambda done: None if done.cancelled() else stop())
    try:
        yield
    finally:
        looking.cancel()
        for each in heard:
            loop.remove_signal_handler(each)


async def _terminal_closed() -> None:
    """The terminal we were started in has been closed.

    The kernel tells only the first process of a terminal, which may be a `make` that keeps it
    to itself.
    """
    if not _in_foreground():
        await asyncio.Event().wait()
    terminal = select.poll()
    terminal.register(0, 0)
    # Waiting for it as an event would mean to read what somebody types into the terminal.
    while not terminal.poll(0):  # noqa: ASYNC110
        await asyncio.sleep(_TERMINAL_LOOK)


def _in_foreground() -> bool:
    with suppress(OSError):
        return os.isatty(0) and os.tcgetpgrp(0) == os.getpgrp()
    return False
