"""What the doctor finds out about the machine itself."""

import asyncio
import platform
import resource
import shutil
import subprocess
import sys

import psutil

from app.settings import Settings
from jobs.launcher.browser import chromium
from jobs.launcher.claim import InUseError, claimed
from jobs.launcher.findings import Finding, judged
from jobs.launcher.frontend import Frontend
from jobs.launcher.plan import ROOT, child_environ
from jobs.launcher.preflight import check_data_dir, check_port
from jobs.launcher.program import LaunchError

_LEAST_PYTHON = (3, 11)
_LEAST_MEMORY = 2 * 2**30
_LEAST_FILES = 4096


async def machine_findings(settings: Settings) -> list[Finding]:
    """Everything that can be told without a network."""
    return [
        _python(sys.version_info[:2]),
        _cores(psutil.cpu_count() or 1),
        _memory(psutil.virtual_memory().available),
        _open_files(resource.getrlimit(resource.RLIMIT_NOFILE)[1]),
        *_place(settings),
        await asyncio.to_thread(_bun),
        await asyncio.to_thread(_chromium),
    ]


def _python(version: tuple[int, int]) -> Finding:
    return judged(
        "Python",
        platform.python_version(),
        good=version >= _LEAST_PYTHON,
        advice="install Python 3.11 or newer, and run `make clean`",
        verdict="broken",
    )


def _cores(count: int) -> Finding:
    return judged(
        "Processor cores",
        str(count),
        good=count >= 2,
        advice="two are better: one for prices, one for readers",
        verdict="warning",
    )


def _memory(available: int) -> Finding:
    return judged(
        "Free memory",
        f"{available / 2**30:.1f} GiB",
        good=available >= _LEAST_MEMORY,
        advice="the build of the pages needs about 2 GiB; lower ASSETS, or close something",
        verdict="warning",
    )


def _open_files(limit: int) -> Finding:
    unlimited = limit == resource.RLIM_INFINITY
    return judged(
        "Open files",
        "no limit" if unlimited else f"{limit:,} at most",
        good=unlimited or limit >= _LEAST_FILES,
        advice=f"each reader takes one: ulimit -Hn {16 * _LEAST_FILES}",
        verdict="warning",
    )


def _place(settings: Settings) -> list[Finding]:
    """The data directory and the port, unless a running instance has them."""
    directory = settings.data_dir.resolve()
    try:
        check_data_dir(directory)
    except LaunchError as error:
        return [Finding("Data directory", str(error), "see the message", "broken")]
    free = shutil.disk_usage(directory).free / 2**30
    found = Finding("Data directory", f"{directory}, {free:.0f} GiB free")
    try:
        with claimed(directory):
            check_port(settings.host, settings.port)
    except InUseError as error:
        return [found, Finding("Port", str(error), "nothing, if that is what you want", "warning")]
    except LaunchError as error:
        return [found, Finding("Port", str(error), "see the message", "broken")]
    return [found, Finding("Port", f"{settings.port} is free")]


def _bun() -> Finding:
    try:
        said = subprocess.run(
            ("bun", "--version"),  # noqa: S607 - the one of our virtual environment
            env=child_environ({}),
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        built = Frontend(ROOT).is_built()
        advice = "run `make clean` and `make run`: it comes with requirements.txt"
        return Finding("Bun", "does not run", advice, "warning" if built else "broken")
    return Finding("Bun", said.stdout.strip())


def _chromium() -> Finding:
    path = chromium()
    return judged(
        "Chromium",
        str(path) if path else "none",
        good=path is not None,
        advice="only `make test` needs it, and tries to install it",
        verdict="warning",
    )
