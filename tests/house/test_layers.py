"""The import contracts hold, and each one breaks where somebody would break it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import ROOT, below, name_of

pytestmark = pytest.mark.unit

LAYERED_APP = "app is layered"
LAYERED_JOBS = "jobs is layered"
NO_JOBS = "app never imports jobs"
NO_WEB = "jobs never imports the web"
PURE = "the market and the venues do no I/O and read no clock"
APART = "venues do not know each other"
BLIND = "the sandbox does not know the adapters"

PLANTS = (
    (LAYERED_APP, "app/api/planted.py", "import app.ui"),
    (LAYERED_APP, "app/store/planted.py", "import app.api"),
    (LAYERED_APP, "app/market/planted.py", "import app.settings"),
    (LAYERED_APP, "app/planted/__init__.py", ""),
    (LAYERED_JOBS, "jobs/feed/planted.py", "import jobs.collector"),
    (LAYERED_JOBS, "jobs/venues/planted.py", "import jobs.feed"),
    (LAYERED_JOBS, "jobs/planted/__init__.py", ""),
    (NO_JOBS, "app/store/planted.py", "import jobs.venue"),
    (NO_WEB, "jobs/feed/planted.py", "import fastapi"),
    (NO_WEB, "jobs/tasks/planted.py", "import app.ui"),
    (PURE, "app/market/planted.py", "import asyncio"),
    (PURE, "app/market/planted.py", "from time import time"),
    (PURE, "jobs/venues/planted.py", "import httpx"),
    (APART, "jobs/venues/planted.py", "import jobs.venues.kraken"),
    (BLIND, "jobs/sandbox/planted.py", "from jobs.venues import VENUES"),
)
"""Contract, module that breaks it, and the line that does."""


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages as they are, somewhere else."""
    copy = tmp_path_factory.mktemp("copy")
    for path in [*below(("app", "jobs"), ".py"), ROOT / "pyproject.toml"]:
        target = copy / name_of(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return copy


@pytest.fixture
def checkout(copied: Path) -> Iterator[Path]:
    """The copy, without what a test has planted in it."""
    yield copied
    for planted in (*copied.rglob("planted.py"), *copied.rglob("planted/__init__.py")):
        planted.unlink()
    for planted in copied.rglob("planted"):
        planted.rmdir()


def test_every_contract_holds(checkout: Path) -> None:
    code, report = _lint(checkout)

    assert code == 0, report


@pytest.mark.parametrize(("contract", "module", "line"), PLANTS)
def test_a_contract_breaks_on(contract: str, module: str, line: str, checkout: Path) -> None:
    planted = checkout / module
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(line + "\n")

    code, report = _lint(checkout)

    assert (code, f"{contract} BROKEN" in report) == (1, True), report
    assert "planted" in report


@pytest.mark.parametrize(
    "line",
    [
        "from datetime import UTC, datetime\nprint(datetime.now(UTC))\n",
        "import time\nprint(time.time())\n",
    ],
)
def test_reading_the_clock_is_refused(line: str) -> None:
    command = [sys.executable, "-m", "ruff", "check", "--select=TID251", "-"]
    done = subprocess.run(
        [*command, "--stdin-filename=app/market/planted.py"],
        input=line,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, "TID251" in done.stdout) == (1, True)


def _lint(checkout: Path) -> tuple[int, str]:
    """Exit code and report of import-linter over that checkout."""
    command = "from importlinter.cli import lint_imports_command as lint; lint()"
    done = subprocess.run(
        [sys.executable, "-c", command, "--no-cache", "--no-logo"],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout), "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr
