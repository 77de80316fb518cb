"""The REST poller against a real HTTP server: quotes, bad answers, budgets."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import replace

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from app.market.quotes import Quote, QuoteBoard
from jobs.rest import Failure, RestError, fetch_markets
from jobs.venue import Budget, Listing
from tests.rest.wire import PATIENCE, TICKERS, VENUE, Answers, answering, poller_of, polling

pytestmark = pytest.mark.wire


async def _trickle() -> AsyncGenerator[bytes]:
    while True:
        yield b" "
        await asyncio.sleep(0.01)


async def test_the_tickers_reach_their_rows_stamped_with_the_time_of_the_request():
    times = iter([1000.0, 1007.0])
    answers = Answers(Response('{"A": 1.5, "ZZZ": 9.0}'))
    async with polling(answers, clock=lambda: next(times)) as (poller, board):
        await poller.poll()
        board.settle()

        assert board.columns().last[0] == 1.5
        assert board.columns().last_received[0] == 1000.0
        assert (poller.health.quotes, poller.health.unknown_symbols) == (1, 1)
        assert poller.health.last_success == 1007.0


async def test_an_answer_never_overwrites_a_tick_that_came_while_it_was_under_way():
    board = QuoteBoard(2)

    def meanwhile(request: Request) -> Response:
        board.put(0, Quote("A", 7.0), 1000.1)
        return TICKERS

    async with polling(Answers(meanwhile), board=board) as (poller, _):
        await poller.poll()
        board.settle()

        assert board.columns().last.tolist() == [7.0, 2.5]
        assert poller.health.dropped_order == 1


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (HTMLResponse("<html>maintenance</html>"), "unreadable"),
        (Response('{"A": 1.5, "B'), "unreadable"),
        (Response(b'{"A\xff": 1.5}'), "unreadable"),
        (Response("{}", headers={"content-encoding": "gzip"}), "unreadable"),
        (RedirectResponse("/elsewhere"), "rejected"),
        (Response("{}", status_code=404), "rejected"),
        (Response("{}", status_code=500), "unavailable"),
        (Response("{}", status_code=429), "throttled"),
        (Response("{}", status_code=418), "banned"),
        (Response(" " * 2000), "too_large"),
        (lambda request: StreamingResponse(_trickle()), "too_slow"),
    ],
)
async def test_an_answer_without_data_is_a_failure_with_a_name(answer: Response, failure: str):
    answers = Answers(answer)
    patience = replace(PATIENCE, total=0.2, most_bytes=1000)
    async with polling(answers, patience=patience) as (poller, board):
        await poller.poll()

        assert poller.health.failures == {failure: 1}
        assert answers.asked == ["/tickers"]
        assert board.settle().tolist() == []


async def test_a_server_that_is_not_there_is_unreachable():
    async with answering(Answers(TICKERS)) as address:
        pass
    async with httpx.AsyncClient() as client:
        poller = poller_of(address, client, board=QuoteBoard(2))
        await poller.poll()

        assert poller.health.failures == {"unreachable": 1}


async def test_a_fault_in_the_adapter_is_counted_and_the_next_call_is_made():
    def faulty(body: bytes) -> list[Quote]:
        raise AttributeError("a mistake of ours")

    answers = Answers(TICKERS)
    async with polling(answers, parse_tickers=faulty) as (poller, _):
        await poller.poll()
        await poller.poll()

        assert poller.health.failures == {"fault": 2}


async def test_a_venue_without_a_ticker_call_is_not_asked():
    answers = Answers(TICKERS)
    async with polling(answers, tickers=None) as (poller, _):
        await poller.poll()

        assert answers.asked == []


async def test_a_poller_follows_to_another_board():
    async with polling(Answers(TICKERS)) as (poller, _):
        board = QuoteBoard(4)
        poller.adopt({"B": 3}, board)
        await poller.poll()
        board.settle()

        assert board.columns().last[3] == 2.5


async def test_a_burst_of_calls_ends_below_half_of_the_budget():
    answers = Answers(TICKERS)
    async with polling(answers, budget=Budget(cost=9, seconds=3600.0)) as (poller, _):
        with suppress(TimeoutError):
            async with asyncio.timeout(0.2):
                while True:
                    await poller.poll()

    # The bucket holds 2.16 calls and refills as slowly.
    assert len(answers.asked) == 2


async def test_the_market_list_is_fetched_once():
    body = '[{"symbol": "A-USD", "base": "A", "quote": "USD"}]'
    answers = Answers(Response(body))
    async with answering(answers) as address, httpx.AsyncClient() as client:
        listings = await fetch_markets(VENUE, client, address)

    assert listings == [Listing("A-USD", "A", "USD")]
    assert answers.asked == ["/markets"]


async def test_a_market_list_that_is_html_raises_what_is_wrong_with_it():
    answers = Answers(HTMLResponse("<html>"))
    async with answering(answers) as address, httpx.AsyncClient() as client:
        with pytest.raises(RestError, match="text/html; charset=utf-8 instead of data") as caught:
            await fetch_markets(VENUE, client, address)

    assert caught.value.failure is Failure.UNREADABLE
