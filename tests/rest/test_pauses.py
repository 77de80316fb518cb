"""When the REST poller does not call, against a real HTTP server that counts the calls."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from starlette.requests import Request
from starlette.responses import Response

from jobs.rest import Poller
from jobs.venue import Budget
from tests.rest.wire import TICKERS, Answers, polling

pytestmark = pytest.mark.wire


def refusal(status: int, **headers: str) -> Response:
    return Response("{}", status, {name.replace("_", "-"): text for name, text in headers.items()})


async def _until_called(poller: Poller, calls: int) -> None:
    """Poll as a schedule would until so many calls were made."""
    async with asyncio.timeout(5):
        while poller.health.calls < calls:
            await poller.poll()
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("status", [429, 503])
async def test_a_wait_in_seconds_is_kept(status: int):
    answers = Answers(refusal(status, retry_after="0.2"), TICKERS)
    async with polling(answers) as (poller, _):
        await poller.poll()
        told = asyncio.get_running_loop().time()
        await _until_called(poller, 2)

        assert asyncio.get_running_loop().time() - told >= 0.2
        assert poller.health.quotes == 2


@pytest.mark.parametrize("status", [429, 503])
async def test_a_wait_until_a_date_is_kept(status: int):
    later = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    answers = Answers(refusal(status, retry_after=later), TICKERS)
    async with polling(answers) as (poller, _):
        for _ in range(20):
            await poller.poll()

        assert len(answers.asked) == 1


async def test_a_429_halves_the_rate_and_good_answers_restore_it():
    answers = Answers(refusal(429), TICKERS)
    async with polling(answers) as (poller, _):
        await poller.poll()
        slowed = [poller.health.slowed]
        for _ in range(8):
            await poller.poll()
            slowed.append(poller.health.slowed)

        assert slowed == [2, 2, 2, 2, 2, 2, 2, 2, 1]
        assert len(answers.asked) == 5


async def test_nothing_is_asked_during_a_ban():
    answers = Answers(refusal(418), TICKERS)
    async with polling(answers) as (poller, _):
        for _ in range(20):
            await poller.poll()

        assert (len(answers.asked), poller.health.circuit) == (1, "open")

        await _until_called(poller, 2)

        assert (poller.health.quotes, poller.health.circuit) == (2, "closed")


async def test_a_ban_lasts_as_long_as_the_venue_says_if_that_is_longer():
    answers = Answers(refusal(403, retry_after="3600"), TICKERS)
    async with polling(answers) as (poller, _):
        await poller.poll()
        await asyncio.sleep(0.15)
        await poller.poll()

        assert len(answers.asked) == 1


async def test_five_failures_open_the_circuit_and_one_probe_closes_it():
    answers = Answers(*[refusal(500)] * 5, TICKERS)
    async with polling(answers) as (poller, _):
        for _ in range(20):
            await poller.poll()

        assert (len(answers.asked), poller.health.circuit) == (5, "open")

        await _until_called(poller, 6)

        assert poller.health.circuit == "closed"


async def test_a_failed_probe_opens_the_circuit_again():
    answers = Answers(refusal(500))
    async with polling(answers) as (poller, _):
        await _until_called(poller, 6)
        for _ in range(20):
            await poller.poll()

        assert (len(answers.asked), poller.health.circuit) == (6, "open")


async def test_more_than_half_of_the_budget_used_slows_the_poller():
    used = iter(["50001", "100", "100", "100", "100"])

    def weighed(request: Request) -> Response:
        return Response("{}", headers={"x-used": next(used)})

    budget = Budget(cost=100_000, seconds=1.0, used_header="X-Used")
    async with polling(Answers(weighed), budget=budget) as (poller, _):
        await poller.poll()

        assert poller.health.slowed == 2

        await _until_called(poller, 5)

        assert poller.health.slowed == 1
