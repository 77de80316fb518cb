"""How good the market is now, in numbers."""

import math
from dataclasses import asdict

from app.api.encoding import enveloped
from app.api.freshness import Moment, milliseconds, rfc3339
from app.api.parameters import Parameters
from app.api.resource import Resource, by_second
from app.api.v1.quality_schemas import QualityAnswer
from app.market.crosscheck import CrosscheckReport, SourceDivergence
from app.market.quality import Ages, Concern, FlagCount
from app.market.venue_matrix import VenueRow


class QualityQuery(Parameters):
    """Nothing can be asked."""


def quality(moment: Moment, query: QualityQuery) -> bytes:
    """Freshness, coverage, rejects, venues and disputes."""
    found = moment.quality()
    return enveloped(
        moment,
        measured_at=rfc3339(found.time),
        freshness={"all": _ages(found.freshness), "major": _ages(found.freshness_major)},
        coverage={"all": asdict(found.coverage), "major": asdict(found.coverage_major)},
        markets={"quoted": found.markets, "counted": found.counted},
        rejects=[_reject(count) for count in found.rejects],
        venues=[_venue(venue) for venue in found.venues],
        disputes={
            "total": found.concerned,
            "data": [_dispute(concern) for concern in found.concerns],
        },
        divergence=found.crosscheck and _divergence(found.crosscheck),
    )


def _ages(ages: Ages) -> dict[str, object]:
    return {
        "prices": ages.prices,
        "p50_ms": milliseconds(ages.p50),
        "p95_ms": milliseconds(ages.p95),
        "p99_ms": milliseconds(ages.p99),
    }


def _reject(count: FlagCount) -> dict[str, object]:
    return {**asdict(count), "share": _share(count.share)}


def _venue(venue: VenueRow) -> dict[str, object]:
    row = asdict(venue)
    row["age_ms"] = milliseconds(row.pop("age"))
    return {**row, "deviation": _share(venue.deviation), "weight": _share(venue.weight)}


def _dispute(concern: Concern) -> dict[str, object]:
    row = asdict(concern)
    row["age_ms"] = milliseconds(row.pop("age"))
    return {**row, "rank": concern.rank or None}


def _divergence(report: CrosscheckReport) -> dict[str, object]:
    return {
        "compared_at": rfc3339(report.time),
        "compared": report.compared,
        "contradicted": report.contradicted,
        "failing": list(report.failing),
        "sources": [_distance(source) for source in report.sources],
    }


def _distance(source: SourceDivergence) -> dict[str, object]:
    return {
        "source": source.source,
        "compared": source.compared,
        "beyond": source.beyond,
        "median": _share(source.median),
        "p95": _share(source.p95),
    }


def _share(share: float) -> float | None:
    return round(share, 6) if math.isfinite(share) else None


RESOURCES = (
    Resource(
        path="/api/v1/quality",
        name="quality",
        summary="Freshness, coverage, rejects, venues and disputes now",
        query=QualityQuery,
        body=quality,
        shape=QualityAnswer,
        stamp=by_second,
    ),
)
