"""One venue's past hours, market by market: within the budget, and only while it answers."""

import asyncio
from collections.abc import Sequence
from math import inf
from random import uniform

import httpx
import structlog
from aiolimiter import AsyncLimiter
from tenacity import (
    AsyncRetrying,
    retry_if_exception,
    stop_after_attempt,
    wait_random_exponential,
)

from app.market.candles import HOUR
from jobs.rest.answers import Failure, RestError, decoded, fetch
from jobs.rest.markets import RestAddress
from jobs.rest.patience import Patience
from jobs.venue import HistoryCall, HourCandle, Venue

log = structlog.get_logger(__name__)

_ATTEMPTS = 3
_LONGEST_PAUSE = 60.0
"""A venue that wants a longer pause than this many seconds is asked no more."""
# Shares of a venue's budget in its own window.
_NEARLY_HALF = 0.48
_BURST = 0.1
_LEAST = 0.05
_PASSING = {Failure.THROTTLED, Failure.UNAVAILABLE, Failure.TOO_SLOW, Failure.UNREACHABLE}


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
        self.given_up = ""
        """Why the venue is asked no more; empty while it is."""
        self._call = call
        self._address = address
        self._client = client
        self._patience = patience or Patience()
        self._limiter = _limiter(venue, call.cost)
        self._paused_until = 0.0
        self._failed = 0
        self._first_wait = first_wait

    @property
    def calls_per_second(self) -> float:
        """How many calls the budget allows in the long run."""
        return self._limiter.max_rate / self._limiter.time_period / self._call.cost

    async def read(self, symbol: str, since: int, until: int) -> list[HourCandle]:
        """The market's hours that begin in [since, until), oldest first; raises RestError."""
        found: dict[int, HourCandle] = {}
        span = self._call.most * HOUR
        for start in range(since, until, span):
            end = min(until, start + span)
            candles = await self._asked(self._call.path(symbol, start, end))
            found |= {
                one.time: one for one in candles if start <= one.time < end and _is_sound(one)
            }
        return [found[time] for time in sorted(found)]

    async def _asked(self, path: str) -> Sequence[HourCandle]:
        try:
            candles = await self._asked_again(path)
        except RestError as error:
            self._failed += 1
            if self._failed >= self._patience.failures:
                self._give_up(f"{self._failed} failures in a row, the last: {error}")
            raise
        self._failed = 0
        return candles

    async def _asked_again(self, path: str) -> Sequence[HourCandle]:
        candles: Sequence[HourCandle] = ()
        async for attempt in AsyncRetrying(
            retry=retry_if_exception(self._may_pass),
            stop=stop_after_attempt(_ATTEMPTS),
            wait=wait_random_exponential(multiplier=self._first_wait, max=10),
            reraise=True,
        ):
            with attempt:
                candles = await self._ask(path)
        return candles

    async def _ask(self, path: str) -> Sequence[HourCandle]:
        await self._admission()
        budget = self.venue.budget
        try:
            answer = await fetch(
                self._client,
                self._address.rest_url + path,
                patience=self._patience,
                ban_statuses=budget.ban_statuses,
                used_header=budget.used_header,
            )
        except RestError as error:
            self._heed(error)
            raise
        if answer.used is not None and answer.used > budget.cost / 2:
            # Somebody else at this address uses the budget as well: leave it some of the window.
            self._pause(budget.seconds / 4)
        return decoded(self._call.parse, answer.body)

    async def _admission(self) -> None:
        """Wait until the venue may be asked; raises RestError when it is asked no more."""
        if not self.given_up:
            await self._limiter.acquire(self._call.cost)
        while (pause := self._paused_until - _now()) > 0:  # noqa: ASYNC110 - a time, no event
            await asyncio.sleep(pause)
        if self.given_up:
            raise RestError(Failure.REJECTED, f"asked no more: {self.given_up}")

    def _heed(self, error: RestError) -> None:
        wait = error.retry_after or 0.0
        if error.failure is Failure.BANNED or wait > _LONGEST_PAUSE:
            self._give_up(f"{error}, retry after {wait:g} s")
        else:
            self._pause(wait)

    def _pause(self, seconds: float) -> None:
        jitter = uniform(1, 1 + self._patience.pause_jitter)
        self._paused_until = max(self._paused_until, _now() + seconds * jitter)

    def _give_up(self, reason: str) -> None:
        if not self.given_up:
            self.given_up = reason
            log.warning("history_given_up", venue=self.venue.name, reason=reason)

    def _may_pass(self, error: BaseException) -> bool:
        passing = isinstance(error, RestError) and error.failure in _PASSING
        return passing and not self.given_up


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


def _now() -> float:
    return asyncio.get_running_loop().time()
