"""The sandbox over real sockets: what a collector sees of it on a good day."""

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import replace

import httpx
import msgspec
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from jobs.sandbox import serve
from jobs.sandbox.server import Sandbox
from jobs.sandbox.voice import Book, Route
from jobs.sandbox.voices.coinbase import COINBASE
from jobs.seed import load_seed
from tests.sandbox.market import START, Clock, open_sandbox

pytestmark = pytest.mark.wire

SUBSCRIBE = '{"type":"subscribe","product_ids":["BTC-USD","ETH-USD"],"channels":["ticker"]}'


async def heard(stream: ClientConnection) -> dict[str, object]:
    async with asyncio.timeout(10):
        return msgspec.json.decode(await stream.recv(), type=dict[str, object])


async def test_the_directory_tells_where_each_venue_is():
    async with open_sandbox(Clock(), COINBASE) as url, httpx.AsyncClient() as client:
        told = (await client.get(url)).json()

    host = url.removeprefix("http://")
    assert told["source"] == "sandbox"
    assert told["venues"]["coinbase"]["stream_url"] == f"ws://{host}/coinbase/stream"
    assert told["venues"]["coinbase"]["rest_url"] == f"http://{host}/coinbase"


async def test_a_listed_product_can_be_subscribed_and_then_ticks():
    clock = Clock()
    async with open_sandbox(clock, COINBASE) as url, httpx.AsyncClient() as client:
        products = (await client.get(f"{url}/coinbase/products")).json()
        async with connect(f"ws{url[4:]}/coinbase/stream") as stream:
            await stream.send(SUBSCRIBE)
            acknowledged = await heard(stream)
            first, _ = await heard(stream), await heard(stream)
            clock.now = START + 20
            later = [await heard(stream), await heard(stream)]

    assert {"BTC-USD", "ETH-USD"} <= {product["id"] for product in products}
    assert acknowledged == {
        "type": "subscriptions",
        "channels": [{"name": "ticker", "product_ids": ["BTC-USD", "ETH-USD"]}],
    }
    assert (first["product_id"], first["sequence"]) == ("BTC-USD", 1)
    assert [(tick["product_id"], tick["sequence"]) for tick in later] == [
        ("BTC-USD", 2),
        ("ETH-USD", 2),
    ]
    assert {tick["time"] for tick in later} == {"2025-10-09T08:53:40Z"}


async def test_rest_and_stream_tell_the_same_price():
    async with open_sandbox(Clock(), COINBASE) as url, httpx.AsyncClient() as client:
        stats = (await client.get(f"{url}/coinbase/products/stats")).json()
        async with connect(f"ws{url[4:]}/coinbase/stream") as stream:
            await stream.send(SUBSCRIBE)
            await heard(stream)
            ticker = await heard(stream)

    assert ticker["price"] == stats["BTC-USD"]["stats_24hour"]["last"]


async def test_markets_that_nobody_asked_for_are_not_sent():
    clock = Clock()
    async with (
        open_sandbox(clock, COINBASE) as url,
        httpx.AsyncClient() as client,
        connect(f"ws{url[4:]}/coinbase/stream") as stream,
    ):
        await stream.send(SUBSCRIBE)
        await heard(stream)
        await stream.send('{"type":"unsubscribe","product_ids":["BTC-USD"]}')
        await stream.send('{"type":"subscribe","product_ids":["XRP-USD"]}')
        symbols = [(await heard(stream)).get("product_id") for _ in range(4)]
        clock.now = START + 20
        symbols += [(await heard(stream))["product_id"] for _ in range(2)]
        traffic = (await client.get(f"{url}/admin/traffic")).json()["coinbase"]

    assert symbols == ["BTC-USD", "ETH-USD", None, "XRP-USD", "ETH-USD", "XRP-USD"]
    assert (traffic["sockets"], traffic["subscriptions"], traffic["messages"]) == (1, 2, 5)


