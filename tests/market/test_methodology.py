"""The published method has every number and every flag that the code has."""

import ast
from importlib import import_module
from pathlib import Path

import pytest

import app.market
from app.market.methodology import METHODOLOGY, RULE_OF_FLAG
from app.market.rules import RULES, factor, share
from app.market.tiers import LIMITS
from app.market.verdict import STATUS_SENTENCE, Flag

pytestmark = pytest.mark.unit

NO_RULE = {
    "DAY",
    "HOUR",
    "MINUTE",
    "WEEK",
    "NAN",
    "PER_PAGE_MAX",
    "SEATS_MAX",
    "SETTLED",
    "WARM_UP",
    "HOURS_OF_A_DAY",
    "MINUTES_OF_AN_HOUR",
    "KEPT",
    "ROUNDING",
}
"""Constants of `app/market` that no price is made of."""


def constants() -> dict[str, float]:
    """Module and name of each number that stands at the top of a module of the market."""
    found: dict[str, float] = {}
    for path in Path(app.market.__path__[0]).glob("*.py"):
        values = vars(import_module(f"app.market.{path.stem}"))
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                name = node.targets[0].id
                if name.isupper() and name[0] != "_" and isinstance(values[name], int | float):
                    found[f"{path.stem}.{name}"] = values[name]
    return {name: found[name] for name in found if name.partition(".")[2] not in NO_RULE}


def test_every_constant_stands_under_exactly_one_rule():
    published = [number for rule in RULES for number in rule.numbers]

    assert {number.name: number.value for number in published} == constants()
    assert len(published) == len({number.name for number in published})


def test_every_flag_is_raised_by_exactly_one_rule():
    raised = [word for rule in RULES for word in rule.flags]

    assert sorted(raised) == sorted(word for flag in Flag for word in flag.words)
    assert RULE_OF_FLAG["outlier_excluded"] == "S4"


def test_the_rules_are_s0_to_s14_in_order():
    assert [rule.code for rule in RULES] == [f"S{number}" for number in range(15)]


def test_tiers_and_statuses_are_those_of_the_code():
    assert [tier.limits for tier in METHODOLOGY.tiers] == list(LIMITS.values())
    assert [one.word for one in METHODOLOGY.statuses] == [one.word for one in STATUS_SENTENCE]


def test_numbers_are_written_as_people_read_them():
    assert share(0.0001) == "0.01 %"
    assert factor(0.09531017980432493) == "1.1"


def test_the_words_of_a_rule_have_its_numbers():
    quorum = RULES[6].text[0]

    assert "at least 3 surviving votes that hold at least 50 % of the weight" in quorum
