"""The rules of the WebSocket engine that need no socket."""

import pytest

from jobs.feed import FeedHealth, Timing
from jobs.feed.acknowledgements import Acknowledgements
from jobs.feed.health import Alarms
from jobs.feed.supervisor import divide
from jobs.venue import Subscription

pytestmark = pytest.mark.unit

BOTH = Subscription("want both", ("A", "B"), ("A", "B"))


@pytest.mark.parametrize(
    ("failures", "most"), [(0, 0.5), (1, 1.0), (4, 8.0), (6, 32.0), (7, 60.0), (2000, 60.0)]
)
def test_a_delay_lies_anywhere_between_nothing_and_the_doubled_bound(failures: int, most: float):
    delays = [Timing().delay(failures) for _ in range(2000)]

    assert 0 <= min(delays) < 0.05 * most
    assert 0.95 * most < max(delays) <= most


def test_markets_are_divided_in_their_order():
    assert divide(["a", "b", "c", "d", "e"], size=2, most=9) == [["a", "b"], ["c", "d"], ["e"]]


def test_the_least_important_markets_are_left_out_where_connections_are_few():
    assert divide(["a", "b", "c", "d", "e"], size=2, most=2) == [["a", "b"], ["c", "d"]]


def test_a_subscription_is_complete_when_each_of_its_keys_came():
    awaited = Acknowledgements(within=10.0, requests=4)
    awaited.sent(BOTH, 0.0)

    awaited.settled("A")

    assert awaited.complete is False
    awaited.settled("B")
    assert awaited.complete is True


def test_an_unconfirmed_subscription_is_overdue_after_its_time_and_not_before():
    awaited = Acknowledgements(within=10.0, requests=4)
    awaited.sent(BOTH, 0.0)

    assert awaited.overdue(9.9) == []
    assert awaited.overdue(10.0) == [BOTH]


def test_a_subscription_sent_for_the_fourth_time_is_given_up_and_told_once():
    awaited = Acknowledgements(within=10.0, requests=4)
    for time in (0.0, 10.0, 20.0, 30.0):
        awaited.sent(BOTH, time)
    awaited.settled("A")

    assert awaited.overdue(40.0) == []
    assert awaited.given_up(40.0) == ["B"]
    assert awaited.given_up(50.0) == []


def test_a_subscription_without_keys_awaits_nothing():
    awaited = Acknowledgements(within=10.0, requests=4)

    awaited.sent(Subscription("want all", ("A",)), 0.0)

    assert awaited.complete is True


def test_the_canary_sings_above_one_percent_of_the_last_thousand_frames():
    health, alarms = FeedHealth(frames=1000), Alarms()
    health.malformed.extend(range(991, 1001))
    rung: list[frozenset[str]] = []

    alarms.look(health)
    rung.append(alarms.ringing)
    health.malformed.append(1000)
    alarms.look(health)
    rung.append(alarms.ringing)
    health.frames = 2000
    alarms.look(health)
    rung.append(alarms.ringing)

    assert rung == [frozenset(), {"frames_unreadable"}, frozenset()]


@pytest.mark.parametrize(
    ("lags", "looks", "rings"),
    [
        ([1.1] * 100, 30, True),
        ([-1.1] * 100, 30, True),
        ([1.1] * 100, 29, False),
        ([0.9] * 100, 30, False),
        ([30.0] * 99, 30, False),
        ([30.0] * 100 + [0.0] * 101, 30, False),
    ],
)
def test_a_venue_clock_that_stays_off_by_more_than_a_second_raises_an_alarm(
    lags: list[float], looks: int, rings: bool
):
    health, alarms = FeedHealth(), Alarms()
    health.lags.extend(lags)
    for _ in range(looks):
        alarms.look(health)

    assert ("clock_offset" in alarms.ringing) is rings


@pytest.mark.parametrize(("lag", "rings"), [(0.6, True), (0.5, False)])
def test_the_clock_alarm_ends_only_well_below_its_threshold(lag: float, rings: bool):
    health, alarms = FeedHealth(), Alarms(frozenset({"clock_offset"}), off=30)
    health.lags.extend([lag] * 100)

    alarms.look(health)

    assert ("clock_offset" in alarms.ringing) is rings


def test_kinds_beyond_the_fiftieth_share_a_name():
    health = FeedHealth()
    for number in range(60):
        health.unknown(f"kind {number}")

    assert len(health.unknown_kinds) == 51
    assert health.unknown_kinds["other"] == 10


@pytest.mark.parametrize(
    ("health", "state"),
    [
        (FeedHealth(), "connecting"),
        (FeedHealth(failing=True), "down"),
        (FeedHealth(connected=1), "connecting"),
        (FeedHealth(connected=1, frames=9), "live"),
        (FeedHealth(connected=1, frames=9, silent=True), "silent"),
    ],
)
def test_the_state_follows_from_the_counters(health: FeedHealth, state: str):
    assert health.state == state


def test_a_failure_is_news_until_it_repeats():
    health = FeedHealth()

    assert [health.is_news(text) for text in ("no name", "no name", "refused", "no name")] == [
        True,
        False,
        True,
        True,
    ]


def test_a_snapshot_tells_the_lags_of_the_latest_quotes():
    health = FeedHealth(quotes=101)
    health.lags.extend([number / 100 for number in range(101)])
    health.lags.append(float("nan"))

    status = health.snapshot()

    assert (status.quotes, status.lag_p50, status.lag_p99) == (101, 0.5, 0.99)
