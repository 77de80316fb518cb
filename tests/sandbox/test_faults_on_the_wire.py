"""Each fault as a collector meets it: over real sockets, on one market."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

import httpx
import msgspec
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from jobs.sandbox.line import JUNK
from jobs.sandbox.voices.coinbase import COINBASE
from tests.sandbox.market import START, Clock, open_sandbox

pytestmark = pytest.mark.wire

SUBSCRIBE = '{"type":"subscribe","product_ids":["BTC-USD"],"channels":["ticker"]}'


class Ticker(msgspec.Struct):
    product_id: str
    price: float
    sequence: int
    time: datetime


_TICKER = msgspec.json.Decoder(Ticker, strict=False)


@dataclass
class Bench:
    """One sandbox, one reader of BTC-USD that has heard its first ticker."""

    url: str
    clock: Clock
    rest: httpx.AsyncClient
    stream: ClientConnection
    price: float

    async def order(self, kind: str, **parameters: object) -> httpx.Response:
        body = {"kind": kind, "venue": "coinbase", **parameters}
        return await self.rest.post(f"{self.url}/admin/faults", json=body)

    async def receive(self) -> str | bytes:
        async with asyncio.timeout(10):
            return await self.stream.recv()

    async def tick(self, seconds: float = 20.0) -> Ticker:
        """The next ticker after the clock has moved so far."""
        self.clock.now += seconds
        return _TICKER.decode(await self.receive())

    async def silent(self) -> bool:
        """Whether nothing comes although the clock moves."""
        self.clock.now += 20
        try:
            async with asyncio.timeout(0.3):
                await self.stream.recv()
        except TimeoutError:
            return True
        return False

    async def stats(self) -> httpx.Response:
        return await self.rest.get(f"{self.url}/coinbase/products/stats")


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    clock = Clock()
    async with (
        open_sandbox(clock, COINBASE) as url,
        httpx.AsyncClient() as rest,
        connect(f"ws{url[4:]}/coinbase/stream") as stream,
    ):
        await stream.send(SUBSCRIBE)
        await stream.recv()
        first = msgspec.json.decode(await stream.recv())
        yield Bench(url, clock, rest, stream, float(first["price"]))


async def test_silence_keeps_the_socket_and_says_nothing(bench: Bench):
    await bench.order("silence", seconds=30)
    was_silent = await bench.silent()
    bench.clock.now += 30
    ticker = await bench.tick()

    assert was_silent
    assert ticker.product_id == "BTC-USD"


async def test_reset_ends_every_open_socket_without_goodbye(bench: Bench):
    await bench.order("reset")

    with pytest.raises(ConnectionClosed) as closed:
        await bench.receive()
    assert closed.value.rcvd is None


async def test_refuse_turns_new_sockets_away(bench: Bench):
    await bench.order("refuse")

    with pytest.raises(InvalidStatus) as refused:
        await connect(f"ws{bench.url[4:]}/coinbase/stream")
    assert refused.value.response.status_code == 403


async def test_lag_holds_messages_back(bench: Bench):
    await bench.order("lag", delay=5, seconds=600)
    was_silent = await bench.silent()
    bench.clock.now += 5
    ticker = _TICKER.decode(await bench.receive())

    assert was_silent
    assert ticker.time.timestamp() == START + 20


async def test_repeat_sends_the_same_ticker_again(bench: Bench):
    await bench.order("repeat", times=3)
    bench.clock.now += 20
    tickers = [await bench.receive() for _ in range(3)]

    assert len(set(tickers)) == 1


async def test_gap_loses_messages(bench: Bench):
    await bench.order("gap", share=1.0, seconds=30)
    lost = await bench.silent()
    bench.clock.now += 30
    ticker = await bench.tick()

    assert lost
    assert ticker.sequence == 3


async def test_garbage_comes_before_every_message(bench: Bench):
    await bench.order("garbage")
    bench.clock.now += 20

    assert await bench.receive() in JUNK
    assert '"product_id":"BTC-USD"' in str(await bench.receive())


async def test_a_skewed_clock_shows_in_the_venue_s_times(bench: Bench):
    await bench.order("clock_skew", offset=-3600)
    ticker = await bench.tick()

    assert ticker.time.timestamp() == START + 20 - 3600


async def test_a_burst_quotes_more_often(bench: Bench):
    await bench.order("burst", factor=100)
    quotes = [await bench.tick(1.0) for _ in range(3)]

    assert [ticker.sequence for ticker in quotes] == [2, 3, 4]


async def test_reordered_messages_all_come_in_the_end(bench: Bench):
    await bench.order("reorder", within=5, seconds=600)
    for _ in range(5):
        bench.clock.now += 20
        await asyncio.sleep(0.12)
    bench.clock.now += 5.0
    numbers = [_TICKER.decode(await bench.receive()).sequence for _ in range(5)]

    assert sorted(numbers) == [2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("kind", "parameters", "factor"),
    [
        ("flash_crash", {"asset": "bitcoin", "factor": 0.5}, 0.5),
        ("flash_crash", {"factor": 1.13}, 1.13),
        ("unit_slip", {"asset": "bitcoin"}, 1000.0),
        ("zero", {"asset": "bitcoin"}, 0.0),
        ("zero", {"asset": "ethereum"}, 1.0),
    ],
)
async def test_a_price_fault_shows_at_once_on_both_ways(
    bench: Bench, kind: str, parameters: dict[str, object], factor: float
):
    await bench.order(kind, **parameters)
    last = (await bench.stats()).json()["BTC-USD"]["stats_24hour"]["last"]
    ticker = await bench.tick(1.0)

    assert float(last) == pytest.approx(bench.price * factor, rel=1e-7)
    assert ticker.price / bench.price == pytest.approx(factor, rel=0.01)


async def test_a_lost_peg_shows_in_the_stablecoin_s_own_book(bench: Bench):
    await bench.order("depeg", asset="tether", level=0.9)
    stats = (await bench.stats()).json()

    assert float(stats["USDT-USD"]["stats_24hour"]["last"]) == pytest.approx(0.9, abs=0.002)


async def test_frozen_quotes_keep_their_price_under_new_times(bench: Bench):
    await bench.order("freeze", asset="bitcoin")
    one, two = await bench.tick(), await bench.tick()

    assert one.price == two.price
    assert (one.sequence, two.sequence) == (2, 3)
    assert one.time < two.time


async def test_a_delisted_asset_is_in_no_list_and_silent(bench: Bench):
    await bench.order("drop", asset="bitcoin")
    products = (await bench.rest.get(f"{bench.url}/coinbase/products")).json()

    assert [row["id"] for row in products if "BTC" in row["id"].split("-")] == []
    assert await bench.silent()


async def test_a_status_comes_with_its_retry_after(bench: Bench):
    await bench.order("status", status=418, retry_after=120)
    answer = await bench.stats()

    assert (answer.status_code, answer.headers["Retry-After"]) == (418, "120")


async def test_a_limit_refuses_the_calls_beyond_it(bench: Bench):
    await bench.order("limit", calls=2, per=600)
    answers = [(await bench.stats()).status_code for _ in range(3)]
    traffic = (await bench.rest.get(f"{bench.url}/admin/traffic")).json()["coinbase"]

    assert answers == [200, 200, 429]
    assert (traffic["calls"], traffic["calls_refused"]) == (3, 1)


async def test_html_is_answered_as_a_good_page(bench: Bench):
    await bench.order("html")
    answer = await bench.stats()

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")


async def test_a_truncated_body_is_no_json(bench: Bench):
    await bench.order("truncated")
    answer = await bench.stats()

    with pytest.raises(msgspec.DecodeError):
        msgspec.json.decode(answer.content)


async def test_a_dripping_body_outlasts_a_reader_s_patience(bench: Bench):
    await bench.order("drip", pause=30)

    with pytest.raises(httpx.ReadTimeout):
        await bench.rest.get(f"{bench.url}/coinbase/products", timeout=0.2)


async def test_faults_are_told_and_lifted(bench: Bench):
    ordered = await bench.order("html", seconds=10)
    told = (await bench.rest.get(f"{bench.url}/admin/faults")).json()
    await bench.rest.delete(f"{bench.url}/admin/faults/1")
    left = (await bench.rest.get(f"{bench.url}/admin/faults")).json()

    order = {"number": 1, "until": START + 10, "kind": "html", "venue": "coinbase", "seconds": 10.0}
    assert (ordered.status_code, ordered.json()) == (201, order)
    assert (told, left) == ([order], [])


async def test_a_bad_request_says_what_would_be_accepted(bench: Bench):
    answer = await bench.order("flash_crash", factor=-1)

    assert answer.status_code == 422
    assert answer.json()["error"] == "Expected `float` > 0.0 - at `$.factor`"
    assert "FlashCrash" in answer.json()["accepted"]["$defs"]


async def test_a_fault_for_another_venue_changes_nothing_here(bench: Bench):
    answer = await bench.order("html", venue="kraken")

    assert answer.json()["error"] == "venue must be * or one of coinbase, coingecko, coinpaprika"
