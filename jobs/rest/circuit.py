"""A circuit breaker as a value: what happened goes in, a new circuit comes out.

Times are seconds of any clock that only goes forward.
"""

from dataclasses import dataclass, replace
from typing import Literal

CircuitState = Literal["closed", "open", "half-open"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuit:
    """Closed while calls succeed; open after too many failures; half-open for one probe."""

    most: int = 5
    within: float = 30.0
    open_for: float = 30.0
    failures: tuple[float, ...] = ()
    """When the latest calls failed."""
    open_until: float | None = None
    """None while closed."""
    probing: bool = False
    """True while the one probe of a half-open circuit is under way."""

    def state(self, now: float) -> CircuitState:
        """What the circuit does with a call now."""
        if self.open_until is None:
            return "closed"
        return "open" if now < self.open_until else "half-open"

    def allows(self, now: float) -> bool:
        """True if a call may be made now."""
        state = self.state(now)
        return state == "closed" or (state == "half-open" and not self.probing)

    def called(self, now: float) -> "Circuit":
        """A call was made; in a half-open circuit it is the probe."""
        return replace(self, probing=self.state(now) == "half-open")

    def succeeded(self) -> "Circuit":
        """Closed, all failures forgotten."""
        return replace(self, failures=(), open_until=None, probing=False)

    def failed(self, now: float) -> "Circuit":
        """One failure more: open if it was one too many, or if it was the probe."""
        recent = tuple(time for time in self.failures if now - time < self.within)
        failures = (*recent, now)[-self.most :]
        if self.probing or len(failures) >= self.most:
            return replace(self, failures=(), open_until=now + self.open_for, probing=False)
        return replace(self, failures=failures)

    def unanswered(self) -> "Circuit":
        """A call told nothing of the endpoint's health: as before it."""
        return replace(self, probing=False)

    def banned(self, now: float, seconds: float) -> "Circuit":
        """Open for so many seconds: the venue sent us away."""
        return replace(self, failures=(), open_until=now + seconds, probing=False)
