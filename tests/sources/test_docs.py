"""The page about the sources says what their declarations say."""

import pytest

from jobs.sources import SOURCES
from jobs.sources.plan import FIRST_PAGE_ONLY_FROM, MINUTE_SHARE, SELDOM_FROM
from jobs.sources.source import Source
from tests.house.pages import prose, rows

pytestmark = pytest.mark.unit

PAGE = "docs/sources.md"


def test_every_source_is_documented_with_its_terms_and_attribution() -> None:
    assert rows(PAGE, "source") == [
        [
            f"[{source.title}]({source.home})",
            source.taken,
            f"[{source.licence}]({source.terms})",
            source.attribution,
        ]
        for source in SOURCES.values()
    ]


def test_every_budget_is_documented_with_its_plan() -> None:
    assert rows(PAGE, "budget") == [_budget(source) for source in SOURCES.values()]


@pytest.mark.parametrize(
    "sentence",
    [
        f"At most {MINUTE_SHARE * 100:g} % of a minute's calls are ours",
        f"From {FIRST_PAGE_ONLY_FROM * 100:g} % of the day or the month on only the first page",
        f"from {SELDOM_FROM * 100:g} % on a quarter as often",
    ],
)
def test_the_words_about_budgets_have_their_numbers(sentence: str) -> None:
    assert sentence in prose(PAGE)


def _budget(source: Source) -> list[str]:
    allowance, cadence, month = source.allowance, source.cadence, 30 * 86_400
    planned = month / cadence.first + (source.pages - 1) * month / cadence.others
    limits = (allowance.minute, allowance.day, allowance.month)
    return [
        source.name,
        *(str(limit or "–") for limit in limits),
        f"{cadence.first:.0f} s",
        f"{cadence.others:.0f} s",
        f"{planned:.0f}",
    ]
