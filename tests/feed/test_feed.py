"""The WebSocket engine against real sockets: quotes, subscriptions, pings, aliases."""

import asyncio
import gzip

import pytest
from websockets.asyncio.server import ServerConnection

from jobs.venue import Ping
from tests.feed.wire import lasts, running, said, serving, until

pytestmark = pytest.mark.wire


async def test_a_quote_of_a_subscribed_market_reaches_its_row():
    async def venue(socket: ServerConnection) -> None:
        async for wanted in socket:
            if wanted == "want B":
                await socket.send(said(s="B", p=2.5, t=999.5, n=1))

    async with serving(venue) as address, running(address) as (feed, board):
        await until(lambda: feed.health.quotes == 1)

        assert lasts(board)[1] == 2.5
        assert board.columns().last_received[1] == 1000.0
        assert feed.health.snapshot().lag_p50 == 0.5
        assert feed.health.state == "live"


async def test_markets_are_divided_into_connections_of_the_allowed_size():
    heard: dict[int, list[str]] = {}

    async def venue(socket: ServerConnection) -> None:
        mine = heard.setdefault(id(socket), [])
        async for wanted in socket:
            mine.append(str(wanted))
            await socket.send(said(ack=str(wanted)[-1]))

    async with (
        serving(venue) as address,
        running(address, symbols="ABCDE", symbols_per_connection=2, connections=2) as (feed, _),
    ):
        await until(lambda: sorted(map(len, heard.values())) == [2, 2])

        assert sorted(heard.values()) == [["want A", "want B"], ["want C", "want D"]]
        assert (feed.health.wanted, feed.health.uncovered) == (2, 1)


async def test_a_missing_confirmation_is_asked_for_three_times_more_and_then_given_up():
    heard: list[str] = []

    async def venue(socket: ServerConnection) -> None:
        async for wanted in socket:
            heard.append(str(wanted))
            if wanted == "want A":
                await socket.send(said(ack="A"))

    async with serving(venue) as address, running(address) as (feed, _):
        await until(lambda: feed.health.missing_acks == 1)

        assert heard == ["want A", "want B", "want B", "want B", "want B"]


async def test_the_venues_ping_is_sent_every_so_often():
    heard: list[str] = []

    async def venue(socket: ServerConnection) -> None:
        async for frame in socket:
            heard.append(str(frame))  # noqa: PERF401 - The test looks at it meanwhile.

    async with (
        serving(venue) as address,
        running(address, ping=Ping("are you there", every=0.02)),
    ):
        await until(lambda: heard.count("are you there") >= 3)


async def test_a_protocol_ping_of_the_venue_is_answered_with_its_payload():
    answered = asyncio.Event()

    async def venue(socket: ServerConnection) -> None:
        # This future is done only by a pong with the same payload.
        await (await socket.ping(b"1700000000"))
        answered.set()
        await socket.wait_closed()

    async with serving(venue) as address, running(address):
        await asyncio.wait_for(answered.wait(), 5)


async def test_a_reply_that_the_protocol_wants_is_sent_at_once():
    heard: list[str] = []

    async def venue(socket: ServerConnection) -> None:
        await socket.send(said(ping=7))
        async for frame in socket:
            heard.append(str(frame))  # noqa: PERF401 - The test looks at it meanwhile.

    # One subscription in a hundred seconds: the reply does not wait for its turn.
    async with serving(venue) as address, running(address, frames_per_second=0.01):
        await until(lambda: "pong 7" in heard)


async def test_a_quote_under_an_alias_reaches_the_market_it_stands_for():
    async def venue(socket: ServerConnection) -> None:
        await socket.send(said(alias=["17", "B"]))
        await socket.send(said(s="17", p=3.5))
        await socket.wait_closed()

    async with serving(venue) as address, running(address) as (feed, board):
        await until(lambda: feed.health.quotes == 1)

        assert lasts(board)[1] == 3.5


async def test_a_packed_binary_frame_is_unpacked_before_it_is_read():
    async def venue(socket: ServerConnection) -> None:
        await socket.send(gzip.compress(said(s="A", p=4.5).encode()))
        await socket.wait_closed()

    async with (
        serving(venue) as address,
        running(address, inflate=gzip.decompress) as (feed, board),
    ):
        await until(lambda: feed.health.quotes == 1)

        assert lasts(board)[0] == 4.5


