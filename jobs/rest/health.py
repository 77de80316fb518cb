"""What is known of a venue's REST side: counters while it runs, a frozen status to publish."""

from dataclasses import dataclass, field
from math import nan

import msgspec

from jobs.rest.answers import Failure
from jobs.rest.circuit import CircuitState


class RestStatus(msgspec.Struct, frozen=True):
    """The health of one venue's REST calls at one instant."""

    circuit: CircuitState
    slowed: int
    calls: int
    failures: dict[str, int]
    quotes: int
    unknown_symbols: int
    dropped_order: int
    last_success: float


@dataclass(slots=True)
class RestHealth:
    """Counters of one venue, written by its poller and by nobody else."""

    circuit: CircuitState = "closed"
    slowed: int = 1
    """One scheduled call of so many is made; 1 is the full rate."""
    calls: int = 0
    failures: dict[str, int] = field(default_factory=dict[str, int])
    """Failed calls by what was wrong."""
    quotes: int = 0
    unknown_symbols: int = 0
    dropped_order: int = 0
    """Quotes that the board refused because it holds newer ones."""
    last_success: float = nan
    """Epoch seconds."""

    def failed(self, failure: Failure) -> None:
        """One more call failed in this way."""
        self.failures[failure.value] = self.failures.get(failure.value, 0) + 1

    def snapshot(self) -> RestStatus:
        """The health now, as a value that nobody changes again."""
        return RestStatus(
            circuit=self.circuit,
            slowed=self.slowed,
            calls=self.calls,
            failures=dict(self.failures),
            quotes=self.quotes,
            unknown_symbols=self.unknown_symbols,
            dropped_order=self.dropped_order,
            last_success=self.last_success,
        )
