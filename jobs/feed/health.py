"""What is known of a venue's stream: counters while it runs, a frozen status to publish."""

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from math import isfinite, nan
from statistics import median
from typing import Literal

import msgspec

State = Literal["live", "connecting", "silent", "down"]

_MOST_KINDS = 50
_CANARY_FRAMES = 1000
_CANARY_SHARE = 0.01
_CLOCK_SAMPLES = 100
_CLOCK_LOOKS = 30
_CLOCK_OFFSET = 1.0


class Loss(StrEnum):
    """Why a connection ended, or could not be opened."""

    CLOSED = "closed"
    SILENT = "silent"
    TOO_LARGE = "frame_too_large"
    PROTOCOL = "protocol_error"
    UNREACHABLE = "unreachable"
    NO_TOKEN = "no_token"  # noqa: S105 - The name of a failure, not a secret.
    FAULT = "fault"


class FeedStatus(msgspec.Struct, frozen=True):
    """The health of one venue's stream at one instant; lags in seconds, NaN without samples."""

    state: State
    connected: int
    wanted: int
    frames: int
    quotes: int
    last_frame: float
    parse_errors: int
    unknown_symbols: int
    unknown_kinds: dict[str, int]
    refused: int
    reconnects: int
    renewals: int
    losses: dict[str, int]
    missing_acks: int
    dropped_order: int
    asked_again: int
    uncovered: int
    lag_p50: float
    lag_p99: float


@dataclass(slots=True)
class FeedHealth:
    """Counters of one venue, written by its connections and by nobody else."""

    wanted: int = 0
    """How many connections there should be."""
    connected: int = 0
    """How many are open; one more than wanted while one hands over to its successor."""
    uncovered: int = 0
    """Markets for which the venue allows us no connection."""
    frames: int = 0
    quotes: int = 0
    last_frame: float = nan
    """Epoch seconds."""
    parse_errors: int = 0
    unknown_symbols: int = 0
    unknown_kinds: dict[str, int] = field(default_factory=dict[str, int])
    refused: int = 0
    reconnects: int = 0
    renewals: int = 0
    losses: dict[str, int] = field(default_factory=dict[str, int])
    missing_acks: int = 0
    """Confirmations that never came although asked for again and again."""
    dropped_order: int = 0
    """Quotes that the board refused because it holds newer ones."""
    asked_again: int = 0
    """Markets that fell silent and were subscribed once more."""
    failing: bool = False
    """True from a failure to the next connection that opens."""
    silent: bool = False
    trouble: str = ""
    """The failure that was logged last."""
    lags: deque[float] = field(default_factory=lambda: deque[float](maxlen=1024))
    """Our receive time less the venue's time of the latest quotes."""
    malformed: deque[int] = field(default_factory=lambda: deque[int](maxlen=_CANARY_FRAMES))
    """Which of the latest frames could not be read, by their number."""

    @property
    def state(self) -> State:
        """Live only while frames arrive."""
        if not self.connected:
            return "down" if self.failing else "connecting"
        if self.silent:
            return "silent"
        return "live" if self.frames else "connecting"

    def unreadable(self) -> None:
        """One more frame could not be read."""
        self.parse_errors += 1
        self.malformed.append(self.frames)

    def unknown(self, kind: str) -> None:
        """One more message of a kind that we do not use; kinds beyond a bound share a name."""
        if kind not in self.unknown_kinds and len(self.unknown_kinds) >= _MOST_KINDS:
            kind = "other"
        self.unknown_kinds[kind] = self.unknown_kinds.get(kind, 0) + 1

    def lost(self, loss: Loss) -> None:
        """A connection ended, or an attempt to open one failed."""
        self.failing = True
        self.reconnects += 1
        self.losses[loss.value] = self.losses.get(loss.value, 0) + 1

    def is_news(self, trouble: str) -> bool:
        """True unless the venue failed in just this way the last time."""
        before, self.trouble = self.trouble, trouble
        return trouble != before

    def snapshot(self) -> FeedStatus:
        """The health now, as a value that nobody changes again."""
        lags = sorted(lag for lag in self.lags if isfinite(lag))
        return FeedStatus(
            state=self.state,
            connected=self.connected,
            wanted=self.wanted,
            frames=self.frames,
            quotes=self.quotes,
            last_frame=self.last_frame,
            parse_errors=self.parse_errors,
            unknown_symbols=self.unknown_symbols,
            unknown_kinds=dict(self.unknown_kinds),
            refused=self.refused,
            reconnects=self.reconnects,
            renewals=self.renewals,
            losses=dict(self.losses),
            missing_acks=self.missing_acks,
            dropped_order=self.dropped_order,
            asked_again=self.asked_again,
            uncovered=self.uncovered,
            lag_p50=_quantile(lags, 0.50),
            lag_p99=_quantile(lags, 0.99),
        )


@dataclass(slots=True)
class Alarms:
    """What is wrong with a venue's stream although frames arrive; looked at every so often."""

    ringing: frozenset[str] = frozenset()
    off: int = 0
    """Looks in a row that found the venue's clock off."""

    def look(self, health: FeedHealth) -> None:
        """`ringing` is what is wrong now."""
        oldest = health.frames - _CANARY_FRAMES
        malformed = sum(number > oldest for number in health.malformed)
        # Lists of markets at rest come first on a connection, so that one look proves nothing.
        self.off = self.off + 1 if self._clock_is_off(health) else 0
        rules = {
            "frames_unreadable": malformed > _CANARY_FRAMES * _CANARY_SHARE,
            "clock_offset": self.off >= _CLOCK_LOOKS,
        }
        self.ringing = frozenset(alarm for alarm, rings in rules.items() if rings)

    def _clock_is_off(self, health: FeedHealth) -> bool:
        lags = [lag for lag in health.lags if isfinite(lag)]
        # Half the threshold ends the alarm, so that an offset near it does not ring all day.
        allowed = _CLOCK_OFFSET / 2 if "clock_offset" in self.ringing else _CLOCK_OFFSET
        return len(lags) >= _CLOCK_SAMPLES and abs(median(lags)) > allowed


def _quantile(ordered: list[float], share: float) -> float:
    return ordered[int(len(ordered) * share)] if ordered else nan
