"""Plays a tape into the board: once at full speed, then in a loop on the recorded clock.

Each further loop is stamped later by the length of the tape, so that time never runs back.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil

import msgspec

from app.market.health import VenueHealth
from app.market.quotes import Quote, QuoteBoard
from app.market.registry import Registry
from jobs.replay.captures import Frame, Tape
from jobs.venue import Alias, FrameError, Venue

PAUSE = 5.0
"""Recorded seconds between the end of the tape and its next beginning."""

QUIET_AFTER = 10.0
"""A venue counts as silent so many recorded seconds after its last frame."""


@dataclass(slots=True)
class _Heard:
    frames: int = 0
    quotes: int = 0
    parse_errors: int = 0
    unknown_symbols: int = 0
    last: float = float("nan")


class Player:
    """One tape, one board; `now` is the recorded clock."""

    def __init__(
        self, tape: Tape, venues: Mapping[str, Venue], registry: Registry, board: QuoteBoard
    ) -> None:
        self._tape, self._board = tape, board
        self._venues = {name: venues[name] for name in tape.listings}
        self._rows = {name: dict(registry.rows_of_venue.get(name, {})) for name in self._venues}
        self._parse = {name: venue.at(tape.day).parse for name, venue in self._venues.items()}
        self._heard = {name: _Heard() for name in self._venues}
        self._first = tape.frames[0].received
        self._period = ceil(tape.seconds + PAUSE)
        self._shift = 0.0
        self._clock: Callable[[], float] = lambda: self._first

    def now(self) -> float:
        """The recorded time, epoch seconds."""
        return self._clock()

    def rewind(self, every: float, cycle: Callable[[float], object]) -> None:
        """Play the whole tape at once, with a cycle each `every` recorded seconds."""
        due = self._first + every
        for frame in self._tape.frames:
            while frame.received > due:
                cycle(due)
                due += every
            self._take(frame)
        end = self._tape.frames[-1].received
        self._clock = lambda: end
        self._shift = self._period

    async def run(self, *, speed: float) -> None:
        """Play the tape again and again at that speed, until cancelled."""
        loop = asyncio.get_running_loop()
        began, start = loop.time(), self._first + self._period - PAUSE
        self._clock = lambda: start + (loop.time() - began) * speed
        while True:
            for frame in self._tape.frames:
                wait = (frame.received + self._shift - self._clock()) / speed
                if wait > 0:
                    await asyncio.sleep(wait)
                self._take(frame)
            self._shift += self._period

    def health(self) -> tuple[VenueHealth, ...]:
        """How each recorded venue is doing at the recorded time."""
        return tuple(self._health(name) for name in sorted(self._venues))

    def _take(self, frame: Frame) -> None:
        heard, rows = self._heard[frame.venue], self._rows[frame.venue]
        heard.frames += 1
        heard.last = frame.received + self._shift
        try:
            inflate = self._venues[frame.venue].inflate
            body = inflate(frame.body) if inflate else frame.body
            events = self._parse[frame.venue](body)
        except (msgspec.MsgspecError, FrameError):
            heard.parse_errors += 1
            return
        for event in events:
            if isinstance(event, Quote):
                self._put(heard, rows, event, frame.received)
            elif isinstance(event, Alias) and event.symbol in rows:
                rows[event.key] = rows[event.symbol]

    def _put(self, heard: _Heard, rows: Mapping[str, int], quote: Quote, received: float) -> None:
        row = rows.get(quote.symbol)
        if row is None:
            heard.unknown_symbols += 1
            return
        heard.quotes += 1
        # Sequence numbers repeat with each loop, so later loops go without.
        later = msgspec.structs.replace(
            quote, time=quote.time + self._shift, sequence=0 if self._shift else quote.sequence
        )
        self._board.put(row, later, received + self._shift)

    def _health(self, name: str) -> VenueHealth:
        venue, heard = self._venues[name], self._heard[name]
        quiet = not self.now() - heard.last <= QUIET_AFTER
        return VenueHealth(
            name=name,
            title=venue.title,
            operator=venue.operator,
            home=venue.home,
            docs=venue.docs,
            state="silent" if quiet else "live",
            markets=len(self._rows[name]),
            connections=1,
            connections_wanted=1,
            frames=heard.frames,
            quotes=heard.quotes,
            parse_errors=heard.parse_errors,
            unknown_symbols=heard.unknown_symbols,
            reconnects=0,
            missing_acks=0,
            refused=0,
            last_message=heard.last,
            lag_p50=float("nan"),
            lag_p99=float("nan"),
            rest_calls=0,
            rest_failures=0,
            circuit="closed",
        )
