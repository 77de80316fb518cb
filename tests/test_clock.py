"""The clock of a process."""

import time

import pytest

from app.clock import steady_clock

pytestmark = pytest.mark.unit


def test_the_clock_begins_at_wall_time_and_ignores_who_sets_it_later(
    monkeypatch: pytest.MonkeyPatch,
):
    clock = steady_clock()
    before = clock()
    monkeypatch.setattr(time, "time", lambda: 0.0)

    assert before == pytest.approx(clock(), abs=5.0)
    assert clock() >= before
