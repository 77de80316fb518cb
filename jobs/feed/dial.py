"""Opening one connection: the venue's turn, the token where there is one, the handshake."""

import asyncio
import ssl
from functools import cache

import httpx
from picows import WSError, ws_connect  # pyright: ignore[reportUnknownVariableType] - its kwargs

from jobs.feed.health import Loss
from jobs.feed.intake import Intake
from jobs.feed.link import MALFORMED, MOST_BYTES, Link
from jobs.venue import StreamAddress, TokenCall

_MOST_TOKEN_BYTES = 1024 * 1024


class DialError(Exception):
    """The connection could not be opened; `loss` says at which step."""

    def __init__(self, loss: Loss, message: str) -> None:
        super().__init__(message)
        self.loss = loss


async def dial(intake: Intake) -> tuple[Link, float]:
    """A link that opened, and the seconds between its pings; raises DialError."""
    await intake.gate.acquire()
    link = intake.link()
    try:
        async with asyncio.timeout(intake.timing.connect_within):
            where = await _address(intake)
            await _connect(intake, link, where.url)
    except BaseException as error:
        # Nobody will be handed this link, so its socket must not stay behind.
        intake.drop(link)
        if isinstance(error, TimeoutError):
            raise DialError(Loss.UNREACHABLE, "no connection in time") from error
        raise
    return link, where.ping_every


async def _connect(intake: Intake, link: Link, url: str) -> None:
    try:
        await ws_connect(
            lambda: link,
            url,
            ssl_context=_tls() if url.startswith("wss:") else None,
            # A cancelled handshake keeps its socket until picows itself gives up.
            websocket_handshake_timeout=intake.timing.connect_within,
            max_frame_size=MOST_BYTES,
            max_redirects=0,
            extra_headers={"User-Agent": intake.client.headers["User-Agent"]},
        )
    # picows says ValueError for addresses that are none, RuntimeError for some torn answers.
    except (OSError, WSError, ValueError, RuntimeError) as error:
        raise DialError(Loss.UNREACHABLE, f"{type(error).__name__}: {error}") from error
    if not link.was_open:
        raise DialError(Loss.UNREACHABLE, "the venue hung up during the handshake")


async def _address(intake: Intake) -> StreamAddress:
    venue = intake.venue
    if venue.token is not None:
        return await _token(intake, venue.token)
    return StreamAddress(intake.address.stream_url, venue.ping.every if venue.ping else 0.0)


async def _token(intake: Intake, call: TokenCall) -> StreamAddress:
    body = b""
    url = intake.address.rest_url + call.path
    try:
        async with intake.client.stream("POST", url, follow_redirects=False) as answer:
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > _MOST_TOKEN_BYTES:
                    raise DialError(Loss.NO_TOKEN, "the token answer is larger than 1 MiB")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise DialError(Loss.NO_TOKEN, f"{type(error).__name__}: {error}") from error
    if not answer.is_success:
        raise DialError(Loss.NO_TOKEN, f"the token call answered {answer.status_code}, not 2xx")
    try:
        return call.parse(body)
    except MALFORMED as error:
        raise DialError(Loss.NO_TOKEN, f"the token answer is unreadable: {error}") from error


@cache
def _tls() -> ssl.SSLContext:
    """One context for all: reading the trusted certificates takes tens of milliseconds."""
    return ssl.create_default_context()
