"""Directories for embedded stores, and what the processes of a test leave behind."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.launcher.postgres import remove


@pytest.fixture
def home() -> Iterator[Path]:
    """A short path that PostgreSQL may enter under root too; pytest closes its own to others."""
    directory = Path(tempfile.mkdtemp(prefix="marketcap-test-"))
    yield directory
    remove(directory)
