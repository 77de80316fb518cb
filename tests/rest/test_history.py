"""Past hours of one venue, asked of a real HTTP server that counts the calls."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import msgspec
import pytest
from starlette.responses import Response

from jobs.rest import Failure, HistoryReader, Patience, RestError
from jobs.venue import Budget, HistoryCall, HourCandle
from tests.rest.wire import PATIENCE, VENUE, Answers, answering

pytestmark = pytest.mark.wire

HOUR = 3600


def candle(hour: int, price: float = 2.0) -> HourCandle:
    return HourCandle(hour * HOUR, price, price + 1, price - 1, price, 5.0)


def hours(*candles: HourCandle) -> Response:
    return Response(msgspec.json.encode(candles), media_type="application/json")


def refusal(status: int, **headers: str) -> Response:
    return Response("{}", status, {name.replace("_", "-"): text for name, text in headers.items()})


CALL = HistoryCall(
    lambda symbol, since, until: f"/{symbol}/{since // HOUR}-{until // HOUR}",
    lambda body: msgspec.json.decode(body, type=list[HourCandle]),
    most=10,
)


@asynccontextmanager
async def reading(
    answers: Answers, *, patience: Patience = PATIENCE, call: HistoryCall = CALL, **quirks: object
) -> AsyncGenerator[HistoryReader]:
    """A reader of a server with these answers; `quirks` are fields of the venue."""
    async with answering(answers) as address, httpx.AsyncClient() as client:
        yield HistoryReader(
            replace(VENUE, **quirks),
            call,
            address=address,
            client=client,
            patience=patience,
            first_wait=0.01,
        )


async def failure(reader: HistoryReader) -> Failure:
    with pytest.raises(RestError) as raised:
        await reader.read("A", 0, HOUR)
    return raised.value.failure


async def test_hours_come_oldest_first_and_only_those_asked_for():
    answers = Answers(hours(candle(3), candle(2), candle(1), candle(0)))
    async with reading(answers) as reader:
        found = await reader.read("A", HOUR, 3 * HOUR)

    assert found == [candle(1), candle(2)]
    assert answers.asked == ["/A/1-3"]


async def test_a_span_is_asked_for_in_as_few_calls_as_answers_hold():
    answers = Answers(hours(candle(0)), hours(candle(10)), hours(candle(24)))
    async with reading(answers) as reader:
        found = await reader.read("A", 0, 25 * HOUR)

    assert answers.asked == ["/A/0-10", "/A/10-20", "/A/20-25"]
    assert found == [candle(0), candle(10), candle(24)]


@pytest.mark.parametrize(
    "bad",
    [
        HourCandle(HOUR + 60, 2.0, 3.0, 1.0, 2.0, 5.0),
        HourCandle(HOUR, 0.0, 3.0, 0.0, 2.0, 5.0),
        HourCandle(HOUR, 4.0, 3.0, 1.0, 2.0, 5.0),
        HourCandle(HOUR, 2.0, 3.0, 2.5, 2.0, 5.0),
        HourCandle(HOUR, 2.0, float("inf"), 1.0, 2.0, 5.0),
        HourCandle(HOUR, 2.0, 3.0, 1.0, float("nan"), 5.0),
    ],
    ids=["off the hour", "zero", "open above high", "close below low", "infinite", "no number"],
)
async def test_what_cannot_be_a_candle_is_left_out(bad: HourCandle):
    told = replace_parse([candle(0), bad])
    async with reading(Answers(hours()), call=told) as reader:
        assert await reader.read("A", 0, 3 * HOUR) == [candle(0)]


def replace_parse(candles: list[HourCandle]) -> HistoryCall:
    """JSON has neither infinity nor NaN, so the parser says what the body cannot."""
    return replace(CALL, parse=lambda body: candles)


async def test_a_passing_failure_is_asked_again():
    answers = Answers(refusal(503), hours(candle(0)))
    async with reading(answers) as reader:
        assert await reader.read("A", 0, HOUR) == [candle(0)]

    assert len(answers.asked) == 2


async def test_a_refused_market_is_not_asked_again():
    answers = Answers(refusal(404))
    async with reading(answers) as reader:
        assert await failure(reader) is Failure.REJECTED

    assert len(answers.asked) == 1


async def test_a_wait_that_the_venue_asks_for_is_kept():
    answers = Answers(refusal(429, retry_after="0.3"), hours(candle(0)))
    loop = asyncio.get_running_loop()
    async with reading(answers) as reader:
        asked = loop.time()
        await reader.read("A", 0, HOUR)

    assert loop.time() - asked >= 0.3


async def test_a_venue_that_fails_again_and_again_is_asked_no_more():
    answers = Answers(refusal(500))
    async with reading(answers, patience=Patience(failures=2)) as reader:
        failures = [await failure(reader) for _ in range(4)]

        assert failures == [Failure.UNAVAILABLE] * 2 + [Failure.REJECTED] * 2
        assert reader.given_up.startswith("2 failures in a row")

    assert len(answers.asked) == 6


async def test_good_answers_between_failures_keep_a_venue():
    answers = Answers(refusal(404), hours(), refusal(404), hours())
    async with reading(answers, patience=Patience(failures=2)) as reader:
        for _ in range(2):
            assert await failure(reader) is Failure.REJECTED
            assert await reader.read("A", 0, HOUR) == []

        assert reader.given_up == ""


@pytest.mark.parametrize(
    "sent_away", [refusal(418), refusal(429, retry_after="3600")], ids=["ban", "long wait"]
)
async def test_a_venue_that_sends_us_away_is_left_alone(sent_away: Response):
    answers = Answers(sent_away)
    async with reading(answers) as reader:
        await failure(reader)
        assert await failure(reader) is Failure.REJECTED

    assert len(answers.asked) == 1


async def test_a_body_that_is_no_history_is_unreadable():
    async with reading(Answers(Response("<html>", media_type="application/json"))) as reader:
        assert await failure(reader) is Failure.UNREADABLE


async def test_history_and_polling_together_stay_below_half_of_the_budget():
    async with reading(Answers(hours()), budget=Budget(cost=100, seconds=10.0)) as reader:
        # Of 48 in 10 s the poller takes one, and a full bucket ten at once.
        assert reader.calls_per_second == pytest.approx((48 - 1 - 10) / 10)


async def test_calls_wait_for_their_budget():
    loop = asyncio.get_running_loop()
    async with reading(Answers(hours()), budget=Budget(cost=10, seconds=0.5)) as reader:
        began = loop.time()
        for _ in range(3):
            await reader.read("A", 0, HOUR)

    # One at once, the others at (4.8 - 1 - 1) calls in half a second.
    assert loop.time() - began >= 2 * 0.5 / 2.8 - 0.01


async def test_a_used_budget_makes_the_reader_wait():
    def used(cost: str) -> Response:
        return Response("[]", headers={"x-used": cost})

    answers = Answers(used("51"), used("1"))
    budget = Budget(cost=100, seconds=1.0, used_header="x-used")
    loop = asyncio.get_running_loop()
    async with reading(answers, budget=budget) as reader:
        await reader.read("A", 0, HOUR)
        began = loop.time()
        await reader.read("A", 0, HOUR)

    assert loop.time() - began >= 0.2
