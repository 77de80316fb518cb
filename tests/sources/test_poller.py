"""The poller of a source against the simulated source, over real sockets."""

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from jobs.sources.coingecko import COINGECKO
from jobs.sources.coinpaprika import COINPAPRIKA
from jobs.sources.source import Allowance, Cadence
from tests.rest.wire import Answers, answering
from tests.sandbox.market import START, TETHER, Clock, open_sandbox
from tests.sources.wire import at, order, polling

pytestmark = pytest.mark.wire

MINUTE = 60.0


async def test_both_sources_tell_the_same_market():
    clock = Clock()
    async with open_sandbox(clock, TETHER) as url, httpx.AsyncClient() as client:
        (gecko, _) = await polling(at(COINGECKO, url), client, clock).poll()
        (paprika,) = await polling(at(COINPAPRIKA, url), client, clock).poll()

    assert (gecko[0].id, paprika[0].id) == ("bitcoin", "btc-bitcoin")
    assert gecko[0].price == paprika[0].price
    assert gecko[0].time == paprika[0].time == START
    assert gecko[0].circulating == 19_930_000.0
    assert paprika[0].circulating == pytest.approx(19_930_000.0, rel=1e-9)


async def test_the_first_page_is_asked_for_again_when_it_is_due():
    clock = Clock()
    async with open_sandbox(clock, TETHER) as url, httpx.AsyncClient() as client:
        poller = polling(at(COINPAPRIKA, url), client, clock)
        answers = []
        for _ in range(11):
            answers.append(len(await poller.poll()))
            clock.now += MINUTE

    assert answers == [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]


async def test_an_hour_costs_what_the_plan_says():
    clock = Clock()
    async with open_sandbox(clock, TETHER) as url, httpx.AsyncClient() as client:
        poller = polling(at(COINGECKO, url), client, clock)
        for _ in range(60):
            await poller.poll()
            clock.now += MINUTE
        traffic = (await client.get(f"{url}/admin/traffic")).json()["coingecko"]

    # Nine times the first page, once the second, which is empty: the list has ended.
    assert (traffic["calls"], poller.ledger.spent(clock.now).day) == (10, 10)
    assert (poller.status().calls, poller.status().failures) == (10, {})


async def test_an_answer_that_we_have_is_not_sent_again_but_counts():
    clock = Clock()
    cadence = Cadence(first=0.0, others=1e6, burst=1)
    async with open_sandbox(clock, TETHER) as url, httpx.AsyncClient() as client:
        poller = polling(at(COINGECKO, url, cadence=cadence), client, clock)
        (first,) = await poller.poll()
        (again,) = await poller.poll()

    assert (again == first, poller.status().unchanged, poller.status().calls) == (True, 1, 2)


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        ({"kind": "status", "status": 503}, "unavailable"),
        ({"kind": "status", "status": 404}, "rejected"),
        ({"kind": "html"}, "unreadable"),
        ({"kind": "truncated"}, "unreadable"),
        ({"kind": "silence"}, "too_slow"),
    ],
)
async def test_three_failures_open_the_circuit_and_ten_minutes_later_it_recovers(
    fault: dict[str, object], failure: str
):
    clock = Clock()
    async with open_sandbox(clock, TETHER) as url, httpx.AsyncClient() as client:
        poller = polling(at(COINPAPRIKA, url), client, clock)
        await order(client, url, **{"venue": "coinpaprika", "seconds": 3600, **fault})
        for _ in range(5):
            assert await poller.poll() == []
            clock.now += MINUTE
        failures, circuit = poller.status().failures, poller.status().circuit
        await client.delete(f"{url}/admin/faults")
        clock.now += 10 * MINUTE
        recovered = len(await poller.poll())

    assert (failures, circuit) == ({failure: 3}, "open")
    assert (recovered, poller.status().circuit) == (1, "closed")


async def test_retry_after_is_heeded():
    clock = Clock()
    async with open_sandbox(clock, TETHER) as url, httpx.AsyncClient() as client:
        poller = polling(at(COINPAPRIKA, url), client, clock)
        await order(
            client, url, venue="coinpaprika", kind="status", status=429, retry_after=300, seconds=5
        )
        await poller.poll()
        clock.now += 299
        early = [await poller.poll(), await poller.poll()]
        clock.now += 60
        late = [await poller.poll(), await poller.poll()]

    assert (early, poller.status().failures) == ([[], []], {"throttled": 1})
    assert [len(pages) for pages in late] == [1, 0]


async def test_a_spent_month_bans_us_for_an_hour():
    clock = Clock()
    async with open_sandbox(clock, TETHER) as url, httpx.AsyncClient() as client:
        poller = polling(at(COINPAPRIKA, url), client, clock)
        await order(client, url, venue="coinpaprika", kind="status", status=402, seconds=5)
        await poller.poll()
        clock.now += 3599
        early = await poller.poll()
        clock.now += 2
        late = await poller.poll()

    assert (early, poller.status().failures, len(late)) == ([], {"banned": 1}, 1)


async def test_we_stop_before_the_budget_is_spent():
    clock = Clock()
    cadence = Cadence(first=MINUTE, others=1e9, burst=1)
    allowance = Allowance(minute=0, day=0, month=100)
    async with open_sandbox(clock, TETHER) as url, httpx.AsyncClient() as client:
        poller = polling(at(COINPAPRIKA, url, cadence=cadence, allowance=allowance), client, clock)
        for _ in range(200):
            await poller.poll()
            clock.now += MINUTE

    assert (poller.status().spent.month, poller.status().degree) == (99, "nothing")


async def test_half_of_a_minutes_calls_are_left_to_others():
    clock = Clock()
    cadence = Cadence(first=MINUTE, others=0.0, burst=100)
    async with open_sandbox(clock, TETHER, assets=2500) as url, httpx.AsyncClient() as client:
        source = at(COINGECKO, url, cadence=cadence, allowance=Allowance(minute=8, day=0, month=0))
        poller = polling(source, client, clock)
        first = len(await poller.poll())
        clock.now += 61
        second = len(await poller.poll())

    assert (first, second) == (4, 4)


async def test_the_key_travels_in_the_header_of_the_source():
    heard: list[str | None] = []

    def answer(request: Request) -> Response:
        heard.append(request.headers.get("x-cg-demo-api-key"))
        return JSONResponse([])

    clock = Clock()
    async with answering(Answers(answer)) as server, httpx.AsyncClient() as client:
        await polling(at(COINGECKO, server.rest_url), client, clock, key="secret").poll()
        await polling(at(COINGECKO, server.rest_url), client, clock).poll()

    assert heard == ["secret", None]


async def test_an_empty_first_page_is_no_market():
    clock = Clock()
    async with answering(Answers(JSONResponse([]))) as server, httpx.AsyncClient() as client:
        poller = polling(at(COINGECKO, server.rest_url), client, clock)

        assert (await poller.poll(), poller.status().failures) == ([], {"unreadable": 1})


async def test_unchanged_is_no_answer_to_who_has_nothing():
    clock = Clock()
    async with (
        answering(Answers(Response(status_code=304))) as server,
        httpx.AsyncClient() as client,
    ):
        poller = polling(at(COINGECKO, server.rest_url), client, clock)

        assert (await poller.poll(), poller.status().failures) == ([], {"rejected": 1})
