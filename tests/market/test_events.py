"""The chain of price events, and what the watch finds worth an entry."""

import json
from datetime import UTC, datetime
from hashlib import sha256

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.market.events import GENESIS, Head, Kind, PriceEvent, Verdict, chained, head_of, verify
from app.market.verdict import FLAG_SENTENCE, STATUS_SENTENCE, Flag, Status
from app.market.watch import RECORDED, SETTLED, WARM_UP, Watch

pytestmark = pytest.mark.unit

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
AT = NOON.timestamp()
HELD = PriceEvent(time=NOON, kind=Kind.STATUS, asset="bitcoin", old="ok", new="held")
RIGHT = PriceEvent(
    time=NOON.replace(microsecond=250),
    kind=Kind.CORRECTION,
    asset="bitcoin",
    old="91234.5",
    new="1e-07",
    reason="Größe vertauscht",
    detail={"until": "b", "field": "price"},
)
OK, ALONE, QUIET = Status.OK, Flag.SINGLE_SOURCE, Flag(0)

Words = st.text(st.characters(exclude_categories=["Cs"]))


def chain(*events: PriceEvent) -> list[PriceEvent]:
    head, made = GENESIS, list[PriceEvent]()
    for event in events:
        made.append(chained(head, event))
        head = head_of(made[-1])
    return made


def retold(event: PriceEvent, **changes: object) -> PriceEvent:
    return msgspec.structs.replace(event, **changes)


def test_a_hash_is_the_sha256_of_the_compact_json_with_sorted_keys():
    event = chain(RIGHT)[0]

    assert (
        event.hash
        == sha256(
            (
                '{"asset":"bitcoin","detail":{"field":"price","until":"b"},"kind":"correction",'
                '"new":"1e-07","old":"91234.5","previous_hash":"' + "0" * 64 + '",'
                '"reason":"Größe vertauscht","sequence":1,"symbol":"",'
                '"time":"2026-11-22T12:00:00.000250Z","venue":""}'
            ).encode()
        ).hexdigest()
    )


@settings(deadline=None)
@given(st.builds(PriceEvent, time=st.datetimes(timezones=st.just(UTC)), kind=Words, reason=Words))
def test_a_stranger_checks_a_hash_with_the_json_of_any_language(event: PriceEvent):
    told = json.loads(msgspec.json.encode(chained(GENESIS, event)))
    own = told.pop("hash")

    canonical = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert sha256(canonical.encode()).hexdigest() == own


def test_events_are_counted_and_carry_the_hash_before_them():
    first, second = chain(HELD, RIGHT)

    assert (first.sequence, first.previous_hash) == (1, "0" * 64)
    assert (second.sequence, second.previous_hash) == (2, first.hash)
    assert second.reason == RIGHT.reason


def test_an_untouched_chain_is_verified_in_one_piece_or_in_two():
    events = chain(HELD, RIGHT, HELD)

    whole = verify(events)
    assert whole == Verdict(Head(3, events[2].hash))
    assert verify(events[2:], after=verify(events[:2]).head) == whole


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("time", NOON.replace(year=2025)),
        ("kind", "flags"),
        ("asset", "ethereum"),
        ("venue", "kraken"),
        ("symbol", "BTC/EUR"),
        ("old", "1"),
        ("new", "2"),
        ("reason", "none"),
        ("detail", {"field": "volume"}),
        ("hash", "f" * 64),
    ],
)
def test_a_change_of_any_field_is_found_where_it_was_made(field: str, value: object):
    first, second, third = chain(HELD, RIGHT, HELD)

    verdict = verify([first, retold(second, **{field: value}), third])

    assert verdict == Verdict(head_of(first), 2, "it is not what was hashed")


def test_a_change_with_a_hash_of_its_own_breaks_the_next_event():
    first, second, third = chain(HELD, RIGHT, HELD)
    forged = chained(head_of(first), retold(second, new="3"))

    verdict = verify([first, forged, third])

    assert verdict == Verdict(head_of(forged), 3, "it does not follow the event before it")


def test_a_removed_event_is_missing():
    first, _, third = chain(HELD, RIGHT, HELD)

    assert verify([first, third]) == Verdict(head_of(first), 2, "it is missing")


