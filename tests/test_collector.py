"""Feeds and pollers together, on real sockets, while the registry changes."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest
from websockets.asyncio.server import ServerConnection

from app.market.quotes import QuoteBoard
from app.market.registry import Asset, Market, Registry, Tier
from jobs.collector import Collector
from jobs.feed import Address
from tests.feed import wire as streams
from tests.feed.wire import QUICK, lasts, said, serving, until
from tests.rest import wire as rests
from tests.rest.wire import PATIENCE, TICKERS, Answers, answering

pytestmark = pytest.mark.wire

STREAMED = replace(streams.VENUE, name="streamed")
POLLED = replace(rests.VENUE, name="polled", silence_after=60.0)
VENUES = {venue.name: venue for venue in (STREAMED, POLLED)}


def registry(*markets: tuple[str, str]) -> Registry:
    """A registry of (venue, symbol) markets in this order."""
    assets = tuple(Asset(id, id.upper(), id, Tier.MAJOR) for id in ("coin", "usd"))
    return Registry(
        1, assets, tuple(Market(venue, venue, symbol, "coin", "usd") for venue, symbol in markets)
    )


class Talker:
    """A stream that repeats every market it was ever asked for, and who asked on which socket."""

    def __init__(self) -> None:
        self.heard: list[list[str]] = []

    async def __call__(self, socket: ServerConnection) -> None:
        mine: list[str] = []
        self.heard.append(mine)
        talking = asyncio.create_task(self._talk(socket, mine))
        async for wanted in socket:
            mine.append(str(wanted)[-1])
            await socket.send(said(ack=mine[-1]))
        talking.cancel()

    async def _talk(self, socket: ServerConnection, mine: list[str]) -> None:
        for sequence in range(1, 10_000):
            for symbol in tuple(mine):
                await socket.send(said(s=symbol, p=float(ord(symbol)), n=sequence))
            await asyncio.sleep(0.01)


@asynccontextmanager
async def collecting(
    listed: Registry, talker: Talker, answers: Answers | None = None
) -> AsyncGenerator[tuple[Collector, QuoteBoard]]:
    board = QuoteBoard(len(listed.markets))
    async with (
        serving(talker) as stream,
        answering(answers or Answers(TICKERS)) as rest,
        httpx.AsyncClient() as client,
    ):
        collector = Collector(
            VENUES,
            addresses={"streamed": stream, "polled": Address(stream.stream_url, rest.rest_url)},
            registry=listed,
            board=board,
            client=client,
            clock=lambda: 1000.0,
            timing=QUICK,
            patience=PATIENCE,
        )
        task = asyncio.create_task(collector.run())
        try:
            await until(lambda: len(collector.health()) > 0)
            yield collector, board
        finally:
            task.cancel()
            await asyncio.wait([task])


async def test_streams_and_polls_write_to_one_board():
    listed = registry(("polled", "B"), ("streamed", "A"))
    async with collecting(listed, Talker()) as (collector, board):
        await until(lambda: lasts(board) == [2.5, 65.0])

        health = collector.health()
        assert health.keys() == {"streamed", "polled"}
        assert health["streamed"].feed.state == "live"
        assert health["polled"].rest.failures == {}


async def test_a_call_is_repeated_at_its_interval():
    async with collecting(registry(("polled", "A")), Talker()) as (collector, _):
        await until(lambda: collector.health()["polled"].rest.calls >= 3)


async def test_another_registry_with_the_same_symbols_moves_rows_and_restarts_nothing():
    talker = Talker()
    listed = registry(("streamed", "A"), ("streamed", "B"))
    async with collecting(listed, talker) as (collector, board):
        await until(lambda: lasts(board) == [65.0, 66.0])
        moved = QuoteBoard(3)
        await collector.adopt(
            registry(("polled", "B"), ("streamed", "B"), ("streamed", "A")), moved
        )
        await until(lambda: lasts(moved) == [2.5, 66.0, 65.0])

        assert [mine for mine in talker.heard if mine] == [["A", "B"]]
        assert collector.health()["streamed"].feed.reconnects == 0


async def test_a_changed_list_of_symbols_restarts_its_venue_and_keeps_its_counters():
    talker = Talker()
    async with collecting(registry(("streamed", "A")), talker) as (collector, board):
        await until(lambda: lasts(board) == [65.0])
        quotes = collector.health()["streamed"].feed.quotes
        grown = QuoteBoard(2)
        await collector.adopt(registry(("streamed", "C"), ("streamed", "A")), grown)
        await until(lambda: lasts(grown) == [67.0, 65.0])

        assert talker.heard == [["A"], ["C", "A"]]
        assert collector.health()["streamed"].feed.quotes > quotes
        await until(lambda: collector.health()["streamed"].feed.connected == 1)


async def test_a_venue_that_left_the_registry_is_neither_heard_nor_asked_any_more():
    answers = Answers(TICKERS)
    listed = registry(("streamed", "A"), ("polled", "A"))
    async with collecting(listed, Talker(), answers) as (collector, _):
        await until(lambda: len(answers.asked) > 0)
        await collector.adopt(registry(("streamed", "A")), QuoteBoard(1))
        # One call may have been under way.
        await asyncio.sleep(0.05)
        asked = len(answers.asked)
        await asyncio.sleep(0.1)

        assert collector.health().keys() == {"streamed"}
        assert len(answers.asked) == asked


async def test_a_venue_without_an_address_is_left_out():
    listed = registry(("streamed", "A"), ("elsewhere", "A"))
    async with httpx.AsyncClient() as client:
        collector = Collector(
            VENUES | {"elsewhere": replace(STREAMED, name="elsewhere")},
            addresses={},
            registry=listed,
            board=QuoteBoard(2),
            client=client,
            clock=lambda: 1000.0,
        )
        task = asyncio.create_task(collector.run())
        await asyncio.sleep(0.05)

        assert collector.health() == {}

        task.cancel()
        await asyncio.wait([task])
