"""Moving windows in the memory of this process: a storage for `limits` that is told the time.

The library's own one starts a thread every 10 ms while there is traffic, never forgets a caller,
and reads the wall clock, which locks callers out when the host's clock is set back.
"""

from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Final

from limits.storage import MovingWindowSupport, Storage

SCHEME: Final = "windows"
CALLERS_MAX: Final = 100_000
"""Beyond this many callers the one that was silent longest is forgotten, and starts afresh."""


class WindowStorage(Storage, MovingWindowSupport):
    """When each caller's requests of the last window were made, oldest first."""

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012 - limits reads it from the class.

    def __init__(
        self,
        uri: str | None = None,
        *,
        clock: Callable[[], float],
        callers_max: int = CALLERS_MAX,
        wrap_exceptions: bool = False,
    ) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._clock = clock
        self._callers_max = callers_max
        self._windows: OrderedDict[str, deque[float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._windows)

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        """What this storage raises: nothing that a caller could cause."""
        return MemoryError

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Whether `amount` more requests fit into the caller's window; if so they are in it."""
        now = self._clock()
        times = self._current(key, now - expiry, now)
        if len(times) + amount > limit:
            return False
        times.extend([now] * amount)
        self._windows[key] = times
        self._windows.move_to_end(key)
        self._forget(now - expiry)
        return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """When the oldest request of the caller's window was made, and how many there are."""
        now = self._clock()
        times = self._current(key, now - expiry, now)
        return (times[0] if times else now), len(times)

    def clear(self, key: str) -> None:
        """The caller starts afresh."""
        self._windows.pop(key, None)

    def reset(self) -> int | None:
        """All callers start afresh; how many there were."""
        callers = len(self._windows)
        self._windows.clear()
        return callers

    def check(self) -> bool:
        """The memory of this process is always there."""
        return True

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Only the fixed-window strategies ask for this; it is refused."""
        raise NotImplementedError("this storage holds moving windows only")

    def get(self, key: str) -> int:
        """How many requests of the caller are remembered."""
        return len(self._windows.get(key, ()))

    def get_expiry(self, key: str) -> float:
        """Only the fixed-window strategies ask for this; it is refused."""
        raise NotImplementedError("this storage holds moving windows only")

    def _current(self, key: str, before: float, now: float) -> deque[float]:
        times = self._windows.get(key)
        if times is None:
            return deque()
        if times and times[-1] > now:
            # The clock was set back: what it said before cannot be compared with now.
            times.clear()
        while times and times[0] <= before:
            times.popleft()
        return times

    def _forget(self, before: float) -> None:
        while self._windows:
            key, times = next(iter(self._windows.items()))
            if len(self._windows) <= self._callers_max and times and times[-1] > before:
                return
            del self._windows[key]
