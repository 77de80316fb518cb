"""The method, as the API tells it."""

import httpx
import pytest

from app.market.index import METHOD
from app.market.quorum import SURVIVORS_MIN

pytestmark = pytest.mark.unit


async def test_a_rule_comes_with_its_constants_its_flags_and_a_link(client: httpx.AsyncClient):
    body = (await client.get("/api/v1/methodology")).json()

    assert (body["method"], [rule["code"] for rule in body["rules"]]) == (
        METHOD,
        [f"S{number}" for number in range(15)],
    )
    quorum = body["rules"][6]
    assert (quorum["name"], quorum["link"]) == ("Quorum", "/methodology#s6")
    assert quorum["flags"] == ["low_quorum", "single_source", "disputed"]
    assert quorum["numbers"][0] == {
        "name": "quorum.SURVIVORS_MIN",
        "value": SURVIVORS_MIN,
        "unit": "count",
        "meaning": "surviving votes for ok",
    }


async def test_a_tier_has_seven_limits(client: httpx.AsyncClient):
    body = (await client.get("/api/v1/methodology")).json()

    assert body["tiers"][2] == {
        "tier": "major",
        "fresh": 5,
        "half_life": 15,
        "age_max": 90,
        "gate_min": 0.006,
        "gate_max": 0.08,
        "jump": 0.03,
        "hold": 10,
    }


async def test_statuses_and_flags_are_sentences(client: httpx.AsyncClient):
    body = (await client.get("/api/v1/methodology")).json()

    assert body["statuses"][0] == {
        "status": "ok",
        "sentence": "At least three independent operators agree.",
    }
    assert body["flags"][0] == {
        "flag": "outlier_excluded",
        "rule": "S4",
        "sentence": "Too far from the other operators to count as a survivor.",
    }
