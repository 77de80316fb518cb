"""Which pages are due, and what a budget that runs out does to them."""

from math import inf

import pytest

from jobs.sources.ledger import HOUR, Ledger, Spent
from jobs.sources.plan import Degree, degree, due_pages, left_this_minute
from jobs.sources.source import Allowance, Cadence

pytestmark = pytest.mark.unit

CADENCE = Cadence(first=400.0, others=86_400.0, burst=3)
NOON = 1_760_011_200.0
MONTH = Allowance(minute=30, day=0, month=1000)


def due(asked: dict[int, float], *, degree: Degree = Degree.FULL, now: float = NOON) -> list[int]:
    return due_pages(asked, cadence=CADENCE, pages=5, degree=degree, now=now)


def test_a_fresh_start_asks_for_a_few_pages_and_the_first_one_first() -> None:
    assert due({}) == [1, 2, 3]


def test_what_has_waited_longest_is_next() -> None:
    asked = {1: NOON, 2: NOON - 86_400, 3: NOON - 86_399, 4: NOON - 90_000}

    assert due(asked) == [5, 4, 2]


def test_as_the_budget_runs_out_the_tail_goes_first() -> None:
    assert due({}, degree=Degree.FIRST_PAGE) == [1]
    assert due({1: NOON - 400}, degree=Degree.FIRST_PAGE) == [1]
    assert due({1: NOON - 400}, degree=Degree.SELDOM) == []
    assert due({1: NOON - 1600}, degree=Degree.SELDOM) == [1]
    assert due({}, degree=Degree.NOTHING) == []


@pytest.mark.parametrize(
    ("spent", "reached"),
    [
        (848, Degree.FULL),
        (849, Degree.FIRST_PAGE),
        (949, Degree.SELDOM),
        (998, Degree.SELDOM),
        (999, Degree.NOTHING),
    ],
)
def test_the_month_decides_how_much_of_the_plan_is_left(spent: int, reached: Degree) -> None:
    assert degree(Spent(0, 0, spent), MONTH) is reached


def test_the_tighter_of_day_and_month_counts() -> None:
    assert degree(Spent(0, 99, 99), Allowance(minute=0, day=100, month=1000)) is Degree.NOTHING


def test_no_limit_is_no_limit() -> None:
    nothing = Allowance(minute=0, day=0, month=0)

    assert degree(Spent(10**6, 10**6, 10**6), nothing) is Degree.FULL
    assert left_this_minute(Spent(10**6, 0, 0), nothing) == inf


def test_half_of_a_minute_is_ours() -> None:
    assert left_this_minute(Spent(10, 0, 0), MONTH) == 5.0


def test_the_ledger_counts_the_minute_the_day_and_the_month() -> None:
    ledger = Ledger()
    for ago in (31 * 24 * HOUR, 29 * 24 * HOUR, 25 * HOUR, 23 * HOUR, 60, 59, 0):
        ledger.spend(NOON - ago)

    assert ledger.spent(NOON) == Spent(minute=2, day=4, month=6)


def test_a_restart_does_not_forget_what_was_spent() -> None:
    ledger = Ledger()
    ledger.spend(NOON)
    ledger.spend(NOON + 1)
    ledger.spend(NOON + HOUR)
    kept = ledger.unstored
    ledger.stored()

    assert kept == {int(NOON): 2, int(NOON) + HOUR: 1}
    assert ledger.unstored == {}
    assert Ledger(kept).spent(NOON + HOUR) == Spent(minute=0, day=3, month=3)


def test_the_declared_plans_stay_within_their_budgets() -> None:
    from jobs.sources import SOURCES

    for source in SOURCES.values():
        month = 30 * 86_400
        others = (source.pages - 1) * month / source.cadence.others
        planned = month / source.cadence.first + others

        assert planned <= 0.85 * source.allowance.month, source.name
