"""From what is typed to the event: what is meant, and what is refused with what would be."""

from datetime import UTC, datetime

import pytest

from app.market.decisions import Decisions, fold
from app.market.events import PriceEvent
from jobs.operator.carry_out import lines_of
from jobs.operator.orders import Known, Order, event_of
from jobs.operator.refusal import RefusedError
from tests.operator.desk import (
    EARLIER,
    KNOWN,
    LATER,
    NOW,
    REMAP,
    UNIT,
    WRONG,
    changed,
    order,
)

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("command", ["pin", "unpin", "approve", "disable", "enable", "restrict"])
def test_a_decision_on_a_market_names_it_and_its_asset(command: str):
    assert event_of(order(command), KNOWN) == PriceEvent(
        time=NOW,
        kind=command,
        asset="bitcoin",
        venue="kraken",
        symbol="bitcoin/usd",
        reason="We looked.",
        detail={"by": "operator"},
    )


def test_a_correction_keeps_both_values_and_the_interval():
    event = event_of(WRONG, KNOWN)

    assert (event.kind, event.asset, event.old, event.new) == (
        "correction",
        "bitcoin",
        "91234.5",
        "64234.5",
    )
    assert event.detail == {
        "field": "price",
        "from": "2026-11-22T19:00:00+00:00",
        "until": "2026-11-22T20:30:00+00:00",
        "by": "operator",
    }


def test_a_redenomination_is_in_force_or_concerns_history_only():
    ahead = event_of(UNIT, KNOWN)
    over = event_of(changed(UNIT, at=EARLIER, history_only=True), KNOWN)

    (registered,) = fold([ahead]).redenominations
    (rescaled,) = fold([over]).redenominations
    assert (registered.asset, registered.factor, rescaled.factor) == ("pepe", 1000.0, 1000.0)
    assert registered.at == datetime(2026, 11, 23, tzinfo=UTC).timestamp()
    assert (registered.history_only, rescaled.history_only) == (False, True)


def test_a_market_that_was_remapped_is_decided_on_as_what_it_is():
    moved = event_of(REMAP, KNOWN)
    known = Known(assets=KNOWN.assets, markets=KNOWN.markets, decisions=fold([moved]), now=NOW)

    assert (moved.old, moved.new) == ("pepe", "bitcoin")
    assert event_of(order("pin", "okx", "pepe/usd"), known).asset == "bitcoin"
    with pytest.raises(RefusedError, match="okx pepe/usd is bitcoin already"):
        event_of(REMAP, known)


NUMBER = "takes a number such as 64234.5"
TIME = "takes a time with its zone, such as 2026-11-22T20:39:00Z"
FACTOR = "FACTOR takes what a new unit costs in old ones, above 0 and not 1"
INTERVAL = "--from takes a time before --until, and --until one up to now"
VALUES = "--old and --new take two different numbers that are not negative"


@pytest.mark.parametrize(
    ("refused", "accepted"),
    [
        (order("pin", "krakem"), "There is no venue 'krakem': did you mean kraken?"),
        (order("pin", "Kraken"), "did you mean kraken?"),
        (order("pin", "zzz"), "There is no venue 'zzz': known are kraken, okx."),
        (order("pin", symbol="BTC/USD"), "There is no market of kraken 'BTC/USD': did you mean"),
        (order("pin", symbol="bitcoin/usdt"), "did you mean bitcoin/usd?"),
        (order("pin", "okx"), "There is no market of okx 'bitcoin/usd'"),
        (changed(REMAP, asset="etherium"), "There is no asset 'etherium': did you mean ethereum?"),
        (changed(REMAP, asset="eth"), "'eth' is a ticker; an asset is named by its id: ethereum."),
        (changed(REMAP, asset="pepe"), "okx pepe/usd is pepe already"),
        (changed(REMAP, asset="usd"), "okx pepe/usd is quoted in usd"),
        *(
            (changed(UNIT, factor=bad), FACTOR)
            for bad in ("0", "-10", "1", "1.0", "1e-400", "1e13")
        ),
        *((changed(UNIT, factor=bad), NUMBER) for bad in ("nan", "inf", "many", "", "1e999")),
        *((changed(UNIT, at=bad), TIME) for bad in ("2026-11-23T00:00:00", "tomorrow", "")),
        (changed(UNIT, at="0001-01-01T00:00:00+14:00"), TIME),
        (changed(UNIT, at=EARLIER), "--at takes a time after now (2026-11-22T20:39:00+00:00)"),
        (changed(UNIT, at=EARLIER), "With --history-only what was stored before is rescaled"),
        (changed(UNIT, history_only=True), "--history-only takes an --at before now"),
        (changed(WRONG, field="prise"), "There is no field 'prise': did you mean price?"),
        (changed(WRONG, since=WRONG.until), INTERVAL),
        (changed(WRONG, until=LATER), INTERVAL),
        (changed(WRONG, until="2026-11-22T20:30:00"), TIME),
        (changed(WRONG, old="inf"), NUMBER),
        (changed(WRONG, new="-nan"), NUMBER),
        (changed(WRONG, new="-1"), VALUES),
        (changed(WRONG, new="91234.50"), VALUES),
        (changed(WRONG, reason="  "), "--reason takes a sentence of 1 to 500"),
        (changed(WRONG, reason="x" * 501), "--reason takes a sentence of 1 to 500"),
        (changed(WRONG, reason="\x1b[2J"), "printable characters"),
        (
            Order(command="release", reason="It is right.", asset="dodge"),
            "There is no asset 'dodge'",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_would_be(refused: Order, accepted: str):
    with pytest.raises(RefusedError) as raised:
        event_of(refused, KNOWN)

    assert accepted in str(raised.value)
    assert raised.value.code == 2


def test_a_redenomination_is_registered_once():
    known = Known(
        assets=KNOWN.assets,
        markets=KNOWN.markets,
        decisions=fold([event_of(UNIT, KNOWN)]),
        now=NOW,
    )

    with pytest.raises(RefusedError, match="of pepe at 2026-11-23T00:00:00Z is registered already"):
        event_of(UNIT, known)


def test_before_the_first_start_there_is_nothing_to_decide():
    nothing = Known(assets=(), markets=(), decisions=Decisions(), now=NOW)

    for one in (order("pin"), UNIT):
        with pytest.raises(RefusedError, match="is known yet: start the product once"):
            event_of(one, nothing)


def test_what_was_taken_back_is_not_listed():
    events = [event_of(order(word), KNOWN) for word in ("pin", "disable", "unpin", "enable")]

    assert lines_of(fold(events)) == []
