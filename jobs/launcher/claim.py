"""A data directory belongs to one process at a time, and what a killed one left there is ended."""

import fcntl
import json
import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from jobs.launcher.program import LaunchError

_CLOCK_STEP = 2.0
"""Seconds by which two readings of one process's start may differ."""


class InUseError(LaunchError):
    """Another process has the directory; the message names it."""


@contextmanager
def claimed(directory: Path) -> Generator[None]:
    """Nobody else has the directory until the block is left; LaunchError names who has it."""
    with (directory / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            owner = lock.read().strip() or "of an unknown number"
            raise InUseError(
                f"The data directory {directory} is in use by process {owner}. Stop that one, or "
                f"start beside it: make run DATA_DIR={directory}-2 PORT=…"
            ) from error
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


@dataclass(frozen=True, slots=True)
class Ledger:
    """The children that run now, in a file: the kernel does not always end them with us."""

    file: Path

    def note(self, pids: list[int]) -> None:
        """These and no others are our children."""
        rows = [(pid, _began(pid)) for pid in pids]
        # Nobody is stopped because the disk is full: the file is needed only after a kill.
        with suppress(OSError):
            self.file.write_text(json.dumps([row for row in rows if row[1] is not None]))

    def end_left_over(self, seconds: float = 10.0) -> int:
        """No child of a killed predecessor runs any more; how many did."""
        left = list(self._running())
        for process in left:
            with suppress(psutil.Error):
                process.terminate()
        _, stubborn = psutil.wait_procs(left, seconds)
        for process in stubborn:
            with suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(stubborn, seconds)
        self.file.unlink(missing_ok=True)
        return len(left)

    def _running(self) -> Generator[psutil.Process]:
        """Every noted process with its descendants; a pid that was given away again is not it."""
        for pid, began in self._noted():
            # The clock of the machine may have been set a little since then.
            if abs((_began(pid) or 0.0) - began) < _CLOCK_STEP:
                with suppress(psutil.Error):
                    process = psutil.Process(pid)
                    yield from process.children(recursive=True)
                    yield process

    def _noted(self) -> list[tuple[int, float]]:
        try:
            return [(int(pid), float(began)) for pid, began in json.loads(self.file.read_text())]
        except (OSError, ValueError):
            return []


def _began(pid: int) -> float | None:
    try:
        return psutil.Process(pid).create_time()
    except psutil.Error:
        return None
