"""Trades and books of one venue, asked of a real HTTP server that counts the calls."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import msgspec
import pytest
from starlette.responses import HTMLResponse, Response

from jobs.rest import (
    Activity,
    ActivityReader,
    Failure,
    HistoryReader,
    Patience,
    RestError,
)
from jobs.venue import Budget, DepthCall, Level, OrderBook, Trade, TradesCall
from jobs.venues import VENUES
from tests.rest.wire import PATIENCE, VENUE, Answers, answering

pytestmark = pytest.mark.wire

TRADE = Trade("7", 2.0, 0.5, 1000.0)
BOOK = OrderBook([Level(1.0, 2.0)], [Level(3.0, 4.0)])

TRADES = TradesCall(
    lambda symbol: f"/{symbol}/trades",
    lambda body: msgspec.json.decode(body, type=list[Trade]),
    cost=4,
)
DEPTH = DepthCall(
    lambda symbol: f"/{symbol}/book",
    lambda body: msgspec.json.decode(body, type=OrderBook),
    most=20,
    cost=6,
)


def told(value: object) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")


def refusal(status: int, **headers: str) -> Response:
    return Response("{}", status, {name.replace("_", "-"): text for name, text in headers.items()})


@asynccontextmanager
async def reading(
    answers: Answers, *, patience: Patience = PATIENCE, **quirks: object
) -> AsyncGenerator[ActivityReader]:
    """A reader of a server with these answers; `quirks` are fields of the venue."""
    async with answering(answers) as address, httpx.AsyncClient() as client:
        yield ActivityReader(
            replace(VENUE, **quirks),
            TRADES,
            DEPTH,
            address=address,
            client=client,
            patience=patience,
            first_wait=0.01,
        )


async def failure(reader: ActivityReader) -> Failure:
    with pytest.raises(RestError) as raised:
        await reader.read("A")
    return raised.value.failure


async def test_a_look_is_the_trades_then_the_book():
    answers = Answers(told([TRADE]), told(BOOK))
    async with reading(answers) as reader:
        assert await reader.read("A") == Activity([TRADE], BOOK, 20)

    assert answers.asked == ["/A/trades", "/A/book"]


async def test_a_passing_failure_is_asked_again():
    answers = Answers(refusal(429, retry_after="0"), told([TRADE]), refusal(503), told(BOOK))
    async with reading(answers) as reader:
        assert await reader.read("A") == Activity([TRADE], BOOK, 20)

    assert len(answers.asked) == 4


async def test_a_web_page_instead_of_trades_is_unreadable():
    async with reading(Answers(HTMLResponse("<html>"))) as reader:
        assert await failure(reader) is Failure.UNREADABLE


async def test_a_venue_that_was_given_up_is_asked_in_the_next_round():
    answers = Answers(refusal(404), refusal(404), told([TRADE]), told(BOOK))
    async with reading(answers, patience=Patience(failures=2)) as reader:
        assert [await failure(reader) for _ in range(3)] == [Failure.REJECTED] * 3
        assert reader.given_up.startswith("2 failures in a row")
        reader.try_again()

        assert await reader.read("A") == Activity([TRADE], BOOK, 20)

    assert len(answers.asked) == 4


async def test_a_venue_that_sent_us_away_is_left_alone():
    answers = Answers(refusal(418))
    budget = replace(VENUE.budget, ban_seconds=600.0)
    async with reading(answers, budget=budget) as reader:
        assert await failure(reader) is Failure.BANNED
        reader.try_again()

        assert await failure(reader) is Failure.REJECTED

    assert len(answers.asked) == 1


async def test_a_venue_that_wanted_a_short_pause_is_asked_after_it():
    answers = Answers(refusal(418), told([TRADE]), told(BOOK))
    budget = replace(VENUE.budget, ban_seconds=0.3)
    loop = asyncio.get_running_loop()
    async with reading(answers, budget=budget) as reader:
        assert await failure(reader) is Failure.BANNED
        banned = loop.time()
        reader.try_again()

        assert await reader.read("A") == Activity([TRADE], BOOK, 20)
        assert loop.time() - banned >= 0.29


async def test_looks_take_a_fifth_of_the_budget():
    async with reading(Answers(told([])), budget=Budget(cost=1000, seconds=10.0)) as reader:
        assert reader.looks_per_second == pytest.approx(0.2 * 1000 / 10 / (4 + 6))


@pytest.mark.parametrize("name", [name for name, venue in VENUES.items() if venue.trades])
async def test_looks_past_hours_and_tickers_together_fit_into_the_budget(name: str):
    venue = VENUES[name]
    assert venue.trades is not None
    assert venue.depth is not None
    assert venue.history is not None
    assert venue.tickers is not None
    async with httpx.AsyncClient() as client:
        looks = ActivityReader(venue, venue.trades, venue.depth, address=venue, client=client)
        hours = HistoryReader(venue, venue.history, address=venue, client=client)
        per_second = (
            looks.looks_per_second * (venue.trades.cost + venue.depth.cost)
            + hours.calls_per_second * venue.history.cost
            + venue.tickers.cost / venue.tickers.every
        )

    assert per_second < 0.75 * venue.budget.cost / venue.budget.seconds


async def test_calls_wait_for_their_budget():
    answers = Answers(told([TRADE]), told(BOOK))
    loop = asyncio.get_running_loop()
    async with reading(answers, budget=Budget(cost=100, seconds=0.5)) as reader:
        began = loop.time()
        await reader.read("A")

    # Six at once, then the other four at twenty in half a second.
    assert loop.time() - began >= 4 * 0.5 / 20 - 0.01
