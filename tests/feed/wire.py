"""A venue of the tests: a tiny JSON wire, and a server that says what a test wants."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import httpx
import msgspec
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from app.market.quotes import Quote, QuoteBoard
from jobs.feed import Address, Feed, Timing
from jobs.venue import (
    Ack,
    Alias,
    Budget,
    Call,
    Event,
    FrameError,
    Refused,
    Renew,
    Reply,
    Subscription,
    Unknown,
    Venue,
)

QUICK = Timing(
    connect_every=0.001,
    acknowledged_within=0.05,
    delivered_within=0.3,
    backoff=0.005,
    backoff_most=0.02,
    check_every=0.01,
)


class Said(msgspec.Struct, omit_defaults=True):
    s: str = ""
    p: float = 0.0
    t: float = 0.0
    n: int = 0
    ack: str = ""
    refused: str = ""
    alias: tuple[str, str] | None = None
    ping: int = 0
    renew: str = ""
    kind: str = ""


def said(**fields: object) -> str:
    return msgspec.json.encode(msgspec.convert(fields, Said)).decode()


def parse(frame: bytes) -> Sequence[Event]:
    it = msgspec.json.decode(frame, type=Said)
    if it.s:
        return (Quote(it.s, it.p, time=it.t or float("nan"), sequence=it.n),)
    if it.alias:
        return (Alias(*it.alias),)
    return _control(it)


def _control(it: Said) -> Sequence[Event]:
    events = (
        (it.ack, Ack(it.ack)),
        (it.refused, Refused("", it.refused)),
        (it.ping, Reply(f"pong {it.ping}")),
        (it.renew, Renew(it.renew)),
        (it.kind, Unknown(it.kind)),
    )
    found = [event for wanted, event in events if wanted]
    if not found:
        raise FrameError("an empty message is none of this venue's")
    return found


def subscribe(symbols: Sequence[str]) -> list[Subscription]:
    return [Subscription(f"want {symbol}", (symbol,), (symbol,)) for symbol in symbols]


VENUE = Venue(
    name="test",
    title="Test",
    operator="test",
    docs="",
    home="",
    stream_url="",
    rest_url="",
    markets=Call("/markets", every=3600),
    parse_markets=lambda body: [],
    subscribe=subscribe,
    parse=parse,
    budget=Budget(cost=100, seconds=1.0),
    frames_per_second=1000.0,
    silence_after=5.0,
)

Handler = Callable[[ServerConnection], Awaitable[None]]


@asynccontextmanager
async def serving(handler: Handler) -> AsyncGenerator[Address]:
    """A WebSocket server on a free port; hanging up on it is no error."""

    async def tolerant(socket: ServerConnection) -> None:
        handling = asyncio.ensure_future(handler(socket))
        await asyncio.wait(
            {handling, asyncio.ensure_future(socket.wait_closed())},
            return_when=asyncio.FIRST_COMPLETED,
        )
        # A handler that waits for what a failed test never told it must not hang the run.
        await asyncio.wait({handling}, timeout=0.5)
        handling.cancel()
        with suppress(ConnectionClosed, asyncio.CancelledError):
            await handling

    async with serve(tolerant, "127.0.0.1", 0, max_size=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        yield Address(f"ws://127.0.0.1:{port}", "")


@asynccontextmanager
async def running(
    address: Address,
    venue: Venue = VENUE,
    *,
    symbols: Sequence[str] = ("A", "B"),
    board: QuoteBoard | None = None,
    timing: Timing = QUICK,
    clock: Callable[[], float] = lambda: 1000.0,
    **quirks: object,
) -> AsyncGenerator[tuple[Feed, QuoteBoard]]:
    """A feed that listens to the address, with its board; `quirks` are fields of the venue."""
    board = board or QuoteBoard(len(symbols))
    async with httpx.AsyncClient() as client:
        feed = Feed(
            replace(venue, **quirks),
            address=address,
            rows={symbol: row for row, symbol in enumerate(symbols)},
            board=board,
            client=client,
            clock=clock,
            timing=timing,
        )
        task = asyncio.create_task(feed.run())
        try:
            yield feed, board
        finally:
            task.cancel()
            await asyncio.wait([task])


async def until(condition: Callable[[], bool]) -> None:
    """Returns once the condition holds; five seconds are more than any test needs."""
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.002)


def lasts(board: QuoteBoard) -> list[float]:
    """The last price of every row; NaN where there is none."""
    board.settle()
    return board.columns().last.tolist()
