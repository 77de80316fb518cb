"""One venue's past hours, market by market: within the budget, and only while it answers."""

from math import inf

import httpx
import structlog
from aiolimiter import AsyncLimiter

from app.market.candles import HOUR
from jobs.rest.asker import Asker
from jobs.rest.markets import RestAddress
from jobs.rest.patience import Patience
from jobs.venue import HistoryCall, HourCandle, Venue

log = structlog.get_logger(__name__)

# Shares of a venue's budget in its own window.
_NEARLY_HALF = 0.48
_BURST = 0.1
_LEAST = 0.05


class HistoryReader:
    """Asks one venue for past hours until it fails too often or sends us away."""

    def __init__(
        self,
        venue: Venue,
        call: HistoryCall,
        *,
        address: RestAddress,
        client: httpx.AsyncClient,
        patience: Patience | None = None,
        first_wait: float = 0.5,
    ) -> None:
        self.venue = venue
        self._call = call
        self._limiter = _limiter(venue, call.cost)
        self._asker = Asker(
            venue,
            self._limiter,
            address=address,
            client=client,
            on_given_up=self._tell_given_up,
            patience=patience,
            first_wait=first_wait,
        )

    @property
    def given_up(self) -> str:
        """Why the venue is asked no more; empty while it is."""
        return self._asker.given_up

    @property
    def calls_per_second(self) -> float:
        """How many calls the budget allows in the long run."""
        return self._limiter.max_rate / self._limiter.time_period / self._call.cost

    async def read(self, symbol: str, since: int, until: int) -> list[HourCandle]:
        """The market's hours that begin in [since, until), oldest first; raises RestError."""
        found: dict[int, HourCandle] = {}
        call, span = self._call, self._call.most * HOUR
        for start in range(since, until, span):
            end = min(until, start + span)
            path = call.path(symbol, start, end)
            candles = await self._asker.ask(path, call.parse, cost=call.cost)
            found |= {
                one.time: one for one in candles if start <= one.time < end and _is_sound(one)
            }
        return [found[time] for time in sorted(found)]

    def _tell_given_up(self, reason: str) -> None:
        log.warning("history_given_up", venue=self.venue.name, reason=reason)


def _limiter(venue: Venue, cost: int) -> AsyncLimiter:
    """A small bucket, so that one window never sees half of the budget, polling included.

    What polling and a full bucket leave of nearly a half is the rate at which it refills.
    """
    budget, polled = venue.budget, venue.tickers.cost if venue.tickers else 0
    capacity = max(float(cost), budget.cost * _BURST)
    refilled = max(budget.cost * _NEARLY_HALF - polled - capacity, budget.cost * _LEAST)
    return AsyncLimiter(capacity, capacity * budget.seconds / refilled)


def _is_sound(candle: HourCandle) -> bool:
    """A whole hour, and prices that are prices in an order that they can have."""
    ordered = all(
        0 < candle.low <= price <= candle.high < inf for price in (candle.open, candle.close)
    )
    return ordered and candle.time % HOUR == 0
