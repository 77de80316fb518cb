"""How patient the REST poller is; production values unless a test says otherwise."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Bounds of one call and of the pauses after it."""

    total: float = 15.0
    """Seconds for one call, however slowly it trickles."""
    most_bytes: int = 64 * 1024 * 1024
    """The largest body that is read, unpacked."""
    longest_pause: float = 24 * 3600.0
    """A venue may not send us away for longer than this many seconds."""
    pause_jitter: float = 0.1
    """Up to this share is added to a pause, so that clients do not return together."""
    failures: int = 5
    failures_within: float = 30.0
    """So many failures in so many seconds open the circuit."""
    open_for: float = 30.0
    """Seconds before an open circuit lets one probe through."""
