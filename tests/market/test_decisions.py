"""What the operator decided, folded out of events and laid upon a registry."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from app.market.candles import candles_at
from app.market.decisions import BY_OPERATOR, Decisions, decided, fold
from app.market.events import Kind, PriceEvent
from app.market.registry import Redenomination, Registry
from app.market.units import in_todays_units, recent_units, taking_effect
from tests.market.board import BTC, ETH, USD, market

pytestmark = pytest.mark.unit

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
AT = NOON.timestamp()
FIRST, SECOND = market("a", "bitcoin"), market("b", "bitcoin")
REGISTRY = Registry(1, (USD, BTC, ETH), (FIRST, SECOND))


def event(kind: Kind, asset: str = "bitcoin", *, new: str = "") -> PriceEvent:
    return PriceEvent(
        time=NOON, kind=kind, asset=asset, venue=FIRST.venue, symbol=FIRST.symbol, new=new
    )


def after(*events: PriceEvent, registry: Registry = REGISTRY) -> Registry:
    return decided(registry, fold(events), version=2)


def unit(asset: str, factor: str, **detail: str) -> PriceEvent:
    told = {"at": NOON.isoformat(), "factor": factor, **detail}
    return PriceEvent(time=NOON, kind=Kind.REDENOMINATION, asset=asset, detail=told)


def test_without_a_decision_the_registry_is_the_same_under_a_new_version():
    assert after() == replace(REGISTRY, version=2)


@pytest.mark.parametrize(
    ("kinds", "changed"),
    [
        ([Kind.PIN], {"pinned": True}),
        ([Kind.PIN, Kind.UNPIN], {}),
        ([Kind.DISABLE], {"disabled": True}),
        ([Kind.DISABLE, Kind.ENABLE], {}),
        ([Kind.STATUS, Kind.CORRECTION, Kind.XCHECK], {}),
    ],
)
def test_the_last_decision_on_a_market_is_in_force_and_on_no_other(
    kinds: list[Kind], changed: dict[str, bool]
):
    assert after(*(event(kind) for kind in kinds)).markets == (replace(FIRST, **changed), SECOND)


def test_an_approved_mapping_is_no_longer_on_probation():
    waiting = replace(REGISTRY, markets=(replace(FIRST, approved=False), SECOND))

    assert after(event(Kind.APPROVE), registry=waiting).markets == REGISTRY.markets


def test_a_pin_that_a_contract_proved_can_be_taken_off():
    proved = replace(REGISTRY, markets=(replace(FIRST, pinned=True), SECOND))

    assert after(event(Kind.UNPIN), registry=proved).markets == REGISTRY.markets


def test_a_remapped_market_is_another_asset_in_the_same_place():
    found = after(event(Kind.REMAP, new="ethereum"))

    assert found.markets == (replace(FIRST, base="ethereum"), SECOND)
    assert found.base.tolist() == [2, 1]


def test_what_vouched_for_one_asset_does_not_vouch_for_another():
    proved = replace(REGISTRY, markets=(replace(FIRST, pinned=True, approved=False), SECOND))
    moved = event(Kind.REMAP, new="ethereum")

    (first, _) = after(event(Kind.PIN), moved, registry=proved).markets
    (second, _) = after(moved, event(Kind.PIN, "ethereum"), registry=proved).markets

    assert (first.base, first.pinned, first.approved) == ("ethereum", False, True)
    assert (second.base, second.pinned, second.approved) == ("ethereum", True, True)


def test_a_symbol_that_means_another_asset_by_now_is_not_approved():
    relisted = replace(REGISTRY, markets=(replace(FIRST, base="ethereum", approved=False), SECOND))

    (first, _) = after(event(Kind.APPROVE), event(Kind.PIN), registry=relisted).markets

    assert (first.approved, first.pinned) == (False, False)


def test_a_market_that_is_not_listed_and_an_asset_that_is_unknown_change_nothing():
    gone = PriceEvent(time=NOON, kind=Kind.DISABLE, venue="a", symbol="GONE")

    found = after(gone, event(Kind.REMAP, new="nobody"), unit("nobody", "10.0"))

    assert found.markets == REGISTRY.markets
    assert found.redenominations == ()


def test_redenominations_stand_in_the_order_of_their_times_and_once():
    early = Redenomination("ethereum", AT - 60, 0.1)
    before = replace(REGISTRY, redenominations=(early, Redenomination("bitcoin", AT, 1000.0)))

    found = after(unit("bitcoin", "1000.0"), registry=before)

    assert found.redenominations == (early, Redenomination("bitcoin", AT, 1000.0))


def test_a_redenomination_that_was_over_rescales_history_and_no_price():
    decisions = fold([unit("bitcoin", "0.001", history_only="yes")])

    change = Redenomination("bitcoin", AT, 0.001, history_only=True)
    registry = decided(REGISTRY, decisions, version=2)
    day = np.array([86_400.0])
    candles = candles_at(int(AT) - 60, np.array([1]), day, day, day, day, day)
    assert registry.redenominations == (change,)
    assert taking_effect(registry, after=AT - 1, until=AT) == []
    assert recent_units(registry, AT + 1) == {}
    assert in_todays_units(candles, registry, seconds=60).close.tolist() == [86.4]
    assert in_todays_units(candles, registry, seconds=61).close.tolist() == [86_400.0]


def test_only_a_person_releases_a_breaker():
    by_itself, by_person = (
        PriceEvent(time=NOON, kind=Kind.BREAKER_RELEASED, asset=asset, detail=detail)
        for asset, detail in (("bitcoin", {}), ("ethereum", {"by": BY_OPERATOR}))
    )

    assert fold([by_itself, by_person]).released == {"ethereum": AT}


def test_events_folded_in_two_parts_decide_the_same():
    events = [event(Kind.PIN), unit("bitcoin", "10.0"), event(Kind.DISABLE), event(Kind.UNPIN)]

    assert fold(events[2:], onto=fold(events[:2])) == fold(events)
    assert fold([], onto=fold(events)) == fold(events)
    assert fold([]) == Decisions()


def test_a_market_with_closed_deposits_is_restricted_until_they_open():
    closed = after(event(Kind.RESTRICT))
    opened = after(event(Kind.RESTRICT), event(Kind.UNRESTRICT))

    assert [market.closed for market in closed.markets] == [True, False]
    assert [market.closed for market in opened.markets] == [False, False]
