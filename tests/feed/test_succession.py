"""How connections end and follow each other, against real sockets."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from http import HTTPStatus

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from app.market.quotes import QuoteBoard
from jobs.feed import Address
from jobs.venue import Event
from tests.feed.wire import QUICK, lasts, parse, running, said, serving, until

pytestmark = pytest.mark.wire


async def test_a_connection_without_any_frame_is_replaced():
    async def venue(socket: ServerConnection) -> None:
        await socket.wait_closed()

    async with serving(venue) as address, running(address, silence_after=0.05) as (feed, _):
        await until(lambda: feed.health.losses.get("silent", 0) == 2)

        assert feed.health.reconnects == 2


async def test_a_new_connection_may_count_its_messages_afresh():
    calls: list[ServerConnection] = []

    async def venue(socket: ServerConnection) -> None:
        calls.append(socket)
        if len(calls) == 1:
            await socket.send(said(s="A", p=1.0, t=500.0, n=900))
            return
        await socket.send(said(s="A", p=2.0, t=500.0, n=1))
        await socket.wait_closed()

    async with serving(venue) as address, running(address) as (feed, board):
        await until(lambda: feed.health.quotes == 2)

        assert lasts(board)[0] == 2.0
        assert feed.health.losses == {"closed": 1}


async def test_a_frame_of_fifty_megabytes_ends_the_connection_and_is_counted_as_such():
    calls: list[ServerConnection] = []

    async def venue(socket: ServerConnection) -> None:
        calls.append(socket)
        if len(calls) == 1:
            await socket.send("x" * 50_000_000)
        await socket.send(said(s="A", p=2.0))
        await socket.wait_closed()

    async with serving(venue) as address, running(address) as (feed, board):
        await until(lambda: feed.health.quotes == 1)

        assert lasts(board)[0] == 2.0
        assert feed.health.losses == {"frame_too_large": 1}
        assert feed.health.parse_errors == 0


async def test_fragments_that_add_up_to_too_much_end_the_connection_too():
    async def venue(socket: ServerConnection) -> None:
        await socket.send(["x" * 9_000_000, "y" * 9_000_000])
        await socket.wait_closed()

    async with serving(venue) as address, running(address) as (feed, _):
        await until(lambda: feed.health.losses == {"frame_too_large": 1})


async def test_a_refused_handshake_is_tried_again_until_it_succeeds():
    states: list[str] = []
    watch: list[Callable[[], str]] = []

    def refuse(socket: ServerConnection, request: Request) -> Response | None:
        states.append(watch[0]())
        if len(states) < 3:
            return socket.respond(HTTPStatus.SERVICE_UNAVAILABLE, "not now")
        return None

    async def venue(socket: ServerConnection) -> None:
        await socket.send(said(s="A", p=1.0))
        await socket.wait_closed()

    async with serve(venue, "127.0.0.1", 0, process_request=refuse) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        async with running(Address(f"ws://127.0.0.1:{port}", "")) as (feed, _):
            watch.append(lambda: feed.health.state)
            await until(lambda: feed.health.quotes == 1)

            assert states == ["connecting", "down", "down"]
            assert feed.health.losses == {"unreachable": 2}
            assert feed.health.state == "live"


async def test_a_server_that_hangs_up_in_the_handshake_is_unreachable():
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, running(Address(f"ws://127.0.0.1:{port}", "")) as (feed, _):
        await until(lambda: feed.health.losses.get("unreachable", 0) >= 2)


async def test_a_server_without_tls_is_unreachable_where_tls_is_wanted():
    async def venue(socket: ServerConnection) -> None:
        await socket.wait_closed()

    async with serving(venue) as address:
        secure = Address(address.stream_url.replace("ws:", "wss:"), "")
        async with running(secure) as (feed, _):
            await until(lambda: feed.health.losses.get("unreachable", 0) >= 2)


async def test_a_server_that_never_answers_the_handshake_is_given_up():
    async def stare(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(stare, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    timing = replace(QUICK, connect_within=0.05)
    address = Address(f"ws://127.0.0.1:{port}", "")
    async with server:
        async with running(address, timing=timing) as (feed, _):
            await until(lambda: feed.health.losses.get("unreachable", 0) >= 2)
        # The handshake that was under way gives its socket back when its time is over.
        await asyncio.sleep(0.1)


async def test_no_second_connection_is_opened_before_its_time():
    calls: list[ServerConnection] = []

    async def venue(socket: ServerConnection) -> None:
        calls.append(socket)
        await socket.send(said(s="A", p=1.0))
        await socket.wait_closed()

    timing = replace(QUICK, connect_every=60.0)
    async with (
        serving(venue) as address,
        running(address, timing=timing, symbols_per_connection=1) as (feed, _),
    ):
        await until(lambda: feed.health.quotes == 1)
        await asyncio.sleep(0.1)

        assert (len(calls), feed.health.wanted) == (1, 2)


async def test_a_fault_in_the_adapter_ends_one_connection_and_not_the_feed():
    async def venue(socket: ServerConnection) -> None:
        await socket.send(said(s="A", p=1.0))
        await socket.wait_closed()

    def faulty(frame: bytes) -> Sequence[Event]:
        if not faults:
            faults.append(frame)
            raise AttributeError("a mistake of ours")
        return parse(frame)

    faults: list[bytes] = []
    async with serving(venue) as address, running(address, parse=faulty) as (feed, _):
        await until(lambda: feed.health.quotes == 1)

        assert feed.health.losses == {"fault": 1}


async def test_open_connections_follow_the_feed_to_another_board():
    go_on = asyncio.Event()

    async def venue(socket: ServerConnection) -> None:
        await socket.send(said(alias=["17", "A"]))
        await socket.send(said(s="17", p=1.0))
        await go_on.wait()
        await socket.send(said(s="17", p=2.0))
        await socket.wait_closed()

    async with serving(venue) as address, running(address) as (feed, old):
        await until(lambda: feed.health.quotes == 1)
        board = QuoteBoard(3)
        feed.adopt({"B": 0, "A": 2}, board)
        go_on.set()
        await until(lambda: feed.health.quotes == 2)

        assert lasts(old)[0] == 1.0
        assert lasts(board)[2] == 2.0
        assert feed.health.reconnects == 0
