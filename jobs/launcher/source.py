"""Where prices come from: `auto` is decided once, before anything is started."""

import asyncio
from collections.abc import Iterable

import httpx

from app.settings import Source
from jobs.venue import Venue

PATIENCE = 3.0
"""Seconds within which one venue must answer."""


def decided(wanted: Source, *, venue_answered: bool) -> Source:
    """The source that is meant; never `auto`."""
    if wanted != "auto":
        return wanted
    return "live" if venue_answered else "sandbox"


async def resolve(
    wanted: Source, venues: Iterable[Venue], *, transport: httpx.AsyncBaseTransport | None = None
) -> Source:
    """The source that is meant; asks the venues only where that decides it."""
    if wanted != "auto":
        return wanted
    async with httpx.AsyncClient(
        transport=transport, timeout=PATIENCE, follow_redirects=True
    ) as client:
        return decided(wanted, venue_answered=await _any_answers(client, venues))


async def _any_answers(client: httpx.AsyncClient, venues: Iterable[Venue]) -> bool:
    """The first good answer decides, the last bad one too; PATIENCE bounds it in any case."""
    asked = [asyncio.create_task(answers(client, venue)) for venue in venues]
    try:
        async with asyncio.timeout(PATIENCE):
            for answer in asyncio.as_completed(asked):
                if await answer:
                    return True
    except TimeoutError:
        return False
    finally:
        for task in asked:
            task.cancel()
        await asyncio.gather(*asked, return_exceptions=True)
    return False


async def answers(client: httpx.AsyncClient, venue: Venue) -> bool:
    """The venue's list of markets is there, and is JSON; its body, often large, is not read."""
    try:
        async with client.stream("GET", venue.rest_url + venue.markets.path) as response:
            kind = response.headers.get("content-type", "")
            return response.is_success and "json" in kind
    except httpx.HTTPError:
        return False
