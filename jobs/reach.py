"""Where venues are reached: on the internet, or at the sandbox on this machine."""

import asyncio
from collections.abc import Mapping, Sequence

import httpx
import msgspec
import structlog

from jobs.feed import Address, StreamAndRest
from jobs.rest import RestError, fetch_markets
from jobs.venue import Listing, Venue

log = structlog.get_logger(__name__)


class SandboxError(ConnectionError):
    """The sandbox does not tell where its venues are."""


class _Place(msgspec.Struct):
    stream_url: str
    rest_url: str


class _Index(msgspec.Struct):
    venues: dict[str, _Place]


async def sandbox_addresses(client: httpx.AsyncClient, url: str) -> dict[str, Address]:
    """The addresses of the simulated venues; raises SandboxError."""
    try:
        answer = await client.get(url)
        answer.raise_for_status()
        places = msgspec.json.decode(answer.content, type=_Index).venues
    except (httpx.HTTPError, msgspec.MsgspecError) as error:
        raise SandboxError(f"no sandbox at {url!r}: {error}") from error
    return {name: Address(place.stream_url, place.rest_url) for name, place in places.items()}


async def fetch_listings(
    venues: Mapping[str, Venue], addresses: Mapping[str, StreamAndRest], client: httpx.AsyncClient
) -> dict[str, Sequence[Listing]]:
    """The market lists of all venues that answer."""
    wanted = [venues[name] for name in addresses if name in venues]
    lists = await asyncio.gather(*(_listed(venue, addresses, client) for venue in wanted))
    return {venue.name: rows for venue, rows in zip(wanted, lists, strict=True) if rows}


async def _listed(
    venue: Venue, addresses: Mapping[str, StreamAndRest], client: httpx.AsyncClient
) -> Sequence[Listing]:
    try:
        return await fetch_markets(venue, client, addresses[venue.name])
    except RestError as error:
        log.warning("venue_lists_no_markets", venue=venue.name, reason=str(error))
        return ()
