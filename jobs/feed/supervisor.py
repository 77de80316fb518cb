"""One venue's stream: its markets divided into connections, each a supervised task."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

import httpx
import structlog
from aiolimiter import AsyncLimiter

from app.market.quotes import QuoteBoard
from jobs.feed.connection import Connection
from jobs.feed.health import Alarms, FeedHealth, State
from jobs.feed.intake import Intake, StreamAndRest
from jobs.feed.timing import Timing
from jobs.venue import Venue

log = structlog.get_logger()


class Feed:
    """Keeps the board's rows of one venue up to date over as many sockets as that needs."""

    def __init__(
        self,
        venue: Venue,
        *,
        address: StreamAndRest,
        rows: Mapping[str, int],
        board: QuoteBoard,
        client: httpx.AsyncClient,
        clock: Callable[[], float],
        timing: Timing | None = None,
        gate: AsyncLimiter | None = None,
        health: FeedHealth | None = None,
    ) -> None:
        """`rows` is venue symbol → row, most important first.

        A feed that follows another of the same venue is given the `gate` and the `health` of
        that one, so that neither the connection rate nor the counters start again.
        """
        timing = timing or Timing()
        self._intake = Intake(
            venue=venue,
            address=address,
            rows=rows,
            board=board,
            client=client,
            clock=clock,
            gate=gate or AsyncLimiter(1, timing.connect_every),
            timing=timing,
            health=health or FeedHealth(),
        )

    @property
    def health(self) -> FeedHealth:
        """The counters of this venue."""
        return self._intake.health

    def adopt(self, rows: Mapping[str, int], board: QuoteBoard) -> None:
        """Write to these rows of this board from now on; new symbols are not subscribed."""
        self._intake.adopt(rows, board)

    async def run(self) -> None:
        """Listen until cancelled."""
        venue = self._intake.venue
        batches = divide(
            list(self._intake.rows), size=venue.symbols_per_connection, most=venue.connections
        )
        self.health.wanted = len(batches)
        self.health.uncovered = len(self._intake.rows) - sum(map(len, batches))
        if self.health.uncovered:
            log.warning("markets_without_connection", venue=venue.name, count=self.health.uncovered)
        try:
            async with asyncio.TaskGroup() as group:
                for symbols in batches:
                    group.create_task(Connection(self._intake, symbols).run())
                group.create_task(self._observe())
        finally:
            # A task that is cancelled before its first step drops nothing itself.
            for link in tuple(self._intake.links):
                self._intake.drop(link)

    async def _observe(self) -> None:
        """Say once when the venue's state changes and when an alarm begins or ends."""
        health, venue = self.health, self._intake.venue
        state: State = health.state
        alarms = Alarms()
        frames, since = health.frames, 0.0
        while True:
            await asyncio.sleep(self._intake.timing.check_every)
            since = since + self._intake.timing.check_every if health.frames == frames else 0.0
            frames = health.frames
            health.silent = since >= venue.silence_after
            before = alarms.ringing
            alarms.look(health)
            state = _tell_state(venue.name, state, health.state)
            _tell_alarms(venue.name, before, alarms.ringing)


def divide(symbols: Sequence[str], *, size: int, most: int) -> list[Sequence[str]]:
    """Batches of at most `size`, in order, at most `most` of them; the rest is left out."""
    return [symbols[start : start + size] for start in range(0, len(symbols), size)][:most]


def _tell_state(venue: str, before: State, state: State) -> State:
    if state != before:
        tell = log.info if state == "live" else log.warning
        tell("venue_state", venue=venue, state=state, before=before)
    return state


def _tell_alarms(venue: str, before: frozenset[str], raised: frozenset[str]) -> None:
    for alarm in sorted(raised - before):
        log.warning("venue_alarm", venue=venue, alarm=alarm)
    for alarm in sorted(before - raised):
        log.info("venue_alarm_over", venue=venue, alarm=alarm)
