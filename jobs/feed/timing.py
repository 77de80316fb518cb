"""How patient the WebSocket engine is; production values unless a test says otherwise."""

from dataclasses import dataclass

from tenacity import AsyncRetrying, RetryCallState, wait_random_exponential


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Every interval of the engine that is no property of a venue, in seconds."""

    connect_every: float = 1.0
    """A venue sees at most one new connection of ours in this time."""
    connect_within: float = 10.0
    """Name, TCP, TLS, token and handshake together."""
    acknowledged_within: float = 10.0
    """After this a subscription without its confirmation is sent again."""
    requests: int = 4
    """How often a subscription is sent before it counts as never acknowledged."""
    delivered_within: float = 10.0
    """How long the old connection waits for its subscribed successor to say something."""
    healthy_after: float = 60.0
    """A connection that lived so long was a good one: the back-off starts afresh."""
    backoff: float = 0.5
    backoff_most: float = 60.0
    check_every: float = 1.0

    def delay(self, failures: int) -> float:
        """Full jitter: seconds from 0 to `backoff` · 2^failures, never above `backoff_most`."""
        state = RetryCallState(AsyncRetrying(), fn=None, args=(), kwargs={})
        state.attempt_number = failures + 1
        return wait_random_exponential(self.backoff, self.backoff_most)(state)