class Market:
    """One asset and a watch of it, fed four times a second."""

    def __init__(self, *, warm_up: float = 0.0) -> None:
        self.watch = Watch(["bitcoin"], warm_up=warm_up)
        self.now = AT

    def stay(self, status: Status, flags: Flag, *, seconds: float) -> list[PriceEvent]:
        """What is recorded while the asset stays like that."""
        found = list[PriceEvent]()
        for _ in range(int(seconds * 4)):
            found += self.watch.feed(
                np.array([status], dtype=np.uint8), np.array([flags], dtype=np.uint32), self.now
            )
            self.now += 0.25
        return found


def test_a_status_that_has_stood_for_five_seconds_is_recorded_from_when_it_began():
    market = Market()
    market.stay(OK, QUIET, seconds=10)
    began = market.now

    early = market.stay(Status.HELD, QUIET, seconds=SETTLED)
    (event,) = market.stay(Status.HELD, QUIET, seconds=10)

    assert early == []
    assert event == PriceEvent(
        time=datetime.fromtimestamp(began, UTC),
        kind=Kind.STATUS,
        asset="bitcoin",
        old="ok",
        new="held",
        reason=STATUS_SENTENCE[Status.HELD],
    )


def test_a_price_that_flaps_fills_nothing():
    market = Market()
    market.stay(OK, QUIET, seconds=10)

    found = [
        event
        for _ in range(10)
        for status in (Status.HELD, OK)
        for event in market.stay(status, QUIET, seconds=4)
    ]

    assert found == []


def test_a_flag_that_stays_is_recorded_beside_one_that_flaps():
    market = Market()
    market.stay(OK, Flag.DISPUTED, seconds=10)
    began = market.now

    found = [
        event
        for _ in range(5)
        for flapping in (QUIET, Flag.DEPEG)
        for event in market.stay(OK, ALONE | flapping, seconds=2)
    ]

    assert found == [
        PriceEvent(
            time=datetime.fromtimestamp(began, UTC),
            kind=Kind.FLAGS,
            asset="bitcoin",
            old="disputed",
            new="single_source",
            reason=f"{FLAG_SENTENCE[ALONE]} No longer disputed.",
            detail={"raised": "single_source", "cleared": "disputed"},
        )
    ]


def test_the_noise_of_single_markets_is_not_recorded():
    noise = Flag.OUTLIER_EXCLUDED | Flag.STALE_SOURCE | Flag.INVALID_INPUT | Flag.CLOCK_SKEW
    market = Market()
    market.stay(OK, QUIET, seconds=10)

    assert market.stay(OK, noise, seconds=20) == []
    assert int(RECORDED) == sum(Flag) - noise


def test_what_the_market_does_while_it_comes_up_is_no_change():
    market = Market(warm_up=WARM_UP)

    found = market.stay(Status.UNAVAILABLE, QUIET, seconds=20)
    found += market.stay(Status.DEGRADED, Flag.LOW_QUORUM, seconds=20)
    found += market.stay(OK, QUIET, seconds=60)

    assert found == []


def test_what_has_changed_since_the_last_run_is_recorded_once_the_market_is_up():
    market = Market(warm_up=WARM_UP)
    market.watch.recall([HELD, retold(HELD, asset="gone"), retold(RIGHT, kind="pin")])

    assert market.stay(OK, QUIET, seconds=WARM_UP) == []
    (event,) = market.stay(OK, QUIET, seconds=10)

    assert (event.old, event.new, event.time) == ("held", "ok", NOON)


def test_flags_of_the_last_run_are_known_again():
    market = Market()
    before = PriceEvent(time=NOON, kind=Kind.FLAGS, asset="bitcoin", new="single_source gone_now")
    market.watch.recall([before])

    assert market.stay(Status.UNAVAILABLE, ALONE, seconds=20) == []


def test_a_replay_that_begins_again_is_watched_from_there():
    market = Market()
    market.stay(OK, QUIET, seconds=600)
    market.now = AT - 3600

    (event,) = market.stay(Status.HELD, QUIET, seconds=10)

    assert (event.new, event.time.timestamp()) == ("held", AT - 3600)
