"""The documents say what the code does: numbers, names and addresses are compared with it."""

import ast
from importlib import import_module

import pytest
import redis.asyncio as redis

from app.api import create_api
from app.api.freshness import STALE_AFTER
from app.market.index import METHOD
from app.market.tiers import LIMITS, Limits
from app.market.verdict import FLAG_SENTENCE, STATUS_SENTENCE, Flag
from app.settings import Settings
from app.store.database import Database
from app.store.mirror import Mirror
from jobs.seed.build import MAJORS, RANKED_CLOSELY
from jobs.venues import VENUES
from tests.house.pages import code, prose, rows
from tests.house.tree import ROOT, text

pytestmark = pytest.mark.unit

METHODOLOGY = "docs/methodology.md"

NO_CHOICE = {"DAY", "HOUR", "MINUTE", "WEEK", "NAN", "PER_PAGE_MAX"}
"""Constants in `app/market` that no rule of the method is made of."""


def constants() -> dict[str, float]:
    """Module and name of each number that the method is made of."""
    found: dict[str, float] = {}
    for path in sorted((ROOT / "app/market").glob("*.py")):
        values = vars(import_module(f"app.market.{path.stem}"))
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                name, value = node.targets[0].id, values[node.targets[0].id]
                if name.isupper() and name[0] != "_" and isinstance(value, int | float):
                    found[f"{path.stem}.{name}"] = value
    return {name: found[name] for name in found if name.partition(".")[2] not in NO_CHOICE}


N = {name.partition(".")[2]: value for name, value in constants().items()}

SENTENCES = (
    f"This is version {METHOD} of the method",
    f"more than {N['SKEW_MAX']:g} s ahead of ours",
    f"more than {N['BOOK_LAG_MAX']:g} s older than the last trade",
    f"w = √max(24 h volume in USD, ${N['VOLUME_MIN']:g})",
    f"min(1, {N['SPREAD_FULL'] * 100:g} % ÷ spread)",
    f"f = min(⌊(n−1)/2⌋, {N['FAULTS_MAX']}) may lie",
    f"no weight is above {N['CAP_TOTAL']} ÷ f",
    f"half its spread, at least {N['SPREAD_VOTE_MIN'] * 100:g} %",
    f"at least {N['SURVIVORS_MIN']} surviving votes with at least {N['SURVIVING_MIN'] * 100:g} %",
    f"nothing publishable for longer than {N['HELD_MAX']:g} × age_max",
    f"nothing from the indexer for {STALE_AFTER:g} s",
    f"at least {N['RANKED_OPERATORS']} operators list it",
    f"it trades at least ${N['RANKED_VOLUME']:,.0f} in 24 h",
    f"less than ${N['THIN_VOLUME']:,.0f} in 24 h is `thin_market`",
    f"with a confidence below {N['CONFIDENCE_MAX'] * 100:g} %",
    f"the {MAJORS} largest assets are major, those up to place {RANKED_CLOSELY} mid",
)


def test_every_setting_is_documented_with_its_default() -> None:
    documented = {name: default for name, default, *_ in rows("docs/settings.md", "variable")}

    assert documented == {
        str(field.validation_alias or f"MARKETCAP_{name.upper()}"): str(field.default or "none")
        for name, field in Settings.model_fields.items()
    }


def test_the_limits_of_every_tier_are_documented() -> None:
    documented = {tier: limits for tier, *limits in rows(METHODOLOGY, "tier")}

    assert documented == {tier.name.lower(): _as_cells(row) for tier, row in LIMITS.items()}


def test_every_constant_of_the_method_is_documented() -> None:
    documented = {name: float(value) for _, name, value, _ in rows(METHODOLOGY, "rule")}

    assert documented == pytest.approx(constants())


@pytest.mark.parametrize("sentence", SENTENCES)
def test_the_words_about_the_method_have_its_numbers(sentence: str) -> None:
    assert sentence in prose(METHODOLOGY)


def test_every_status_is_documented_with_its_sentence() -> None:
    documented = {row[0]: row[1] for row in rows(METHODOLOGY, "status")}

    assert documented == {status.word: words for status, words in STATUS_SENTENCE.items()}


def test_every_flag_is_documented_with_its_sentence() -> None:
    documented = {name: sentence for name, _, sentence in rows(METHODOLOGY, "flag")}

    assert documented == {str(flag.name).lower(): words for flag, words in FLAG_SENTENCE.items()}


def test_a_flag_is_called_planned_exactly_while_nothing_raises_it() -> None:
    planned = {name for name, place, _ in rows(METHODOLOGY, "flag") if place == "planned"}
    market = [path for path in (ROOT / "app/market").glob("*.py") if path.stem != "verdict"]
    source = "\n".join(path.read_text(encoding="utf-8") for path in market)

    assert planned == {str(flag.name).lower() for flag in Flag if f"Flag.{flag.name}" not in source}


def test_every_venue_has_its_evidence() -> None:
    documented = {
        name for row in rows("docs/add-a-venue.md", "venue") for name in row[0].split(", ")
    }

    assert VENUES.keys() - documented == set()


async def test_every_address_of_the_api_is_documented_and_no_other() -> None:
    mirror = Mirror(redis.Redis(), clock=lambda: 0.0)
    api = create_api(mirror, settings=Settings(), clock=lambda: 0.0, database=Database(""))
    documented = {
        line.removeprefix("GET ") for line in code(text("docs/api.md")) if "GET /" in line
    }

    assert documented == set(api.openapi()["paths"])


def _as_cells(limits: Limits) -> list[str]:
    """A row of the table: seconds as they are, distances as per cent."""
    seconds = [limits.fresh, limits.half_life, limits.age_max]
    shares = [limits.gate_min, limits.gate_max, limits.jump]
    return [
        *(f"{value:g}" if value < 1e5 else f"{value:.0f}" for value in seconds),
        *(f"{value * 100:g} %" for value in shares),
        f"{limits.hold:g}",
    ]
