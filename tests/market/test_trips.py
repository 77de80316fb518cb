"""Trips of the publication breaker become events, once each."""

from math import nan

import numpy as np
import pytest

from app.market.events import Kind, PriceEvent
from app.market.trips import RELEASED, TRIPPED, Trips
from app.market.watch import SETTLED, WARM_UP
from tests.market.test_events import AT, NOON

pytestmark = pytest.mark.unit


def fed(trips: Trips, since: float, now: float, *, good: float = 1.5) -> list[PriceEvent]:
    return trips.feed(np.array([since]), np.array([good]), now)


def test_a_trip_that_lasts_is_told_once_and_so_is_its_end():
    trips = Trips(["bitcoin"], warm_up=0.0)

    assert fed(trips, AT, AT + SETTLED - 0.25) == []
    assert fed(trips, AT, AT + SETTLED) == [
        PriceEvent(time=NOON, kind=Kind.BREAKER_TRIPPED, asset="bitcoin", old="1.5", reason=TRIPPED)
    ]
    assert fed(trips, AT, AT + 60) == []
    (over,) = fed(trips, nan, AT + 61, good=2.5)
    assert (over.kind, over.new, over.reason) == ("breaker_released", "2.5", RELEASED)
    assert over.time.timestamp() == AT + 61
    assert fed(trips, nan, AT + 62) == []


def test_a_trip_that_is_over_at_once_is_not_told():
    trips = Trips(["bitcoin"], warm_up=0.0)

    assert [*fed(trips, AT, AT), *fed(trips, nan, AT + 1), *fed(trips, nan, AT + 10)] == []


def test_a_price_that_was_never_good_has_no_old_value():
    (event,) = fed(Trips(["bitcoin"], warm_up=0.0), AT, AT + SETTLED, good=nan)

    assert event.old == ""


@pytest.mark.parametrize(
    ("since", "told"), [(AT + 1, []), (nan, [("breaker_released", "bitcoin")])]
)
def test_a_breaker_that_was_tripped_before_a_restart_may_trip_again_first(
    since: float, told: list[tuple[str, str]]
):
    trips = Trips(["bitcoin"])
    tripped = PriceEvent(time=NOON, kind=Kind.BREAKER_TRIPPED, asset="bitcoin")
    trips.recall([tripped, PriceEvent(time=NOON, kind=Kind.BREAKER_TRIPPED, asset="gone")])

    early = [*fed(trips, nan, AT), *fed(trips, since, AT + WARM_UP - 1)]
    late = fed(trips, since, AT + WARM_UP)

    assert early == []
    assert [(event.kind, event.asset) for event in late] == told


def test_a_breaker_that_was_released_is_known_to_be():
    trips = Trips(["bitcoin"], warm_up=0.0)
    kinds = (Kind.BREAKER_TRIPPED, Kind.BREAKER_RELEASED)
    trips.recall(PriceEvent(time=NOON, kind=kind, asset="bitcoin") for kind in kinds)

    assert fed(trips, nan, AT) == []
