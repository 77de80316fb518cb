"""A venue's list of markets, fetched once."""

from typing import Protocol

import httpx

from jobs.rest.answers import decoded, fetch
from jobs.rest.patience import Patience
from jobs.venue import Listing, Venue


class RestAddress(Protocol):
    """Where a venue's REST calls go; a `Venue` itself is such an address, the live one."""

    @property
    def rest_url(self) -> str:
        """What the paths of calls are appended to."""
        ...


async def fetch_markets(
    venue: Venue,
    client: httpx.AsyncClient,
    address: RestAddress,
    *,
    patience: Patience | None = None,
) -> list[Listing]:
    """The venue's markets as it lists them now; raises RestError."""
    answer = await fetch(
        client,
        address.rest_url + venue.markets.path,
        patience=patience or Patience(),
        ban_statuses=venue.budget.ban_statuses,
    )
    return list(decoded(venue.parse_markets, answer.body))