async def test_a_message_in_fragments_is_read_as_one():
    async def venue(socket: ServerConnection) -> None:
        text = said(s="A", p=5.5)
        await socket.send([text[:5], text[5:9], text[9:]])
        await socket.wait_closed()

    async with serving(venue) as address, running(address) as (feed, board):
        await until(lambda: feed.health.quotes == 1)

        assert lasts(board)[0] == 5.5
        assert feed.health.frames == 1


async def test_long_fragments_are_put_together_and_the_next_message_is_whole_again():
    async def venue(socket: ServerConnection) -> None:
        text = " " * 300 + said(s="A", p=5.5) + " " * 300
        await socket.send([text[:200], text[200:450], text[450:]])
        await socket.send(said(s="B", p=6.5) + " " * 300)
        await socket.wait_closed()

    async with serving(venue) as address, running(address) as (feed, board):
        await until(lambda: feed.health.quotes == 2)

        assert lasts(board)[:2] == [5.5, 6.5]
        assert (feed.health.frames, feed.health.parse_errors) == (2, 0)


async def test_a_message_of_twelve_megabytes_is_read():
    async def venue(socket: ServerConnection) -> None:
        await socket.send(said(s="A", p=5.5) + " " * 12_000_000)
        await socket.wait_closed()

    async with serving(venue) as address, running(address) as (feed, board):
        await until(lambda: feed.health.quotes == 1)

        assert lasts(board)[0] == 5.5


async def test_what_nobody_expected_is_counted_and_the_stream_goes_on():
    async def venue(socket: ServerConnection) -> None:
        for frame in (
            "not json",
            b'{"s":"\xff"}',
            '{"more":' + "[" * 5000,
            "{}",
            said(s="ZZZ", p=1.0),
            said(kind="news"),
            said(refused="no such market"),
            said(s="A", p=6.5),
        ):
            await socket.send(frame)
        await socket.wait_closed()

    async with serving(venue) as address, running(address) as (feed, board):
        await until(lambda: feed.health.quotes == 1)
        health = feed.health.snapshot()

        assert lasts(board)[0] == 6.5
        assert (health.parse_errors, health.unknown_symbols, health.refused) == (4, 1, 1)
        assert health.unknown_kinds == {"news": 1}
        assert (health.frames, health.connected, health.reconnects) == (8, 1, 0)


async def test_of_eight_quotes_the_lag_of_the_first_is_noted():
    async def venue(socket: ServerConnection) -> None:
        for number in range(17):
            await socket.send(said(s="A", p=1.0, n=number + 1))
        await socket.wait_closed()

    async with serving(venue) as address, running(address) as (feed, _):
        await until(lambda: feed.health.quotes == 17)

        assert len(feed.health.lags) == 3


async def test_a_venue_clock_that_runs_ahead_does_not_hold_back_the_quotes_after_it():
    async def venue(socket: ServerConnection) -> None:
        await socket.send(said(s="A", p=1.0, t=1000.0 + 3600.0))
        await socket.send(said(s="A", p=2.0, t=1000.0))
        await socket.wait_closed()

    async with serving(venue) as address, running(address) as (feed, board):
        await until(lambda: feed.health.quotes == 2)

        assert lasts(board)[0] == 2.0


async def test_a_market_that_falls_silent_is_subscribed_once_more():
    heard: list[str] = []

    async def talk(socket: ServerConnection) -> None:
        for sequence in range(1, 1000):
            await socket.send(said(s="A", p=1.0, n=sequence))
            await asyncio.sleep(0.005)

    async def venue(socket: ServerConnection) -> None:
        talking = asyncio.create_task(talk(socket))
        async for wanted in socket:
            heard.append(str(wanted))
            await socket.send(said(ack=str(wanted)[-1]))
        talking.cancel()

    async with serving(venue) as address, running(address, market_silence_after=0.1) as (feed, _):
        await until(lambda: feed.health.asked_again == 1)
        quotes = feed.health.quotes
        await until(lambda: feed.health.quotes > quotes + 50)

        assert heard == ["want A", "want B", "want B"]
        assert feed.health.asked_again == 1
