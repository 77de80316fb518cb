"""`start`: from nothing but files to a page with a price.

Warm is what `make run` does once everything is installed and built. Cold is `make run` in a
fresh clone, with all that it downloads.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median

import httpx

from benchmarks.measure import NotMeasuredError, Report, rounded
from jobs.launcher.preflight import free_port
from tests.product import running_product

WARM = 8.0
COLD = 120.0
REPEATS = 3
_ROOT = Path(__file__).parents[1]
_LONGEST = 900.0


def run(*, cold: bool = False, repeats: int = REPEATS) -> list[Report]:
    """Seconds until a row with a price can be read."""
    reports = [_report("start", _warm(repeats), WARM)]
    return [*reports, _report("start:cold", _cold(), COLD)] if cold else reports


def _report(bench: str, seconds: float, goal: float) -> Report:
    return Report(
        bench=bench,
        value=rounded(seconds, 3),
        unit="s",
        floor=None,
        peer=None,
        ratio=None,
        goal=f"<= {goal:g} s",
        ok=seconds <= goal,
    )


def _warm(repeats: int) -> float:
    with tempfile.TemporaryDirectory(prefix="marketcap-bench-") as directory:
        _started(directory)
        return median(_started(directory) for _ in range(repeats))


def _started(directory: str) -> float:
    began = time.perf_counter()
    with running_product(DATA_DIR=directory) as address:
        _check_row(address)
        return time.perf_counter() - began


def _check_row(address: str) -> None:
    rows = httpx.get(f"{address}/api/v1/markets?per_page=1").raise_for_status().json()["data"]
    if not rows or not rows[0]["price"]:
        raise NotMeasuredError("the product is ready without a price")


def _cold() -> float:
    """`make run` in a clone of the last commit; nothing of this checkout is used."""
    with tempfile.TemporaryDirectory(prefix="marketcap-bench-") as directory:
        clone = Path(directory) / "clone"
        began = time.perf_counter()
        _told("git", "clone", "--quiet", str(_ROOT), str(clone))
        with _make_run(clone) as address:
            _check_row(address)
            return time.perf_counter() - began


@contextmanager
def _make_run(clone: Path) -> Generator[str]:
    """The address of what `make run` has started there, once it is ready."""
    port = free_port()
    with subprocess.Popen(
        (_program("make"), "run", "SOURCE=sandbox", f"PORT={port}"),
        cwd=clone,
        env=_bare_environ(),
        stdout=sys.stderr,
        start_new_session=True,
    ) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_ready(process, f"{address}/readyz")
            yield address
        finally:
            os.killpg(process.pid, signal.SIGTERM)


def _bare_environ() -> dict[str, str]:
    """Our environment without what would point to this checkout or its settings."""
    ours = ("MARKETCAP_", "VIRTUAL_ENV", "DATABASE_URL", "REDIS_URL", "MAKE")
    return {name: text for name, text in os.environ.items() if not name.startswith(ours)}


def _wait_ready(process: "subprocess.Popen[bytes]", url: str) -> None:
    until = time.monotonic() + _LONGEST
    while time.monotonic() < until and process.poll() is None:
        with suppress(httpx.HTTPError):
            if httpx.get(url, timeout=2.0).is_success:
                return
        time.sleep(0.2)
    raise NotMeasuredError(f"`make run` did not get ready within {_LONGEST:.0f} s")


def _told(program: str, *arguments: str) -> None:
    subprocess.run((_program(program), *arguments), check=True)


def _program(name: str) -> str:
    if path := shutil.which(name):
        return path
    raise NotMeasuredError(f"a cold start needs {name}")
