"""The clock of a process: epoch seconds that never run back, whoever sets the machine's clock."""

import time
from collections.abc import Callable

_SINCE_BOOT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Goes on while the machine sleeps, where the system has such a clock."""


def steady_clock() -> Callable[[], float]:
    """A clock that is set once, now, and then only goes forward; it follows no later correction."""
    # The composition roots call this, which is the one place that may read the wall clock.
    offset = time.time() - time.clock_gettime(_SINCE_BOOT)  # noqa: TID251 - Read once, here alone.
    return lambda: offset + time.clock_gettime(_SINCE_BOOT)
