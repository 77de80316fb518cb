"""The launcher as a whole, as far as it goes without the parts that it starts."""

import io
import os
import re
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import pytest
from rich.console import Console

from app.settings import Settings
from jobs.launcher.claim import claimed
from jobs.launcher.doctor import as_table, exit_code, store_findings
from jobs.launcher.findings import Finding
from jobs.launcher.preflight import free_port
from jobs.launcher.reach import Answer, clock_finding, venue_findings
from jobs.launcher.steps import Steps
from jobs.launcher.up import up

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def on_its_own(monkeypatch: pytest.MonkeyPatch):
    """Neither the make nor the stores round the test are taken for those of the product."""
    for name in ("MAKELEVEL", "DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.store
async def test_a_taken_port_ends_the_run_before_anything_is_made(home: Path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings = Settings(source="sandbox", data_dir=home, port=server.getsockname()[1])
        code, said = await _up(settings)

    assert code == 1
    assert said.startswith(f"Port {settings.port} is taken by another program.")
    assert sorted(path.name for path in home.iterdir()) == ["lock"]


@pytest.mark.store
async def test_a_second_instance_is_told_who_was_first(home: Path):
    with claimed(home):
        code, said = await _up(Settings(source="sandbox", data_dir=home, port=free_port()))

    assert code == 1
    assert f"is in use by process {os.getpid()}. Stop that one, or start beside it:" in said


@pytest.mark.store
async def test_a_wrong_database_is_one_sentence_and_exit_code_2(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DATABASE_URL", "mysql://localhost/market")

    code, said = await _up(Settings(source="sandbox", data_dir=home, port=free_port()))

    assert code == 2
    assert said.splitlines()[-1] == "DATABASE_URL must be postgresql://…, not mysql://…"


@pytest.mark.unit
def test_make_help_lists_every_command():
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)

    assert re.findall(r"^  make (\w+) ", told.stdout, re.MULTILINE)[:8] == [
        "help",
        "run",
        "test",
        "check",
        "properties",
        "doctor",
        "bench",
        "clean",
    ]


@pytest.mark.unit
def test_make_without_a_new_enough_python_says_which_is_needed(tmp_path: Path):
    (tmp_path / "requirements.txt").write_text("")
    old = tmp_path / "old"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.1\n[ "$1" != -c ]\n')
    old.chmod(0o755)
    names = ["python", *(f"python3{minor}" for minor in ("", ".11", ".12", ".13", ".14"))]
    for name in names:
        (tmp_path / name).symlink_to(old)
    for tool in ("sh", "make", "rm"):
        (tmp_path / tool).symlink_to(shutil.which(tool) or tool)

    told = subprocess.run(
        ["make", "-f", str(ROOT / "Makefile"), "run"],
        cwd=tmp_path,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.returncode == 2
    assert told.stderr.splitlines()[0] == (
        "Python 3.11 or newer is needed; here is: Python 3.9.1. "
        "Install one, or name it: make run PYTHON=/path/to/python3.12"
    )


@pytest.mark.unit
def test_only_a_broken_finding_makes_the_doctor_fail():
    fine, warned = Finding("Bun", "1.4.4"), Finding("Chromium", "none", "…", "warning")
    broken = Finding("Port", "taken", "…", "broken")

    assert exit_code([fine, warned]) == 0
    assert exit_code([fine, broken]) == 1


@pytest.mark.unit
def test_the_table_says_what_to_do():
    console = Console(file=io.StringIO(), width=60)
    with console.capture() as shown:
        console.print(as_table([Finding("Port", "8000 is taken", "make run PORT=8001", "broken")]))

    assert shown.get().splitlines()[1].split("  ") == [
        "✘", "Port", "8000 is taken", "make run PORT=8001"
    ]  # fmt: skip


@pytest.mark.store
def test_the_doctor_uses_the_stores_once():
    results = [(each.what, each.verdict) for each in store_findings(Settings())]

    assert results == [("PostgreSQL", "ok"), ("Redis or Valkey", "ok")]


@pytest.mark.unit
def test_one_open_stream_is_enough():
    answers = [Answer("A", "", ""), Answer("B", "says 403", "fails (gaierror)")]

    findings = venue_findings(answers)

    assert findings == [
        Finding("A", "REST answers, stream opens"),
        Finding("B", "REST says 403, stream fails (gaierror)", "", "warning"),
        Finding("All venues", "1 of 2 streams open"),
    ]


@pytest.mark.unit
def test_the_clock_is_held_against_the_middle_of_the_venues():
    answers = [Answer("A", "", "", 0.4), Answer("B", "", "", 3600.0), Answer("C", "", "", 0.6)]

    assert clock_finding(answers) == Finding("Clock", "0.6 s ahead of the venues")
    assert clock_finding([Answer("A", "", "", -9.0)]).verdict == "warning"


async def _up(settings: Settings) -> tuple[int, str]:
    said = io.StringIO()
    before = signal.getsignal(signal.SIGTERM)
    code = await up(settings, Steps(Console(file=said, highlight=False)))
    assert signal.getsignal(signal.SIGTERM) == before
    return code, said.getvalue()
