"""Where reference sources are reached: on the internet, or at the sandbox on this machine."""

from collections.abc import Iterable
from dataclasses import replace

import httpx
import msgspec

from jobs.sources.source import Allowance, Cadence, Source

AT_SANDBOX = Cadence(first=20.0, others=600.0, burst=50)
"""A simulated source has no month to pay for, and somebody may be watching."""


class SandboxSilentError(ConnectionError):
    """The sandbox does not tell where its reference sources are."""


class _Place(msgspec.Struct):
    rest_url: str


class _Index(msgspec.Struct):
    references: dict[str, _Place]


async def at_sandbox(
    client: httpx.AsyncClient, url: str, sources: Iterable[Source]
) -> tuple[Source, ...]:
    """Those of the sources that the sandbox simulates, there; raises SandboxSilentError."""
    try:
        answer = await client.get(url)
        answer.raise_for_status()
        places = msgspec.json.decode(answer.content, type=_Index).references
    except (httpx.HTTPError, msgspec.MsgspecError) as error:
        raise SandboxSilentError(f"no sandbox with references at {url!r}: {error}") from error
    return tuple(
        replace(
            source,
            rest_url=places[source.name].rest_url,
            cadence=AT_SANDBOX,
            allowance=Allowance(minute=source.allowance.minute, day=0, month=0),
        )
        for source in sources
        if source.name in places
    )
