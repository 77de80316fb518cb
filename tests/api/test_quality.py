"""How good the market is, as the API tells it."""

import httpx
import pytest

from tests.api.market import AS_OF, Clock

pytestmark = pytest.mark.unit


async def test_ages_are_those_of_the_prices_at_the_instant_of_the_request(
    client: httpx.AsyncClient, clock: Clock
):
    clock.now += 1.5
    body = (await client.get("/api/v1/quality")).json()

    assert body["measured_at"] == "2026-11-22T20:39:01.750Z"
    assert body["freshness"]["major"] == {
        "prices": 2,
        "p50_ms": 2750,
        "p95_ms": 3425,
        "p99_ms": 3485,
    }


async def test_coverage_counts_every_listed_asset_once(client: httpx.AsyncClient):
    body = (await client.get("/api/v1/quality")).json()

    assert body["as_of"] == AS_OF
    assert body["coverage"]["all"] == {
        "listed": 5,
        "priced": 4,
        "quorum": 2,
        "by_status": {"ok": 2, "degraded": 1, "held": 1, "stale": 0, "unavailable": 1},
    }
    assert body["markets"] == {"quoted": 4, "counted": 3}


async def test_every_reject_names_its_rule_and_its_share(client: httpx.AsyncClient):
    body = (await client.get("/api/v1/quality")).json()

    (skewed,) = (row for row in body["rejects"] if row["flag"] == "clock_skew")
    assert skewed == {
        "flag": "clock_skew",
        "rule": "S1",
        "sentence": "The venue's clock is ahead of ours.",
        "markets": 1,
        "share": 0.25,
        "assets": 0,
    }


async def test_venues_stand_beside_the_index(client: httpx.AsyncClient):
    body = (await client.get("/api/v1/quality")).json()

    assert [row["name"] for row in body["venues"]] == ["coinbase", "kraken", "upbit"]
    assert body["venues"][1] == {
        "name": "kraken",
        "title": "Kraken",
        "state": "live",
        "markets": 1,
        "counted": 1,
        "stale": 0,
        "outliers": 0,
        "invalid": 0,
        "deviation": 0.0002,
        "age_ms": 2000,
        "weight": 0.166667,
    }


async def test_what_is_held_is_told_with_its_reason(client: httpx.AsyncClient):
    disputes = (await client.get("/api/v1/quality")).json()["disputes"]

    assert disputes["total"] == 1
    assert disputes["data"] == [
        {
            "id": "neiro",
            "symbol": "NEIRO",
            "name": "Neiro on Ethereum",
            "rank": 3,
            "status": "held",
            "price": 0.001,
            "age_ms": 60_000,
            "volume_24h": None,
            "flags": [],
            "sentences": [
                "The sources contradict each other; this is the last price they agreed on."
            ],
        }
    ]


async def test_a_silent_indexer_makes_everything_stale(client: httpx.AsyncClient, clock: Clock):
    clock.now += 6
    body = (await client.get("/api/v1/quality")).json()

    assert body["coverage"]["all"]["by_status"] == {
        "ok": 0,
        "degraded": 0,
        "held": 0,
        "stale": 4,
        "unavailable": 1,
    }
