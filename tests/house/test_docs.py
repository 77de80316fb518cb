"""The documents say what the code does: numbers, names and addresses are compared with it."""

import pytest
import redis.asyncio as redis

from app.api import create_api
from app.settings import Settings
from app.store.database import Database
from app.store.mirror import Mirror
from jobs.methodology import markdown
from jobs.seed.build import MAJORS, RANKED_CLOSELY
from jobs.venues import VENUES
from tests.house.pages import code, prose, rows
from tests.house.tree import text

pytestmark = pytest.mark.unit

METHODOLOGY = "docs/methodology.md"

SENTENCES = (f"The {MAJORS} largest assets are major, those up to place {RANKED_CLOSELY} mid",)


def test_every_setting_is_documented_with_its_default() -> None:
    documented = {name: default for name, default, *_ in rows("docs/settings.md", "variable")}

    assert documented == {
        str(field.validation_alias or f"MARKETCAP_{name.upper()}"): str(field.default or "none")
        for name, field in Settings.model_fields.items()
    }


def test_the_method_is_documented_as_the_code_has_it() -> None:
    assert text(METHODOLOGY) == markdown()


@pytest.mark.parametrize("sentence", SENTENCES)
def test_what_no_constant_of_the_method_says_is_true_as_well(sentence: str) -> None:
    assert sentence in prose(METHODOLOGY)


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
