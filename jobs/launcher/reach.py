"""What the doctor finds out about the venues: does each answer on REST and on its stream?"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from jobs.launcher.findings import Finding, judged
from jobs.venue import Venue

_PATIENCE = 6.0
"""Seconds for one call or one connection."""

_CLOCK_TOLERANCE = 5.0
"""Seconds; the Date header has no fractions, and the answer takes a moment."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one venue did."""

    title: str
    rest: str
    """"" when the markets call was answered, else why not."""
    stream: str
    """"" when the stream was opened, else why not."""
    clock: float | None = None
    """Seconds by which our clock is ahead of the venue's."""


async def venue_answers(venues: Iterable[Venue]) -> list[Answer]:
    """Every venue, asked at the same time."""
    async with httpx.AsyncClient(timeout=_PATIENCE, follow_redirects=True) as client:
        return list(await asyncio.gather(*(_asked(client, venue) for venue in venues)))


def venue_findings(answers: Sequence[Answer]) -> list[Finding]:
    """One finding a venue, and what they mean together; any one can be done without."""
    return [*(_finding(answer) for answer in answers), _together(answers)]


def clock_finding(answers: Sequence[Answer]) -> Finding:
    """Our clock against the middle one of the venues' clocks."""
    ahead = sorted(answer.clock for answer in answers if answer.clock is not None)
    if not ahead:
        return Finding("Clock", "no venue to compare with")
    middle = ahead[len(ahead) // 2]
    return judged(
        "Clock",
        f"{abs(middle):.1f} s {'ahead of' if middle > 0 else 'behind'} the venues",
        good=abs(middle) <= _CLOCK_TOLERANCE,
        advice="set the clock (NTP): prices would look old, or from the future",
        verdict="warning",
    )


def _finding(answer: Answer) -> Finding:
    parts = (f"REST {answer.rest or 'answers'}", f"stream {answer.stream or 'opens'}")
    verdict = "warning" if answer.rest or answer.stream else "ok"
    return Finding(answer.title, ", ".join(parts), verdict=verdict)


def _together(answers: Sequence[Answer]) -> Finding:
    reached = sum(not answer.stream for answer in answers)
    return judged(
        "All venues",
        f"{reached} of {len(answers)} streams open",
        good=reached > 0,
        advice="`make run` simulates prices until one answers; mind firewalls and proxies",
        verdict="warning",
    )


async def _asked(client: httpx.AsyncClient, venue: Venue) -> Answer:
    (rest, clock), stream = await asyncio.gather(_rest(client, venue), _stream(client, venue))
    return Answer(venue.title, rest, stream, clock)


async def _rest(client: httpx.AsyncClient, venue: Venue) -> tuple[str, float | None]:
    try:
        async with client.stream("GET", venue.rest_url + venue.markets.path) as response:
            said = "" if response.is_success else f"says {response.status_code}"
            return said, _clock_ahead(response)
    except httpx.HTTPError as error:
        return f"fails ({type(error).__name__})", None


async def _stream(client: httpx.AsyncClient, venue: Venue) -> str:
    try:
        url = await _stream_url(client, venue)
        async with asyncio.timeout(_PATIENCE), connect(url, close_timeout=1.0):
            return ""
    except TimeoutError:
        return f"does not open within {_PATIENCE:.0f} s"
    except (OSError, httpx.HTTPError, WebSocketException, ValueError) as error:
        return f"fails ({type(error).__name__})"


async def _stream_url(client: httpx.AsyncClient, venue: Venue) -> str:
    if venue.token is None:
        return venue.stream_url
    response = await client.post(venue.rest_url + venue.token.path)
    return venue.token.parse(response.raise_for_status().content).url


def _clock_ahead(response: httpx.Response) -> float | None:
    """None without a usable Date header, or when a cache may have kept it."""
    try:
        theirs = parsedate_to_datetime(response.headers["date"])
    except (KeyError, ValueError):
        return None
    if response.headers.get("age"):
        return None
    # A diagnosis of the clock has to read it.
    return (datetime.now(UTC) - theirs).total_seconds()  # noqa: TID251
