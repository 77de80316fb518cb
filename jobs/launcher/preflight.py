"""What must be so before the long work starts, each with a sentence for when it is not."""

import errno
import os
import resource
import shutil
import socket
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis

from jobs.launcher.program import LaunchError, SettingError

LEAST_FREE = 2**30
"""Bytes of disk below which nothing is started."""

_DATABASE_SCHEMES = ("postgresql",)
_REDIS_SCHEMES = ("redis", "rediss", "unix")


def check_port(host: str, port: int) -> None:
    """The port can be listened on; LaunchError names it and a free one."""
    reason = _refusal(host, port)
    if reason is None:
        return
    if reason == errno.EADDRINUSE:
        free = next(_free_ports(host, port), None)
        hint = f"make run PORT={free or '…'}"
        raise LaunchError(f"Port {port} is taken by another program. Choose another: {hint}")
    if reason == errno.EACCES:
        raise LaunchError(f"Port {port} needs more rights. Choose one above 1023: make run PORT=…")
    raise SettingError(
        f"HOST={host} is no address of this machine ({os.strerror(reason)}). "
        "127.0.0.1 is this machine alone, 0.0.0.0 every network it is on."
    )


def check_data_dir(directory: Path) -> None:
    """The directory is there, can be written and has room."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=directory) as file:
            file.write(b"\0")
    except OSError as error:
        raise LaunchError(
            f"The data directory {directory} cannot be written ({error.strerror}). "
            "Choose another: make run DATA_DIR=…"
        ) from error
    check_room(directory, shutil.disk_usage(directory).free)


def check_room(directory: Path, free: int) -> None:
    """That many free bytes are enough."""
    if free < LEAST_FREE:
        raise LaunchError(
            f"Only {free / 2**30:.1f} GiB is free on the disk of {directory}; 1 GiB is needed. "
            "Free some, or choose another disk: make run DATA_DIR=…"
        )


def check_database(url: str) -> str:
    """The version of the PostgreSQL that answers there; SettingError says why none does."""
    _check_scheme("DATABASE_URL", url, _DATABASE_SCHEMES)
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            version = connection.info.server_version
    except psycopg.Error as error:
        raise SettingError(f"DATABASE_URL cannot be used: {_first_line(error)}") from error
    return f"{version // 10_000}.{version % 10_000}"


def check_redis(url: str) -> None:
    """A Redis-protocol server answers there; SettingError says why none does."""
    _check_scheme("REDIS_URL", url, _REDIS_SCHEMES)
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5) as client:
            client.ping()
    except (redis.RedisError, ValueError, OSError) as error:
        raise SettingError(f"REDIS_URL cannot be used: {_first_line(error)}") from error


def allow_many_files() -> int:
    """As many open files as the system lets us have, for us and our children: a socket is one."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = hard if hard != resource.RLIM_INFINITY else 65_536
    # macOS reports a hard limit above what its kernel grants.
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def free_port(host: str = "127.0.0.1") -> int:
    """A port that nobody listened on a moment ago."""
    with socket.create_server((host, 0)) as server:
        return server.getsockname()[1]


def _check_scheme(name: str, url: str, schemes: Iterable[str]) -> None:
    scheme = urlsplit(url).scheme
    if scheme not in schemes:
        wanted = " or ".join(f"{each}://…" for each in schemes)
        given = f"{scheme}://…" if scheme else f"“{url}”"
        raise SettingError(f"{name} must be {wanted}, not {given}")


def _refusal(host: str, port: int) -> int | None:
    """Why the port cannot be listened on, as errno; None if it can."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as listener:
            # Connections that have just been closed do not keep the web server away either.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen()
    except socket.gaierror:
        return errno.EADDRNOTAVAIL
    except OSError as error:
        return error.errno
    return None


def _free_ports(host: str, port: int) -> Iterator[int]:
    return (near for near in range(port + 1, min(port + 100, 65_536)) if not _refusal(host, near))


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).split("\n", 1)[0]
