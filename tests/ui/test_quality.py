"""The texts of the quality page."""

from datetime import UTC, datetime

import pytest

from app.market.crosscheck import CrosscheckReport, SourceDivergence
from app.market.events import Kind, PriceEvent
from app.market.verdict import Flag, Status
from app.ui import quality
from app.ui.live.quality import QualityDesk
from app.ui.quality import NO_EVENTS, NO_LEDGER, QualityTexts
from tests.ui import market

pytestmark = pytest.mark.unit

TRIPPED = PriceEvent(
    time=datetime(2026, 11, 22, 20, 39, tzinfo=UTC),
    kind=Kind.BREAKER_TRIPPED,
    asset="pepe",
    reason="Eleven times its last day.",
    sequence=7,
)


async def texts(told: market.Told | None = None) -> QualityTexts:
    desk = market.desk(market.mirror(), told)
    await desk.read_ledger()
    return desk.now()


async def test_every_venue_has_a_line_with_its_weight_and_distance():
    found = await texts()

    assert [line.key for line in found.venues] == ["alpha", "beta", "gamma"]
    assert (found.venues[0].weight, found.venues[0].off, found.venues[0].filled) == (
        "40.0%",
        "0.2 bp",
        100.0,
    )


def test_coverage_is_told_of_all_and_of_majors():
    mirror = market.mirror()
    mirror._heard = market.NOW
    found = market.desk(mirror).now()

    line = {line.label: line for line in found.coverage}["ok"]
    assert (line.all, line.all_share, line.major, line.major_share) == ("3", "60.0%", "2", "100.0%")


async def test_only_flags_that_are_raised_have_a_line():
    found = await texts()

    assert [line.key for line in found.rejects] == [
        "outlier_excluded",
        "low_quorum",
        "single_source",
    ]
    assert found.rejects[0].href == "/methodology#s4"


def test_a_held_coin_is_told_with_the_reason_that_holds_it():
    mirror = market.mirror()
    columns = {
        "status": [Status.OK, Status.OK, Status.HELD, Status.OK, Status.OK, Status.UNAVAILABLE],
        "flags": [0, 0, Flag.OUTLIER_EXCLUDED | Flag.DISPUTED, 0, 0, 0],
    }
    mirror.snapshot = market.snapshot(changed=columns)
    found = market.desk(mirror).now()

    (line,) = found.concerns
    assert (found.concerned, line.href, line.price) == ("1", "/coin/bitcoin", "$42,652.00")
    assert line.why == "The remaining operators contradict each other."


async def test_the_ledger_is_told_and_its_silence_explained():
    told = await texts(market.Told(TRIPPED))
    away = market.Told()
    away.events = None

    assert told.events == [
        quality.EventLine(
            key="7",
            time="2026-11-22 20:39 UTC",
            what="Breaker tripped",
            asset="pepe",
            href="/coin/pepe",
            reason="Eleven times its last day.",
        )
    ]
    assert ((await texts()).events_note, (await texts(away)).events_note) == (NO_EVENTS, NO_LEDGER)


def test_independent_sources_stand_beside_us():
    mirror = market.mirror()
    source = SourceDivergence("coingecko", 5, 1, 0.0002, 0.001, ())
    mirror.crosscheck = CrosscheckReport(market.NOW - 12, 5, 0, ("pepe",), (source,))
    found = market.desk(mirror).now()

    assert found.comparison == "5 coins 12 s ago, 1 failing"
    assert found.sources == [quality.SourceLine("CoinGecko", "5", "2.0 bp", "10.0 bp", "1")]


def test_before_the_first_snapshot_nothing_is_measured():
    found = market.desk(market.mirror(ready=False)).now()

    assert found == QualityTexts()


def test_the_same_measurement_is_written_once():
    desk: QualityDesk = market.desk(market.mirror())

    assert desk.now() is desk.now()
