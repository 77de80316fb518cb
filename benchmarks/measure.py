"""Taking turns with the floor, medians, and the one line that a benchmark prints."""

import time
from collections.abc import Callable, Mapping
from statistics import median

import msgspec

REPEATS = 7
"""Turns of each contender; an odd number has a middle one."""


class NotMeasuredError(Exception):
    """The benchmark cannot run here; the message says what it needs."""


class Report(msgspec.Struct, frozen=True):
    """What one benchmark found; all numbers but `ratio` are in `unit`."""

    bench: str
    value: float
    unit: str
    floor: float | None
    """What this machine does at best with the same work; None where there is no such thing."""
    peer: float | None
    """What the best-known library does with it; None where none was asked."""
    ratio: float | None
    """`value` / `floor`."""
    goal: str
    ok: bool

    def line(self) -> str:
        """One line of JSON."""
        return msgspec.json.encode(self).decode()


def interleaved(
    contenders: Mapping[str, Callable[[], float]], *, repeats: int = REPEATS
) -> dict[str, float]:
    """The median of what each contender measured of itself, in turns with the others.

    Turns spread whatever else this machine does over all of them alike.
    """
    found: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(repeats):
        for name, contender in contenders.items():
            found[name].append(contender())
    return {name: median(values) for name, values in found.items()}


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU time that this process spent on it, in all its threads."""
    began = time.process_time()
    work()
    return time.process_time() - began


def rounded(value: float, digits: int = 4) -> float:
    """So many significant digits: more of them would only repeat noise."""
    return float(f"{value:.{digits}g}")
