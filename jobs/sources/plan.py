"""Which pages to ask for now: the first one often, the others seldom, all within the budget.

As the budget runs out the others are left out first, then the first page is asked for less
often; before the source would cut us off we stop ourselves.
"""

from collections.abc import Mapping
from enum import IntEnum
from math import inf

from jobs.sources.ledger import Spent
from jobs.sources.source import Allowance, Cadence

FIRST_PAGE_ONLY_FROM = 0.85
"""Share of the day's or the month's calls from which further pages are left out."""

SELDOM_FROM = 0.95
"""Share from which the first page is asked for a quarter as often."""

MINUTE_SHARE = 0.5
"""Share of a minute's calls that we use; others at our address may use the source as well."""

_SELDOM = 4.0


class Degree(IntEnum):
    """How much of the plan the budget still carries."""

    NOTHING = 0
    SELDOM = 1
    FIRST_PAGE = 2
    FULL = 3


def degree(spent: Spent, allowance: Allowance) -> Degree:
    """What may still be asked, by the tighter of the day and the month."""
    used = max(_share(spent.day, allowance.day), _share(spent.month, allowance.month))
    if used >= 1:
        return Degree.NOTHING
    if used >= SELDOM_FROM:
        return Degree.SELDOM
    return Degree.FIRST_PAGE if used >= FIRST_PAGE_ONLY_FROM else Degree.FULL


def due_pages(
    asked: Mapping[int, float], *, cadence: Cadence, pages: int, degree: Degree, now: float
) -> list[int]:
    """The pages to ask for, the first one first, then those that have waited longest."""
    every = cadence.first * (_SELDOM if degree is Degree.SELDOM else 1.0)
    due = [1] if degree > Degree.NOTHING and _waited(asked, 1, now) >= every else []
    if degree is Degree.FULL:
        others = [
            page for page in range(2, pages + 1) if _waited(asked, page, now) >= cadence.others
        ]
        due += sorted(others, key=lambda page: -_waited(asked, page, now))
    return due[: cadence.burst]


def left_this_minute(spent: Spent, allowance: Allowance) -> float:
    """How many calls the minute still holds; no end of them where no limit is stated."""
    return allowance.minute * MINUTE_SHARE - spent.minute if allowance.minute else inf


def _waited(asked: Mapping[int, float], page: int, now: float) -> float:
    return now - asked.get(page, -inf)


def _share(spent: int, allowed: int) -> float:
    return (spent + 1) / allowed if allowed else 0.0
