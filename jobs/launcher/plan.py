"""What one run of the product is: every choice made, and what each child is told of it."""

import os
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from app.settings import Settings, Source
from jobs.launcher.program import SettingError
from jobs.launcher.stores import Urls

ROOT = Path(__file__).parents[2]
"""The checkout: where every child is started."""

_WILDCARDS = ("0.0.0.0", "::")  # noqa: S104 - compared with, never listened on unasked


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The settings of this run with `auto` decided; each source has a directory of its own."""

    settings: Settings
    source: Source

    def __post_init__(self) -> None:
        if self.source == "replay" and not self.settings.captures:
            raise SettingError("SOURCE=replay needs recordings: make run CAPTURES=<directory>")

    @property
    def data_dir(self) -> Path:
        """Everything this source keeps."""
        return self.settings.data_dir.resolve() / self.source

    @property
    def local_host(self) -> str:
        """Where this machine reaches the web process."""
        return "127.0.0.1" if self.settings.host in _WILDCARDS else self.settings.host

    @property
    def local_url(self) -> str:
        """How this machine reaches the pages."""
        return f"http://{_in_url(self.local_host)}:{self.settings.port}"

    def log(self, name: str) -> Path:
        """Where that child writes."""
        return self.data_dir / "log" / f"{name}.log"

    def environ(self, urls: Urls, *, sandbox_url: str = "") -> dict[str, str]:
        """The environment of every child of ours."""
        settings = self.settings
        return child_environ(
            {
                "DATABASE_URL": urls.database_url,
                "REDIS_URL": urls.redis_url,
                "MARKETCAP_HOST": settings.host,
                "MARKETCAP_PORT": str(settings.port),
                "MARKETCAP_DATA_DIR": str(settings.data_dir.resolve()),
                "MARKETCAP_SOURCE": self.source,
                "MARKETCAP_SANDBOX_URL": sandbox_url,
                "MARKETCAP_ASSETS": str(settings.assets),
                "MARKETCAP_DATE": settings.date,
                "MARKETCAP_ORIGINS": ",".join(origins(settings, _addresses())),
                **({"MARKETCAP_CAPTURES": str(settings.captures)} if settings.captures else {}),
            }
        )


def child_environ(more: Mapping[str, str]) -> dict[str, str]:
    """Our environment and that, with the programs of our virtual environment first on PATH."""
    programs = str(Path(sys.executable).parent)
    path = os.pathsep.join((programs, os.environ.get("PATH", os.defpath)))
    return {**os.environ, "PATH": path, "PYTHONUNBUFFERED": "1", **more}


def origins(settings: Settings, addresses: list[str]) -> list[str]:
    """Every address under which a browser may have loaded the pages, in the order of trust."""
    hosts = ["localhost", "127.0.0.1", "[::1]"]
    if settings.host in _WILDCARDS:
        hosts += addresses
    elif settings.host not in hosts:
        hosts.append(_in_url(settings.host))
    further = [origin.strip() for origin in settings.origins.split(",") if origin.strip()]
    if settings.public_url:
        further.append("/".join(settings.public_url.split("/")[:3]))
    return list(dict.fromkeys([*(f"http://{host}:{settings.port}" for host in hosts), *further]))


def _addresses() -> list[str]:
    """The names under which other machines may know this one."""
    families = (socket.AF_INET, socket.AF_INET6)
    found = [
        _in_url(address.address.split("%", 1)[0])
        for interface in psutil.net_if_addrs().values()
        for address in interface
        if address.family in families
    ]
    return [socket.gethostname().lower(), *found]


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
