"""What a source has been asked, counted by the hour, so that a restart does not forget it."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

MINUTE = 60.0
HOUR = 3600
DAY_HOURS = 24
MONTH_HOURS = 30 * DAY_HOURS


@dataclass(frozen=True, slots=True)
class Spent:
    """Calls in the minute, the 24 hours and the 30 days before some instant."""

    minute: int
    day: int
    month: int


class Ledger:
    """The calls to one source; times are epoch seconds."""

    def __init__(self, hours: Mapping[int, int] | None = None) -> None:
        """`hours` are earlier calls, by the epoch second in which their hour began."""
        self._hours = dict(hours or {})
        self._latest: deque[float] = deque()
        self._unstored: set[int] = set()

    @property
    def unstored(self) -> dict[int, int]:
        """Calls of the hours that changed since `stored`, by the second in which they began."""
        return {hour: self._hours[hour] for hour in sorted(self._unstored) if hour in self._hours}

    def stored(self) -> None:
        """The hours are stored as they are now."""
        self._unstored.clear()

    def spend(self, now: float) -> None:
        """One call more; calls that no window holds any longer are forgotten."""
        hour = _hour(now)
        self._hours[hour] = self._hours.get(hour, 0) + 1
        self._unstored.add(hour)
        self._latest.append(now)
        oldest = hour - MONTH_HOURS * HOUR
        for passed in [begun for begun in self._hours if begun < oldest]:
            del self._hours[passed]

    def spent(self, now: float) -> Spent:
        """The calls of the windows that end now; an hour that began in one counts as a whole."""
        while self._latest and self._latest[0] <= now - MINUTE:
            self._latest.popleft()
        return Spent(len(self._latest), self._since(now, DAY_HOURS), self._since(now, MONTH_HOURS))

    def _since(self, now: float, hours: int) -> int:
        first = _hour(now) - hours * HOUR
        return sum(calls for begun, calls in self._hours.items() if first <= begun <= now)


def _hour(now: float) -> int:
    return int(now // HOUR) * HOUR
