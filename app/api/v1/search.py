"""Assets and venues by what a person types, with mistakes."""

from difflib import SequenceMatcher
from typing import Annotated

import numpy as np
from pydantic import Field

from app.api.encoding import enveloped
from app.api.freshness import Moment
from app.api.parameters import Parameters, Word
from app.api.resource import Resource
from app.api.v1.schemas import SearchAnswer
from app.market.directory import LIKENESS
from app.market.health import VenueHealth
from app.market.registry import Tier

_RESULTS_MAX = 50
_FAR = np.inf


class SearchQuery(Parameters):
    """What was typed."""

    q: Word
    limit: Annotated[int, Field(ge=1, le=_RESULTS_MAX)] = 10


def search(moment: Moment, query: SearchQuery) -> bytes:
    """Assets and venues, best first."""
    rank = moment.snapshot.columns["rank"].astype(np.float64)
    # Fiat currencies have no rank; they come after everything that does.
    order = np.where(rank > 0, rank, np.where(moment.registry.tier == Tier.FIAT, _FAR, 1e9))
    numbers = moment.directory.search(query.q, rank=order, count=query.limit)
    assets = [_asset(moment, number) for number in numbers]
    venues = [_venue(venue) for venue in _venues(moment, query.q.casefold().strip())]
    return enveloped(moment, query=query.q, assets=assets, venues=venues[: query.limit])


def _asset(moment: Moment, number: int) -> dict[str, object]:
    asset = moment.registry.assets[number]
    rank = int(moment.snapshot.columns["rank"][number])
    return {
        "id": asset.id,
        "symbol": asset.symbol,
        "name": asset.name,
        "rank": rank or None,
        "logo": asset.image or None,
    }


def _venue(venue: VenueHealth) -> dict[str, object]:
    return {"name": venue.name, "title": venue.title}


def _venues(moment: Moment, wanted: str) -> list[VenueHealth]:
    scored = [(_likeness(venue, wanted), venue) for venue in moment.venues]
    near = [(score, venue) for score, venue in scored if score >= LIKENESS]
    return [venue for _, venue in sorted(near, key=lambda pair: (-pair[0], pair[1].name))]


def _likeness(venue: VenueHealth, wanted: str) -> float:
    """3 for the beginning of a name, 2 for a part of it, else the ratio of matching letters."""
    names = (venue.name.casefold(), venue.title.casefold())
    if any(name.startswith(wanted) for name in names):
        return 3.0
    if any(wanted in name for name in names):
        return 2.0
    return max(SequenceMatcher(a=wanted, b=name).ratio() for name in names)


RESOURCES = (
    Resource(
        path="/api/v1/search",
        name="search",
        summary="Assets and venues by name",
        query=SearchQuery,
        body=search,
        shape=SearchAnswer,
    ),
)
