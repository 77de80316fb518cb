"""One bounded GET: the whole body, or an error that says what was wrong with the answer."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime
from enum import StrEnum
from math import isfinite
from typing import TypeVar

import httpx
import msgspec

from jobs.rest.patience import Patience

Value = TypeVar("Value")

MALFORMED = (
    msgspec.MsgspecError,
    # FrameError is one, and so is the UnicodeDecodeError that msgspec lets through.
    ValueError,
    # A number too large for a float, and brackets nested without end.
    ArithmeticError,
    RecursionError,
)


class Failure(StrEnum):
    """What was wrong with an answer."""

    UNREACHABLE = "unreachable"
    """No connection, TLS or HTTP at all, or not to the end."""
    TOO_SLOW = "too_slow"
    TOO_LARGE = "too_large"
    THROTTLED = "throttled"
    """Status 429: called too often."""
    BANNED = "banned"
    """A status that means we are locked out."""
    UNAVAILABLE = "unavailable"
    """Any status 5xx."""
    REJECTED = "rejected"
    """Any other status that is not 2xx; redirects are not followed."""
    UNREADABLE = "unreadable"
    """HTML, torn JSON, or another shape than documented."""
    FAULT = "fault"
    """Our own code failed."""


class RestError(Exception):
    """A call that gave no usable answer; `retry_after` is the wait it asked for, in seconds."""

    def __init__(self, failure: Failure, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.failure = failure
        self.retry_after = retry_after


class Answer(msgspec.Struct, frozen=True):
    """A complete 2xx answer, or the word that the one we have is still good."""

    body: bytes
    used: float | None
    """Cost used so far in the venue's window; None where the answer does not tell."""
    etag: str = ""
    """Name of this version of the body; "" where the endpoint names none."""
    unchanged: bool = False
    """True for status 304: the body that we asked with If-None-Match is still good."""


async def fetch(
    client: httpx.AsyncClient,
    url: str,
    *,
    patience: Patience,
    ban_statuses: Sequence[int] = (),
    used_header: str = "",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """The whole answer, within `patience`; raises RestError."""
    try:
        async with (
            asyncio.timeout(patience.total),
            client.stream("GET", url, follow_redirects=False, headers=headers) as response,
        ):
            unchanged = _is_unchanged(response)
            if not unchanged:
                _check_status(response, ban_statuses)
            _check_content(response)
            body = await _bounded(response, patience.most_bytes)
    except (TimeoutError, httpx.TimeoutException) as error:
        raise RestError(
            Failure.TOO_SLOW, f"no complete answer within {patience.total:g} s"
        ) from error
    except httpx.DecodingError as error:
        raise RestError(Failure.UNREADABLE, f"badly packed: {error}") from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise RestError(Failure.UNREACHABLE, f"{type(error).__name__}: {error}") from error
    used = _number(response.headers.get(used_header, ""))
    return Answer(body, used, response.headers.get("etag", ""), unchanged)


def decoded(parse: Callable[[bytes], Value], body: bytes) -> Value:
    """What the venue's parser makes of the body; raises RestError."""
    try:
        return parse(body)
    except MALFORMED as error:
        raise RestError(Failure.UNREADABLE, f"not as documented: {error}") from error


def retry_after(headers: httpx.Headers) -> float | None:
    """The wait asked for, in seconds; None where none is, or where it is no wait.

    A date is measured against the answer's own date, so that neither clock need be right.
    """
    text = headers.get("retry-after", "")
    seconds = _number(text)
    if seconds is None:
        until, sent = _epoch(text), _epoch(headers.get("date", ""))
        if until is None or sent is None:
            return None
        seconds = until - sent
    return max(0.0, seconds)


def _is_unchanged(response: httpx.Response) -> bool:
    """Status 304 to a question that named the version we have; unasked it is an error."""
    asked = "if-none-match" in response.request.headers
    return asked and response.status_code == httpx.codes.NOT_MODIFIED.value


def _check_status(response: httpx.Response, ban_statuses: Sequence[int]) -> None:
    status = response.status_code
    if response.is_success:
        return
    wait = retry_after(response.headers)
    if status in ban_statuses:
        raise RestError(Failure.BANNED, f"status {status}: locked out", retry_after=wait)
    if status == httpx.codes.TOO_MANY_REQUESTS.value:
        raise RestError(Failure.THROTTLED, "status 429: called too often", retry_after=wait)
    if response.is_server_error:
        raise RestError(Failure.UNAVAILABLE, f"status {status}", retry_after=wait)
    raise RestError(Failure.REJECTED, f"status {status} instead of 2xx", retry_after=wait)


def _check_content(response: httpx.Response) -> None:
    content = response.headers.get("content-type", "")
    if content.startswith(("text/html", "application/xhtml")):
        raise RestError(Failure.UNREADABLE, f"{content} instead of data")


async def _bounded(response: httpx.Response, most: int) -> bytes:
    body = bytearray()
    async for part in response.aiter_bytes():
        body += part
        if len(body) > most:
            raise RestError(Failure.TOO_LARGE, f"the body is larger than {most} bytes")
    return bytes(body)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None


def _epoch(text: str) -> float | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    # The zone "-0000" is read as none; dates of HTTP are in UTC anyway.
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
