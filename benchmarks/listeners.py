"""The two that listen to the simulated venues: the product's engine, and the least there can be."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import httpx
from picows import (  # pyright: ignore[reportUnknownVariableType] - the kwargs of ws_connect
    WSFrame,
    WSListener,
    WSMsgType,
    WSTransport,
    ws_connect,
)

from app.market.quotes import QuoteBoard
from benchmarks.floors import FLOORS, Write, columns
from jobs.feed import Address, Feed, Timing
from jobs.venue import Venue

_SETTLE_EVERY = 0.25


@dataclass(frozen=True, slots=True)
class Party:
    """One venue as it is listened to."""

    venue: Venue
    symbols: tuple[str, ...]
    names: tuple[str | int, ...]
    """What frames call each market."""
    first_row: int

    @property
    def rows(self) -> dict[str, int]:
        """Row of each market by its symbol."""
        return {symbol: self.first_row + at for at, symbol in enumerate(self.symbols)}

    @property
    def bare_rows(self) -> dict[str | int, int]:
        """The same rows by what frames call each market."""
        return {name: self.first_row + at for at, name in enumerate(self.names)}

    def batches(self) -> Iterator[tuple[str, ...]]:
        """The markets of each socket."""
        size = self.venue.symbols_per_connection
        for start in range(0, len(self.symbols), size):
            yield self.symbols[start : start + size]


@dataclass(frozen=True, slots=True)
class Listening:
    """A contender with all its sockets open."""

    heard: Callable[[], int]
    """Quotes so far."""
    finish: Callable[[], object]


Contender: TypeAlias = Callable[[int, Sequence[Party]], AbstractAsyncContextManager[Listening]]


@asynccontextmanager
async def engine(port: int, parties: Sequence[Party]) -> AsyncGenerator[Listening]:
    """The product: one feed a venue, one board, and its settlements."""
    board = QuoteBoard(sum(len(party.symbols) for party in parties))
    async with httpx.AsyncClient() as client:
        feeds = [
            Feed(
                party.venue,
                address=Address(f"ws://127.0.0.1:{port}/{party.venue.name}", ""),
                rows=party.rows,
                board=board,
                client=client,
                clock=time.time,
                timing=Timing(connect_every=0.001),
            )
            for party in parties
        ]
        tasks = [asyncio.create_task(work) for work in (_settle(board), *(f.run() for f in feeds))]
        try:
            yield Listening(lambda: sum(feed.health.quotes for feed in feeds), board.settle)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)


async def _settle(board: QuoteBoard) -> None:
    while True:
        await asyncio.sleep(_SETTLE_EVERY)
        board.settle()


@asynccontextmanager
async def bare_clients(port: int, parties: Sequence[Party]) -> AsyncGenerator[Listening]:
    """The floor: as many sockets, and of each frame nothing but what must be done."""
    to = columns(sum(len(party.symbols) for party in parties))
    clients: list[_Bare] = []
    for party in parties:
        write = FLOORS[party.venue.name](party.bare_rows, to)
        for symbols in party.batches():
            client = _Bare(write, party.venue.inflate)
            url = f"ws://127.0.0.1:{port}/{party.venue.name}"
            transport, _ = await ws_connect(partial(_itself, client), url)
            for subscription in party.venue.subscribe(symbols):
                transport.send(WSMsgType.TEXT, subscription.frame)
            clients.append(client)
    try:
        yield Listening(lambda: sum(client.frames for client in clients), lambda: None)
    finally:
        for client in clients:
            client.close()


def _itself(client: "_Bare") -> "_Bare":
    return client


class _Bare(WSListener):
    def __init__(self, write: Write, inflate: Callable[[bytes], bytes] | None) -> None:
        self.frames = 0
        self._write = write
        self._inflate = inflate
        self._transport: WSTransport | None = None

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        payload = frame.get_payload_as_bytes()
        if self._inflate is not None and frame.msg_type is WSMsgType.BINARY:
            payload = self._inflate(payload)
        try:
            self._write(payload, time.time())
        except ValueError:
            # A greeting or a confirmation, before it all begins.
            return
        self.frames += 1

    def close(self) -> None:
        if self._transport is not None:
            self._transport.disconnect()
