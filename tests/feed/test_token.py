"""Connections whose address a REST call tells first, against real sockets."""

import pytest
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from websockets.asyncio.server import ServerConnection

from jobs.feed import Address
from jobs.venue import Ping, StreamAddress, TokenCall
from tests.feed.wire import lasts, running, said, serving, until
from tests.rest.wire import Answers, answering

pytestmark = pytest.mark.wire


def _pair(body: bytes) -> StreamAddress:
    url, ping_every = body.decode().split()
    return StreamAddress(url, float(ping_every))


CALL = TokenCall("/token", _pair)


async def test_each_connection_asks_for_its_own_address_and_pings_as_told():
    heard: list[str] = []

    async def venue(socket: ServerConnection) -> None:
        assert socket.request is not None
        heard.append(socket.request.path)
        await socket.send(said(s="A", p=1.5))
        async for frame in socket:
            heard.append(str(frame))  # noqa: PERF401 - The test looks at it meanwhile.

    async with serving(venue) as stream:

        def token(request: Request) -> Response:
            return Response(f"{stream.stream_url}/?token={request.method} 0.01")

        async with answering(Answers(token)) as rest:
            address = Address("ws://nowhere.invalid", rest.rest_url)
            ping = Ping("ping", every=3600.0)
            async with running(address, token=CALL, ping=ping) as (feed, board):
                await until(lambda: feed.health.quotes == 1 and "ping" in heard)

                assert lasts(board)[0] == 1.5
                assert heard[0] == "/?token=POST"


@pytest.mark.parametrize(
    "answer",
    [
        Response("no address", 200),
        Response("ws://127.0.0.1 1", 503),
        RedirectResponse("/elsewhere"),
        Response("ws://127.0.0.1:1 1" + " " * 2_000_000),
    ],
)
async def test_a_token_call_without_an_address_is_a_failure_with_a_name(answer: Response):
    async with answering(Answers(answer)) as rest, running(rest, token=CALL) as (feed, _):
        await until(lambda: feed.health.losses == {"no_token": 1})


async def test_a_token_that_points_nowhere_is_unreachable():
    answers = Answers(Response("http://127.0.0.1 1"))
    async with answering(answers) as rest, running(rest, token=CALL) as (feed, _):
        await until(lambda: feed.health.losses == {"unreachable": 1})
