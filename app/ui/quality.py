"""The market's quality as its page shows it: texts out of what was measured."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from app.market.crosscheck import SourceDivergence
from app.market.events import Kind, PriceEvent
from app.market.quality import Ages, Concern, Coverage, FlagCount, Quality
from app.market.quorum import SURVIVORS_MIN
from app.market.venue_matrix import VenueRow
from app.ui import format

NOT_COMPARED = "Not compared yet."
NO_LEDGER = "The ledger cannot be read at the moment."
NO_EVENTS = "No breaker has tripped and nothing has been corrected."

_SOURCES = {"coingecko": "CoinGecko", "coinpaprika": "CoinPaprika"}

_HAPPENED = {
    Kind.BREAKER_TRIPPED: "Breaker tripped",
    Kind.BREAKER_RELEASED: "Breaker released",
    Kind.CORRECTION: "Corrected",
    Kind.XCHECK: "Independent check",
}


@dataclass(frozen=True, slots=True)
class AgeLine:
    """How old prices are, of all assets or of the majors."""

    label: str
    p50: str
    p95: str
    p99: str


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """How many assets have something, of all and of the majors."""

    label: str
    dot: str
    """A status where the line counts one, else empty."""
    all: str
    all_share: str
    major: str
    major_share: str


@dataclass(frozen=True, slots=True)
class RejectLine:
    """One flag that is raised now."""

    key: str
    rule: str
    href: str
    sentence: str
    markets: str
    share: str
    assets: str


@dataclass(frozen=True, slots=True)
class VenueQualityLine:
    """One venue beside the others; `filled` is the width of its weight bar in percent."""

    key: str
    venue: str
    state: str
    dot: str
    markets: str
    counted: str
    stale: str
    outliers: str
    invalid: str
    off: str
    age: str
    weight: str
    filled: float


@dataclass(frozen=True, slots=True)
class ConcernLine:
    """One asset in dispute or held."""

    key: str
    name: str
    symbol: str
    logo: str
    href: str
    status: str
    price: str
    age: str
    volume: str
    why: str


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One independent source beside us."""

    key: str
    compared: str
    median: str
    p95: str
    beyond: str


@dataclass(frozen=True, slots=True)
class EventLine:
    """One entry of the ledger."""

    key: str
    time: str
    what: str
    asset: str
    href: str
    reason: str


@dataclass(frozen=True, slots=True)
class QualityTexts:
    """The whole page; the defaults are what is shown before the first answer."""

    measured: bool = False
    markets: str = format.MISSING
    counted: str = format.MISSING
    counted_share: str = format.MISSING
    ages: list[AgeLine] = field(default_factory=list)
    coverage: list[CoverageLine] = field(default_factory=list)
    rejects: list[RejectLine] = field(default_factory=list)
    venues: list[VenueQualityLine] = field(default_factory=list)
    concerned: str = format.MISSING
    concerns: list[ConcernLine] = field(default_factory=list)
    concerns_more: str = ""
    comparison: str = NOT_COMPARED
    sources: list[SourceLine] = field(default_factory=list)
    events: list[EventLine] = field(default_factory=list)
    events_note: str = ""
    """Why there are no events; empty when there are."""


def quality_texts(
    found: Quality, *, events: Sequence[PriceEvent] | None, logos: dict[str, str]
) -> QualityTexts:
    """The page of this measurement; `events` is None while the ledger cannot be read."""
    heaviest = max((venue.weight for venue in found.venues if venue.weight > 0), default=0.0)
    more = found.concerned - len(found.concerns)
    return QualityTexts(
        measured=True,
        markets=format.count(found.markets),
        counted=format.count(found.counted),
        counted_share=_percent(_ratio(found.counted, found.markets)),
        ages=[
            _ages("All coins", found.freshness),
            _ages("Majors", found.freshness_major),
        ],
        coverage=_coverage(found.coverage, found.coverage_major),
        rejects=[_reject(count) for count in found.rejects if count.markets or count.assets],
        venues=[_venue(venue, heaviest) for venue in found.venues],
        concerned=format.count(found.concerned),
        concerns=[_concern(concern, logos) for concern in found.concerns],
        concerns_more=f"and {format.count(more)} smaller ones" if more > 0 else "",
        comparison=_comparison(found),
        sources=[_source(source) for source in found.crosscheck.sources]
        if found.crosscheck
        else [],
        events=[_event(event) for event in events or ()],
        events_note=_note(events),
    )


