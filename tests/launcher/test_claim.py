"""One process has a data directory, and what a killed one left running is ended."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from jobs.launcher.claim import InUseError, Ledger, claimed


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(["sleep", "60"])
    yield process
    process.kill()
    process.wait()


@pytest.mark.unit
def test_a_directory_in_use_names_the_process_and_another_directory(tmp_path: Path):
    with claimed(tmp_path), pytest.raises(InUseError) as told, claimed(tmp_path):
        pass

    assert str(told.value) == (
        f"The data directory {tmp_path} is in use by process {os.getpid()}. Stop that one, or "
        f"start beside it: make run DATA_DIR={tmp_path}-2 PORT=…"
    )


@pytest.mark.unit
def test_a_directory_is_free_again_afterwards(tmp_path: Path):
    with claimed(tmp_path):
        pass
    with claimed(tmp_path):
        assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"


@pytest.mark.store
def test_children_of_a_killed_predecessor_are_ended(
    tmp_path: Path, sleeper: subprocess.Popen[bytes]
):
    ledger = Ledger(tmp_path / "children.json")
    ledger.note([sleeper.pid])

    assert ledger.end_left_over() == 1
    assert sleeper.poll() is not None


@pytest.mark.store
def test_a_process_that_has_a_noted_number_by_chance_is_left_alone(
    tmp_path: Path, sleeper: subprocess.Popen[bytes]
):
    began = psutil.Process(sleeper.pid).create_time()
    file = tmp_path / "children.json"
    file.write_text(json.dumps([[sleeper.pid, began - 100]]))

    assert Ledger(file).end_left_over() == 0
    assert sleeper.poll() is None


@pytest.mark.unit
def test_a_ledger_cut_short_by_a_full_disk_notes_nobody(tmp_path: Path):
    file = tmp_path / "children.json"
    file.write_text("[[12")

    assert Ledger(file).end_left_over() == 0
