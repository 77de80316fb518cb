"""The venues and the totals."""

import httpx
import pytest

from tests.api.market import Clock

pytestmark = pytest.mark.unit


async def test_venues_come_by_volume(client: httpx.AsyncClient):
    rows = (await client.get("/api/v1/venues")).json()["data"]

    assert [(row["name"], row["volume_24h"]) for row in rows] == [
        ("coinbase", 2.5e9),
        ("kraken", 4e8),
    ]


async def test_one_venue_says_how_it_is_doing(client: httpx.AsyncClient, clock: Clock):
    clock.now += 0.1

    assert (await client.get("/api/v1/venues/coinbase")).json()["data"] == {
        "name": "coinbase",
        "title": "Coinbase Exchange",
        "operator": "coinbase",
        "home": "https://exchange.coinbase.com",
        "docs": "https://docs.cdp.coinbase.com",
        "state": "live",
        "markets": 2,
        "connections": 1,
        "connections_wanted": 1,
        "frames": 100,
        "quotes": 90,
        "parse_errors": 0,
        "unknown_symbols": 1,
        "reconnects": 2,
        "missing_acks": 0,
        "refused": 0,
        "rest_calls": 5,
        "rest_failures": 1,
        "circuit": "closed",
        "volume_24h": 2.5e9,
        "excluded": 0.0,
        "last_message": "2026-11-22T20:39:00.000Z",
        "silence_ms": 350,
        "lag": {"p50_ms": 35, "p99_ms": 210},
    }


async def test_a_lag_that_was_never_measured_is_null(client: httpx.AsyncClient):
    venue = (await client.get("/api/v1/venues/kraken")).json()["data"]

    assert venue["lag"] == {"p50_ms": None, "p99_ms": None}


async def test_an_unknown_venue_is_told_the_names_there_are(client: httpx.AsyncClient):
    answer = await client.get("/api/v1/venues/nobody")

    assert answer.status_code == 404
    assert answer.json()["near"] == ["kraken", "coinbase"]


async def test_the_totals_are_those_of_the_snapshot(client: httpx.AsyncClient):
    assert (await client.get("/api/v1/global")).json()["data"] == {
        "market_cap": 1.24e12,
        "market_cap_change_24h": 0.123457,
        "volume_24h": 6e9,
        "dominance": {"bitcoin": 0.806452, "ethereum": 0.193548},
        "assets": 6,
        "assets_by_status": {"ok": 2, "degraded": 1, "held": 1, "stale": 0, "unavailable": 1},
        "venues": 3,
        "venues_live": 2,
    }
