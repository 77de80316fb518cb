"""One venue's repeated call for all tickers: it fills the gaps that the stream leaves."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from random import uniform

import httpx
import structlog
from aiolimiter import AsyncLimiter

from app.market.quotes import Quote, QuoteBoard
from jobs.rest.answers import Answer, Failure, RestError, decoded, fetch
from jobs.rest.circuit import Circuit
from jobs.rest.health import RestHealth
from jobs.rest.markets import RestAddress
from jobs.rest.pace import Pace
from jobs.rest.patience import Patience
from jobs.venue import Budget, Call, Venue

log = structlog.get_logger()

# The bucket both holds and refills this share of the budget in the venue's window, so that no
# window sees more than twice as much: less than half.
_SHARE = 0.24


class Poller:
    """Asks for all tickers when `poll` is called, unless pace or circuit say no."""

    def __init__(
        self,
        venue: Venue,
        *,
        address: RestAddress,
        rows: Mapping[str, int],
        board: QuoteBoard,
        client: httpx.AsyncClient,
        clock: Callable[[], float],
        patience: Patience | None = None,
    ) -> None:
        patience = patience or Patience()
        self.health = RestHealth()
        self._venue = venue
        self._address = address
        self._rows = rows
        self._board = board
        self._client = client
        self._clock = clock
        self._patience = patience
        self._pace = Pace()
        self._circuit = Circuit(
            most=patience.failures, within=patience.failures_within, open_for=patience.open_for
        )
        self._limiter = limiter(venue.budget, venue.tickers.cost if venue.tickers else 1)

    @property
    def call(self) -> Call | None:
        """What is called and how often; None where the venue has no such call."""
        return self._venue.tickers

    def adopt(self, rows: Mapping[str, int], board: QuoteBoard) -> None:
        """Write to these rows of this board from now on, answers under way included."""
        self._rows, self._board = rows, board

    async def poll(self) -> None:
        """Call once and write what came to the board; failures are counted, not raised."""
        call, parse = self._venue.tickers, self._venue.parse_tickers
        if call is None or parse is None or not self._may_call():
            return
        await self._limiter.acquire(call.cost)
        # The answer is no newer than the question: a tick that comes meanwhile is kept.
        sent = self._clock()
        self.health.calls += 1
        try:
            answer = await self._fetch(call)
            quotes = decoded(parse, answer.body)
        except RestError as error:
            self._failed(error)
        except Exception:
            # A fault in one adapter must not leave its circuit waiting for a probe for ever.
            log.exception("rest_fault", venue=self._venue.name)
            self._failed(RestError(Failure.FAULT, "our own code failed"))
        else:
            self._deliver(quotes, sent)
            self._succeeded(answer)
        self._tell()

    async def _fetch(self, call: Call) -> Answer:
        budget = self._venue.budget
        return await fetch(
            self._client,
            self._address.rest_url + call.path,
            patience=self._patience,
            ban_statuses=budget.ban_statuses,
            used_header=budget.used_header,
        )

    def _may_call(self) -> bool:
        now = _now()
        if not self._circuit.allows(now) or not self._pace.due(now):
            self._pace = self._pace.skipped()
            return False
        self._circuit = self._circuit.called(now)
        self._pace = self._pace.called()
        return True

    def _deliver(self, quotes: Sequence[Quote], sent: float) -> None:
        health = self.health
        for quote in quotes:
            row = self._rows.get(quote.symbol)
            if row is None:
                health.unknown_symbols += 1
                continue
            health.quotes += 1
            if not self._board.put(row, quote, sent):
                health.dropped_order += 1

    def _succeeded(self, answer: Answer) -> None:
        self.health.last_success = self._clock()
        self._circuit = self._circuit.succeeded()
        much = answer.used is not None and answer.used > self._venue.budget.cost / 2
        self._pace = self._pace.slower() if much else self._pace.well()

    def _failed(self, error: RestError) -> None:
        now = _now()
        self.health.failed(error.failure)
        asked = min(error.retry_after or 0.0, self._patience.longest_pause)
        pause = asked * uniform(1, 1 + self._patience.pause_jitter)
        self._pace = self._pace.paused(now + pause)
        if error.failure is Failure.BANNED:
            seconds = max(pause, self._venue.budget.ban_seconds)
            self._circuit = self._circuit.banned(now, seconds)
        elif error.failure is Failure.THROTTLED:
            self._pace = self._pace.slower()
            self._circuit = self._circuit.unanswered()
        else:
            self._circuit = self._circuit.failed(now)

    def _tell(self) -> None:
        """Say once when the circuit changes or the pace does."""
        circuit, slowed = self._circuit.state(_now()), self._pace.factor
        if (circuit, slowed) != (self.health.circuit, self.health.slowed):
            tell = log.info if circuit == "closed" else log.warning
            tell("rest_state", venue=self._venue.name, circuit=circuit, slowed=slowed)
        self.health.circuit, self.health.slowed = circuit, slowed


def limiter(budget: Budget, cost: int) -> AsyncLimiter:
    """A bucket that stays below half of the budget; a call of `cost` always fits into it."""
    capacity = max(float(cost), budget.cost * _SHARE)
    return AsyncLimiter(capacity, capacity * budget.seconds / (budget.cost * _SHARE))


def _now() -> float:
    return asyncio.get_running_loop().time()
