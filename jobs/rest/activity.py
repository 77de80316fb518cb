"""What goes on in single markets of one venue: recent trades and order book, at low priority."""

from collections.abc import Sequence
from dataclasses import dataclass

import httpx
import structlog
from aiolimiter import AsyncLimiter

from jobs.rest.asker import Asker
from jobs.rest.markets import RestAddress
from jobs.rest.patience import Patience
from jobs.venue import Budget, DepthCall, OrderBook, Trade, TradesCall, Venue

log = structlog.get_logger(__name__)

# Shares of a venue's budget in its own window: with tickers and past hours less than all of it.
_SHARE = 0.2
_BURST = 0.05


@dataclass(frozen=True, slots=True)
class Activity:
    """What one look at a market showed."""

    trades: Sequence[Trade]
    """The newest last."""
    book: OrderBook
    levels: float
    """How many levels a side of the book could have told; inf if all there are."""


class ActivityReader:
    """Asks one venue for trades and books, with a pause when it fails or sends us away."""

    def __init__(
        self,
        venue: Venue,
        trades: TradesCall,
        depth: DepthCall,
        *,
        address: RestAddress,
        client: httpx.AsyncClient,
        patience: Patience | None = None,
        first_wait: float = 0.5,
    ) -> None:
        self.venue = venue
        self._trades, self._depth = trades, depth
        self._limiter = _limiter(venue.budget, max(trades.cost, depth.cost))
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
    def looks_per_second(self) -> float:
        """How many markets the budget allows to be looked at in the long run."""
        rate = self._limiter.max_rate / self._limiter.time_period
        return rate / (self._trades.cost + self._depth.cost)

    async def read(self, symbol: str) -> Activity:
        """The market's recent trades, then its book; raises RestError."""
        trades, depth, ask = self._trades, self._depth, self._asker.ask
        told = await ask(trades.path(symbol), trades.parse, cost=trades.cost)
        book = await ask(depth.path(symbol), depth.parse, cost=depth.cost)
        return Activity(told, book, depth.most)

    def try_again(self) -> None:
        """A venue that was given up is asked again, unless it wanted a long pause that lasts."""
        self._asker.try_again()

    def _tell_given_up(self, reason: str) -> None:
        log.warning("activity_given_up", venue=self.venue.name, reason=reason)


def _limiter(budget: Budget, cost: int) -> AsyncLimiter:
    capacity = max(float(cost), budget.cost * _BURST)
    return AsyncLimiter(capacity, capacity * budget.seconds / (budget.cost * _SHARE))