async def test_a_body_that_names_the_stream_gets_this_venue_s_address():
    token = Route("POST", "/token", lambda books, query, now: b'{"endpoint":"{stream}"}')
    venue = replace(COINBASE, routes=(token,))
    async with open_sandbox(Clock(), venue) as url, httpx.AsyncClient() as client:
        answer = await client.post(f"{url}/coinbase/token")

    assert answer.json() == {"endpoint": f"ws{url[4:]}/coinbase/stream"}


async def test_greeting_and_heartbeat_come_unasked():
    venue = replace(
        COINBASE,
        greeting=lambda now: ("hello",),
        heartbeat=lambda now: b"\x1f\x8b",
        heartbeat_every=0.01,
    )
    async with (
        open_sandbox(Clock(), venue) as url,
        connect(f"ws{url[4:]}/coinbase/stream") as stream,
    ):
        came = [await stream.recv(), await stream.recv()]

    assert came == ["hello", b"\x1f\x8b"]


async def test_a_client_that_says_nothing_for_too_long_is_closed():
    venue = replace(COINBASE, close_on_silence=0.05)
    async with (
        open_sandbox(Clock(), venue) as url,
        connect(f"ws{url[4:]}/coinbase/stream") as stream,
    ):
        with pytest.raises(ConnectionClosed) as closed:
            await stream.recv()

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1000


async def test_a_venue_that_sends_arrays_puts_all_changes_into_one():
    def batch(books: Sequence[Book]) -> bytes:
        return msgspec.json.encode([book.symbol for book in books])

    clock = Clock()
    venue = replace(COINBASE, batch=batch, batch_every=1.0)
    async with (
        open_sandbox(clock, venue) as url,
        connect(f"ws{url[4:]}/coinbase/stream") as stream,
        asyncio.timeout(10),
    ):
        await stream.send(SUBSCRIBE)
        await stream.recv()
        clock.now = START + 20
        arrays = [await stream.recv()]
        clock.now = START + 40
        arrays.append(await stream.recv())

    assert arrays == ['["BTC-USD","ETH-USD"]'] * 2


async def test_a_reader_that_takes_nothing_is_cut_off():
    clock = Clock()

    def hurrying() -> float:
        clock.now += 20.0
        return clock.now

    traffic = {"cut_off": 0}
    async with (
        open_sandbox(hurrying, COINBASE, assets=300, slow_after=0.2) as url,
        httpx.AsyncClient() as client,
        asyncio.timeout(30),
    ):
        products = (await client.get(f"{url}/coinbase/products")).json()
        everything = [product["id"] for product in products]
        narrow = socket.socket()
        narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        narrow.connect(("127.0.0.1", int(url.rpartition(":")[2])))
        stream = await connect(f"ws{url[4:]}/coinbase/stream", sock=narrow, max_queue=1)
        await stream.send(msgspec.json.encode({"type": "subscribe", "product_ids": everything}))
        while not traffic["cut_off"]:
            await asyncio.sleep(0.05)
            traffic = (await client.get(f"{url}/admin/traffic")).json()["coinbase"]
        stream.transport.abort()

    assert (traffic["cut_off"], traffic["connected"]) == (1, 1)


async def test_cancelling_says_goodbye_to_every_reader():
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    voices = {"coinbase": COINBASE}
    serving = asyncio.create_task(
        serve(assets=5, ready=address.set_result, clock=Clock(), voices=voices)
    )
    stream = await connect(f"ws{(await address)[4:]}/coinbase/stream")
    serving.cancel()
    await asyncio.wait({serving})

    assert serving.cancelled()
    with pytest.raises(ConnectionClosed) as closed:
        await stream.recv()

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1012


async def test_faults_are_not_taken_from_other_machines():
    sandbox = Sandbox(
        load_seed(), {"coinbase": COINBASE}, assets=5, seed=1, rate=100.0, clock=Clock()
    )
    far = httpx.ASGITransport(sandbox.app(), client=("192.0.2.7", 50000))
    async with httpx.AsyncClient(transport=far, base_url="http://sandbox") as client:
        answer = await client.post("/admin/faults", json={"kind": "html"})

    assert answer.status_code == 403
    assert sandbox.board.all(START) == []
