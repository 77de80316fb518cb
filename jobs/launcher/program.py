"""What is needed to start one child process, and the leash that ends it with its parent."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_SET_PARENT_DEATH_SIGNAL = 1
_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None

_LARGEST_LOG = 16 * 2**20


class LaunchError(Exception):
    """Something keeps the product from running; the message says what, and what would help."""

    code = 1
    """The exit code of the launcher."""


class SettingError(LaunchError):
    """A setting cannot be used; the message names it and what would be accepted."""

    code = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One child process: how it is started, how it is ended, and where it writes."""

    name: str
    argv: tuple[str, ...]
    log: Path
    ready: Callable[[], bool]
    """True once the program does its work; asked again and again, so it must be quick."""
    environ: Mapping[str, str] | None = None
    """Its whole environment; None for a copy of ours."""
    cwd: Path | None = None
    user: str | None = None
    """The system user it runs as; None for ours."""
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 10.0
    """How long it may take to end after `stop_signal` before it is killed."""
    before: Callable[[], None] = lambda: None
    """Clears what a killed predecessor left behind; called before every start."""


def start(program: Program) -> subprocess.Popen[bytes]:
    """The program as a running process in a session of its own, its output in its log.

    Call it on a thread that outlives the program: the kernel ends it with that thread.
    """
    with _opened(program.log) as log:
        return subprocess.Popen(  # noqa: S603 - argv holds nothing but our own programs
            program.argv,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=program.environ,
            cwd=program.cwd,
            user=program.user,
            group=group_of(program.user),
            extra_groups=None if program.user is None else (),
            start_new_session=True,
            preexec_fn=_leash(program.stop_signal, parent=os.getpid()),
        )


def stop(process: subprocess.Popen[bytes], program: Program) -> None:
    """The process and everything in its session have ended."""
    if process.poll() is None:
        process.send_signal(program.stop_signal)
        try:
            process.wait(program.stop_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    end_session(process.pid)


def end_session(leader: int) -> None:
    """Nothing runs any more in the process group that an ended child has led."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def did_not_start(program: Program, reason: str) -> LaunchError:
    """The error that shows what the program wrote last."""
    return LaunchError(
        f"{program.name} does not run: {reason}. The end of its log {program.log}:\n"
        f"{last_lines(program.log)}"
    )


def last_lines(log: Path, count: int = 15) -> str:
    """The end of a log, for people; "" where there is none."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 16_384))
            lines = file.read().decode(errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(lines[-count:])


def end_with_parent() -> None:
    """From now on SIGTERM reaches us when whoever started us is gone, however it ended."""
    if _prctl is not None:
        _prctl(_SET_PARENT_DEATH_SIGNAL, int(signal.SIGTERM))


def group_of(user: str | None) -> int | None:
    """The id of the user's own group; None for no user."""
    return None if user is None else pwd.getpwnam(user).pw_gid


def _opened(log: Path) -> BinaryIO:
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > _LARGEST_LOG:
        log.replace(log.with_suffix(".1.log"))
    return log.open("ab")


def _leash(stop_signal: signal.Signals, *, parent: int) -> Callable[[], None] | None:
    """What a new process calls so that the kernel ends it when the parent's thread ends.

    It is called after the change of user, which would clear the setting. Systems without it
    give None: there the next start ends what a killed launcher left running.
    """
    prctl = _prctl
    if prctl is None:
        return None

    def bind() -> None:
        prctl(_SET_PARENT_DEATH_SIGNAL, int(stop_signal))
        if os.getppid() != parent:
            os._exit(1)

    return bind