def _ages(label: str, ages: Ages) -> AgeLine:
    return AgeLine(label, format.age(ages.p50), format.age(ages.p95), format.age(ages.p99))


def _coverage(everyone: Coverage, major: Coverage) -> list[CoverageLine]:
    counts = [
        ("Listed by a venue", "", everyone.listed, major.listed),
        ("With a price", "", everyone.priced, major.priced),
        (f"With {SURVIVORS_MIN} operators or more", "", everyone.quorum, major.quorum),
        *[(word, word, count, major.by_status[word]) for word, count in everyone.by_status.items()],
    ]
    return [
        CoverageLine(
            label=label,
            dot=dot,
            all=format.count(count),
            all_share=_percent(_ratio(count, everyone.listed)),
            major=format.count(major_count),
            major_share=_percent(_ratio(major_count, major.listed)),
        )
        for label, dot, count, major_count in counts
    ]


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else np.nan


def _reject(count: FlagCount) -> RejectLine:
    return RejectLine(
        key=count.flag,
        rule=count.rule,
        href=f"/methodology#{count.rule.lower()}",
        sentence=count.sentence,
        markets=format.count(count.markets),
        share=_percent(count.share) if count.markets else format.MISSING,
        assets=format.count(count.assets),
    )


def _venue(venue: VenueRow, heaviest: float) -> VenueQualityLine:
    weight = venue.weight if np.isfinite(venue.weight) else 0.0
    return VenueQualityLine(
        key=venue.name,
        venue=venue.title,
        state=venue.state,
        dot="ok" if venue.state == "live" else "stale" if venue.state == "down" else "degraded",
        markets=format.count(venue.markets),
        counted=format.count(venue.counted),
        stale=format.count(venue.stale),
        outliers=format.count(venue.outliers),
        invalid=format.count(venue.invalid),
        off=_points(venue.deviation),
        age=format.age(venue.age),
        weight=_percent(venue.weight),
        filled=round(weight / heaviest * 100, 1) if heaviest > 0 else 0.0,
    )


def _concern(concern: Concern, logos: dict[str, str]) -> ConcernLine:
    return ConcernLine(
        key=concern.id,
        name=concern.name,
        symbol=concern.symbol,
        logo=logos.get(concern.id, ""),
        href=f"/coin/{concern.id}",
        status=concern.status,
        price=format.price(concern.price),
        age=format.age(concern.age),
        volume=format.money(concern.volume_24h),
        why=" ".join(concern.sentences),
    )


def _comparison(found: Quality) -> str:
    report = found.crosscheck
    if report is None:
        return NOT_COMPARED
    failing = format.count(len(report.failing)) if report.failing else "none"
    compared = format.count(report.compared)
    return f"{compared} coins {format.age(found.time - report.time)} ago, {failing} failing"


def _source(source: SourceDivergence) -> SourceLine:
    return SourceLine(
        key=_SOURCES.get(source.source, source.source),
        compared=format.count(source.compared),
        median=_points(source.median),
        p95=_points(source.p95),
        beyond=format.count(source.beyond),
    )


def _points(share: float) -> str:
    return f"{format.fixed(share * 10_000, 1)} bp" if np.isfinite(share) else format.MISSING


def _event(event: PriceEvent) -> EventLine:
    return EventLine(
        key=str(event.sequence),
        time=f"{event.time:%Y-%m-%d %H:%M} UTC",
        what=_HAPPENED.get(Kind(event.kind), event.kind),
        asset=event.asset,
        href=f"/coin/{event.asset}",
        reason=event.reason,
    )


def _note(events: Sequence[PriceEvent] | None) -> str:
    if events is None:
        return NO_LEDGER
    return "" if events else NO_EVENTS


def _percent(share: float) -> str:
    return format.fixed(share * 100, 1) + "%" if np.isfinite(share) else format.MISSING
