"""A real PostgreSQL and a real Redis-protocol server, as children of this process.

Whoever needs both and nothing else, a test for example, takes `embedded_stores`.
"""

import os
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from jobs.launcher.claim import claimed
from jobs.launcher.postgres import postgres, postgres_url, remove
from jobs.launcher.program import Program, did_not_start, start, stop
from jobs.launcher.valkey import valkey, valkey_url

_LONGEST_SOCKET = 100
"""The kernel takes 107 bytes; a few are kept for the name of PostgreSQL's lock file."""


@dataclass(frozen=True, slots=True)
class Urls:
    """Where the stores are reached."""

    database_url: str
    redis_url: str


@dataclass(frozen=True, slots=True)
class StoreHome:
    """A data directory that is ours, and where the sockets of its stores are."""

    data_dir: Path
    sockets: Path

    @property
    def urls(self) -> Urls:
        """Where the stores answer once they are started."""
        return Urls(postgres_url(self._postgres_sockets), valkey_url(self.sockets))

    def postgres(self) -> Program:
        """PostgreSQL; the first call on a directory initialises it, which takes a second."""
        log = self.data_dir / "log" / "postgres.log"
        return postgres(self.data_dir / "postgres", self._postgres_sockets, log)

    def valkey(self) -> Program:
        """Valkey, empty."""
        return valkey(self.data_dir / "valkey", self.sockets, self.data_dir / "log" / "valkey.log")

    @property
    def _postgres_sockets(self) -> Path:
        # A directory for itself: under root it belongs to another user.
        return self.sockets / "pg"


@contextmanager
def embedded_stores(data_dir: Path | None = None) -> Generator[Urls]:
    """Both stores, answering, until the block is left; without a directory they keep nothing.

    Enter it on a thread that outlives the block: the kernel ends the stores with that thread.
    """
    with ExitStack() as opened:
        if data_dir is None:
            data_dir = Path(tempfile.mkdtemp(prefix="marketcap-"))
            opened.callback(remove, data_dir)
        home = opened.enter_context(store_home(data_dir))
        for program in (home.postgres(), home.valkey()):
            program.before()
            process = start(program)
            opened.callback(stop, process, program)
            await_ready(process, program)
        yield home.urls


def run_with_stores(argv: list[str]) -> int:
    """The exit code of the command, which finds two empty stores in its environment."""
    argv = argv[1:] if argv[:1] == ["--"] else argv
    with embedded_stores() as urls:
        environ = {"DATABASE_URL": urls.database_url, "REDIS_URL": urls.redis_url}
        return subprocess.run(argv, env={**os.environ, **environ}, check=False).returncode  # noqa: S603 - the caller's own command


@contextmanager
def store_home(data_dir: Path) -> Generator[StoreHome]:
    """The directory, claimed and with a place for sockets, until the block is left."""
    data_dir = data_dir.resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    with claimed(data_dir), _socket_directory(data_dir) as sockets:
        yield StoreHome(data_dir, sockets)


def await_ready(process: subprocess.Popen[bytes], program: Program, seconds: float = 60.0) -> None:
    """The program answers; LaunchError with the end of its log if it does not."""
    until = time.monotonic() + seconds
    while not program.ready():
        if process.poll() is not None:
            raise did_not_start(program, f"it ended with code {process.returncode}")
        if time.monotonic() > until:
            raise did_not_start(program, f"it did not answer within {seconds:.0f} s")
        time.sleep(0.02)


@contextmanager
def _socket_directory(data_dir: Path) -> Generator[Path]:
    """A directory whose sockets have names short enough for the kernel."""
    beside = data_dir / "run"
    if len(str(beside / "pg" / ".s.PGSQL.5432.lock").encode()) <= _LONGEST_SOCKET:
        beside.mkdir(mode=0o700, exist_ok=True)
        yield beside
        return
    elsewhere = Path(tempfile.mkdtemp(prefix="marketcap-"))
    try:
        yield elsewhere
    finally:
        remove(elsewhere)
