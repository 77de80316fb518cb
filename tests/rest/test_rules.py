"""The rules of the REST poller that need no socket."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from jobs.rest import Circuit, keep_due
from jobs.rest.answers import retry_after
from jobs.rest.pace import Pace
from jobs.rest.poller import limiter
from jobs.venue import Budget

pytestmark = pytest.mark.unit

DATE = "Wed, 21 Oct 2015 07:28:00 GMT"


def _after_failures(*times: float) -> Circuit:
    circuit = Circuit()
    for time in times:
        circuit = circuit.failed(time)
    return circuit


def test_five_failures_within_thirty_seconds_open_the_circuit_for_thirty():
    circuit = _after_failures(0, 5, 10, 15, 29)

    assert [circuit.state(time) for time in (29, 58.9, 59)] == ["open", "open", "half-open"]


def test_five_failures_over_a_longer_time_leave_it_closed():
    assert _after_failures(0, 8, 16, 24, 31).state(31) == "closed"


def test_a_success_forgets_the_failures_before_it():
    circuit = _after_failures(0, 1, 2, 3).succeeded().failed(4)

    assert circuit.state(4) == "closed"


def test_a_half_open_circuit_lets_one_probe_through():
    circuit = _after_failures(0, 0, 0, 0, 0)

    assert (circuit.allows(29), circuit.allows(30)) == (False, True)
    assert circuit.called(30).allows(30) is False


def test_a_failed_probe_opens_and_a_good_one_closes():
    probing = _after_failures(0, 0, 0, 0, 0).called(30)

    assert probing.failed(31).state(60) == "open"
    assert probing.succeeded().state(31) == "closed"


def test_a_ban_opens_the_circuit_for_its_own_time():
    circuit = Circuit().banned(0, 600)

    assert [circuit.state(time) for time in (599, 600)] == ["open", "half-open"]


def test_the_rate_is_halved_down_to_an_eighth():
    pace = Pace()
    factors = [pace := pace.slower() for _ in range(5)]

    assert [pace.factor for pace in factors] == [2, 4, 8, 8, 8]


def test_one_scheduled_call_of_four_is_made_at_a_quarter_of_the_rate():
    pace = Pace(factor=4)
    made: list[bool] = []
    for _ in range(8):
        made.append(pace.due(0.0))
        pace = pace.called() if made[-1] else pace.skipped()

    assert made == [False, False, False, True, False, False, False, True]


def test_four_good_calls_double_the_rate():
    pace = Pace(factor=8)
    for _ in range(4):
        pace = pace.well()

    assert pace == Pace(factor=4)


def test_a_pause_is_never_shortened():
    pace = Pace().paused(100.0).paused(50.0)

    assert (pace.due(99.9), pace.due(100.0)) == (False, True)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "120"}, 120.0),
        ({"Retry-After": "Wed, 21 Oct 2015 07:28:30 GMT", "Date": DATE}, 30.0),
        ({"Retry-After": "Wed, 21 Oct 2015 07:28:30 -0000", "Date": DATE}, 30.0),
        ({"Retry-After": "Wed, 21 Oct 2015 07:27:00 GMT", "Date": DATE}, 0.0),
        ({"Retry-After": "-5"}, 0.0),
        ({"Retry-After": "soon", "Date": DATE}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "inf"}, None),
        ({}, None),
    ],
)
def test_a_wait_is_read_in_either_form(headers: dict[str, str], seconds: float | None):
    assert retry_after(httpx.Headers(headers)) == seconds


@pytest.mark.parametrize(
    ("cost", "seconds", "call"), [(6000, 60.0, 80), (8, 1.0, 1), (1, 1.0, 1), (30, 60.0, 10)]
)
def test_a_call_always_fits_the_bucket_and_the_rate_stays_below_half(
    cost: int, seconds: float, call: int
):
    bucket = limiter(Budget(cost=cost, seconds=seconds), call)

    assert bucket.max_rate >= call
    assert bucket.max_rate / bucket.time_period < 0.5 * cost / seconds


async def test_a_clock_set_back_does_not_make_a_job_wait_for_it_to_catch_up():
    scheduler = AsyncIOScheduler(timezone=UTC)
    scheduler.start(paused=True)
    start = datetime.now(UTC)
    job = scheduler.add_job(asyncio.sleep, "interval", (0,), seconds=30)
    back = start - timedelta(hours=1)
    keeping = asyncio.create_task(keep_due(scheduler, every=0.01, wall=back.timestamp))
    await asyncio.sleep(0.05)

    assert job.next_run_time == back

    keeping.cancel()
    await asyncio.wait([keeping])
    scheduler.shutdown(wait=False)
    await asyncio.sleep(0)


async def test_a_job_that_is_due_in_time_is_left_alone():
    scheduler = AsyncIOScheduler(timezone=UTC)
    scheduler.start(paused=True)
    start = datetime.now(UTC)
    job = scheduler.add_job(asyncio.sleep, "interval", (0,), seconds=30)
    due = job.next_run_time
    keeping = asyncio.create_task(keep_due(scheduler, every=0.01, wall=start.timestamp))
    await asyncio.sleep(0.05)

    assert job.next_run_time == due

    keeping.cancel()
    await asyncio.wait([keeping])
    scheduler.shutdown(wait=False)
    await asyncio.sleep(0)
