"""The clock of a process: epoch seconds that never run back, whoever sets the machine's clock."""

import time
from collections.abc import Callable

_SINCE_BOOT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Goes on while the machine sleeps, where the system has such a clock."""


def steady_clock() -> Callable[[], float]:
    """A clock that is set once, now, and then only goes forward; it follows no later correction."""
    # The two composition roots call this; it is the one place where wall time is read.
    offset = time.time() - time.clock_gettime(_SINCE_BOOT)  # noqa: TID251
    return lambda: offset + time.clock_gettime(_SINCE_BOOT)
