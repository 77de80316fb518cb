"""Asking one venue about single markets: within the budget, and only while it answers."""

import asyncio
from collections.abc import Callable
from random import uniform
from typing import TypeVar

import httpx
from aiolimiter import AsyncLimiter
from tenacity import (
    AsyncRetrying,
    retry_if_exception,
    stop_after_attempt,
    wait_random_exponential,
)

from jobs.rest.answers import Answer, Failure, RestError, decoded, fetch
from jobs.rest.markets import RestAddress
from jobs.rest.patience import Patience
from jobs.venue import Venue

Value = TypeVar("Value")

_ATTEMPTS = 3
_LONGEST_PAUSE = 60.0
"""A venue that wants a longer pause than this many seconds is asked no more."""
_PASSING = {Failure.THROTTLED, Failure.UNAVAILABLE, Failure.TOO_SLOW, Failure.UNREACHABLE}


class Asker:
    """Asks one venue until it fails too often or sends us away."""

    def __init__(
        self,
        venue: Venue,
        limiter: AsyncLimiter,
        *,
        address: RestAddress,
        client: httpx.AsyncClient,
        on_given_up: Callable[[str], None],
        patience: Patience | None = None,
        first_wait: float = 0.5,
    ) -> None:
        """`on_given_up` hears why the venue is asked no more."""
        self.given_up = ""
        """Why the venue is asked no more; empty while it is."""
        self._venue = venue
        self._limiter = limiter
        self._address = address
        self._client = client
        self._on_given_up = on_given_up
        self._patience = patience or Patience()
        self._paused_until = 0.0
        self._failed = 0
        self._first_wait = first_wait

    async def ask(self, path: str, parse: Callable[[bytes], Value], *, cost: int) -> Value:
        """What the parser makes of the answer; raises RestError."""
        try:
            answer = await self._asked_again(path, cost)
            value = decoded(parse, answer.body)
        except RestError as error:
            self._failed += 1
            if self._failed >= self._patience.failures:
                self._give_up(f"{self._failed} failures in a row, the last: {error}")
            raise
        self._failed = 0
        return value

    def try_again(self) -> None:
        """A venue that was given up is asked again, unless it wanted a long pause that lasts."""
        if self._paused_until - _now() <= _LONGEST_PAUSE:
            self.given_up, self._failed = "", 0

    async def _asked_again(self, path: str, cost: int) -> Answer:
        async for attempt in AsyncRetrying(
            retry=retry_if_exception(self._may_pass),
            stop=stop_after_attempt(_ATTEMPTS),
            wait=wait_random_exponential(multiplier=self._first_wait, max=10),
            reraise=True,
        ):
            with attempt:
                return await self._ask(path, cost)
        raise AssertionError("the last attempt returns or raises")

    async def _ask(self, path: str, cost: int) -> Answer:
        await self._admission(cost)
        budget = self._venue.budget
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
        return answer

    async def _admission(self, cost: int) -> None:
        """Wait until the venue may be asked; raises RestError when it is asked no more."""
        if not self.given_up:
            await self._limiter.acquire(cost)
        while (pause := self._paused_until - _now()) > 0:
            if self.given_up:
                break
            await asyncio.sleep(pause)
        if self.given_up:
            raise RestError(Failure.REJECTED, f"asked no more: {self.given_up}")

    def _heed(self, error: RestError) -> None:
        wait, banned = error.retry_after or 0.0, error.failure is Failure.BANNED
        if banned or wait > _LONGEST_PAUSE:
            self._pause(max(wait, self._venue.budget.ban_seconds) if banned else wait)
            self._give_up(f"{error}, retry after {wait:g} s")
        else:
            self._pause(wait)

    def _pause(self, seconds: float) -> None:
        jitter = uniform(1, 1 + self._patience.pause_jitter)
        seconds = min(seconds, self._patience.longest_pause)
        self._paused_until = max(self._paused_until, _now() + seconds * jitter)

    def _give_up(self, reason: str) -> None:
        if not self.given_up:
            self.given_up = reason
            self._on_given_up(reason)

    def _may_pass(self, error: BaseException) -> bool:
        passing = isinstance(error, RestError) and error.failure in _PASSING
        return passing and not self.given_up


def _now() -> float:
    return asyncio.get_running_loop().time()
