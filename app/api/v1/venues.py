"""How the venues are doing: their volume, and whether we hear them."""

from collections.abc import Sequence

import numpy as np

from app.api.encoding import enveloped
from app.api.errors import NotFoundError
from app.api.freshness import Moment, milliseconds, rfc3339
from app.api.parameters import Parameters, Word
from app.api.resource import Resource
from app.api.v1.schemas import VenueAnswer, VenuesAnswer
from app.market.health import VenueHealth

_AS_MEASURED = (
    "name",
    "title",
    "operator",
    "home",
    "docs",
    "state",
    "markets",
    "connections",
    "connections_wanted",
    "frames",
    "quotes",
    "parse_errors",
    "unknown_symbols",
    "reconnects",
    "missing_acks",
    "refused",
    "rest_calls",
    "rest_failures",
    "circuit",
)


class VenuesQuery(Parameters):
    """Nothing can be asked."""


class VenueQuery(Parameters):
    """Which venue."""

    name: Word


def venues(moment: Moment, query: VenuesQuery) -> bytes:
    """All venues, the largest volume first."""
    rows = [(_volume(moment, venue.name), _row(moment, venue)) for venue in moment.venues]
    rows.sort(key=lambda row: -np.nan_to_num(row[0]))
    return enveloped(moment, data=[row for _, row in rows])


def venue(moment: Moment, query: VenueQuery) -> bytes:
    """One venue; raises NotFoundError with the names there are."""
    for known in moment.venues:
        if known.name == query.name:
            return enveloped(moment, data=_row(moment, known))
    names = [known.name for known in moment.venues]
    raise NotFoundError(f"No venue is called {query.name!r}.", near=names)


def _row(moment: Moment, venue: VenueHealth) -> dict[str, object]:
    return {
        **{name: getattr(venue, name) for name in _AS_MEASURED},
        "volume_24h": _volume(moment, venue.name),
        "excluded": _excluded(moment, venue.name),
        "last_message": rfc3339(venue.last_message),
        "silence_ms": milliseconds(moment.now - venue.last_message),
        "lag": {"p50_ms": _measured(venue.lag_p50), "p99_ms": _measured(venue.lag_p99)},
    }


def _measured(lag: float) -> int | None:
    """A lag may be negative: then the venue's clock is ahead of ours."""
    return round(lag * 1000) if lag == lag else None


def _markets(moment: Moment, venue: str) -> Sequence[int]:
    return list(moment.registry.rows_of_venue.get(venue, {}).values())


def _volume(moment: Moment, venue: str) -> float:
    if moment.votes is None:
        return float("nan")
    return float(np.nansum(moment.votes.columns["volume_24h"][_markets(moment, venue)]))


def _excluded(moment: Moment, venue: str) -> float:
    """Share of the venue's quoted markets that have no weight; NaN where none is quoted."""
    if moment.votes is None:
        return float("nan")
    rows = np.array(_markets(moment, venue), dtype=np.int64)
    quoted = rows[np.isfinite(moment.votes.columns["updated"][rows])]
    weight = np.nan_to_num(moment.votes.columns["weight"][quoted])
    return round(float((weight == 0).mean()), 6) if len(quoted) else float("nan")


RESOURCES = (
    Resource(
        path="/api/v1/venues",
        name="venues",
        summary="All venues and their health",
        query=VenuesQuery,
        body=venues,
        shape=VenuesAnswer,
    ),
    Resource(
        path="/api/v1/venues/{name}",
        name="venue",
        summary="One venue and its health",
        query=VenueQuery,
        body=venue,
        shape=VenueAnswer,
    ),
)
