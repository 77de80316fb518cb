"""A venue of the tests with a tiny REST wire, and a server that answers as a test wants."""

import asyncio
import socket
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.market.quotes import Quote, QuoteBoard
from jobs.feed import Address
from jobs.rest import Patience, Poller
from jobs.venue import Budget, Call, Listing, Venue

Answer = Callable[[Request], Response]


def parse_tickers(body: bytes) -> list[Quote]:
    return [Quote(s, last) for s, last in msgspec.json.decode(body, type=dict[str, float]).items()]


def parse_markets(body: bytes) -> list[Listing]:
    return msgspec.json.decode(body, type=list[Listing])


VENUE = Venue(
    name="test",
    title="Test",
    operator="test",
    docs="",
    home="",
    stream_url="",
    rest_url="",
    markets=Call("/markets", every=3600),
    parse_markets=parse_markets,
    tickers=Call("/tickers", every=0.02),
    parse_tickers=parse_tickers,
    subscribe=lambda symbols: [],
    parse=lambda frame: (),
    # A hundred thousand calls a second: no test waits for the budget unless it wants to.
    budget=Budget(cost=100_000, seconds=1.0, ban_statuses=(418, 403), ban_seconds=0.1),
)

PATIENCE = Patience(total=0.5, open_for=0.1)

TICKERS = Response('{"A": 1.5, "B": 2.5}', media_type="application/json")


class Answers:
    """What the server says, one answer a request; the last one is repeated."""

    def __init__(self, *answers: Response | Answer) -> None:
        self.asked: list[str] = []
        self._answers = answers

    async def answer(self, request: Request) -> Response:
        answer = self._answers[min(len(self.asked), len(self._answers) - 1)]
        self.asked.append(request.url.path)
        return answer if isinstance(answer, Response) else answer(request)


@asynccontextmanager
async def answering(answers: Answers) -> AsyncGenerator[Address]:
    """An HTTP server on a free port that answers every path and method."""
    app = Starlette(routes=[Route("/{path:path}", answers.answer, methods=["GET", "POST"])])
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", ws="none"))
    listener = socket.create_server(("127.0.0.1", 0))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started:
            await asyncio.sleep(0.001)
        yield Address("", f"http://127.0.0.1:{listener.getsockname()[1]}")
    finally:
        server.should_exit = server.force_exit = True
        await serving
        listener.close()


def poller_of(
    address: Address,
    client: httpx.AsyncClient,
    *,
    board: QuoteBoard,
    patience: Patience = PATIENCE,
    clock: Callable[[], float] = lambda: 1000.0,
    **quirks: object,
) -> Poller:
    """A poller of the markets A and B; `quirks` are fields of the venue."""
    return Poller(
        replace(VENUE, **quirks),
        address=address,
        rows={"A": 0, "B": 1},
        board=board,
        client=client,
        clock=clock,
        patience=patience,
    )


@asynccontextmanager
async def polling(
    answers: Answers,
    *,
    board: QuoteBoard | None = None,
    patience: Patience = PATIENCE,
    clock: Callable[[], float] = lambda: 1000.0,
    **quirks: object,
) -> AsyncGenerator[tuple[Poller, QuoteBoard]]:
    """A poller of a server with these answers, and its board."""
    board = board or QuoteBoard(2)
    async with answering(answers) as address, httpx.AsyncClient() as client:
        yield (
            poller_of(address, client, board=board, patience=patience, clock=clock, **quirks),
            board,
        )
