"""The ranked table and the light quotes of v1."""

import httpx
import pytest

from tests.api.market import AS_OF, Clock

pytestmark = pytest.mark.unit

BITCOIN = {
    "id": "bitcoin",
    "symbol": "BTC",
    "name": "Bitcoin",
    "rank": 1,
    "category": "layer-1",
    "logo": "/logos/btc.svg",
    "price": 50_000.0,
    "conf": 0.0004,
    "status": "ok",
    "flags": [],
    "sources": 3,
    "listed": 4,
    "updated": "2026-11-22T20:38:59.750Z",
    "change_1h": 0.01,
    "change_24h": 0.25,
    "change_7d": -0.5,
    "high_24h": 51_000.0,
    "low_24h": 39_000.0,
    "volume_24h": 2e9,
    "volume_reported": 2.5e9,
    "market_cap": 1e12,
    "fully_diluted": 1.05e12,
    "circulating": 20e6,
    "total_supply": 20e6,
    "max_supply": 21e6,
}
RANKED = ["bitcoin", "ethereum", "neiro", "tether", "first-neiro"]


async def ids(client: httpx.AsyncClient, query: str) -> list[str]:
    answer = await client.get(f"/api/v1/markets?{query}")
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()["data"]]


async def test_one_page_of_the_table(client: httpx.AsyncClient, clock: Clock):
    clock.now += 0.2

    assert (await client.get("/api/v1/markets?per_page=1")).json() == {
        "as_of": AS_OF,
        "age_ms": 200,
        "status": "ok",
        "source": "sandbox",
        "version": 7,
        "vs_currency": "usd",
        "page": 1,
        "per_page": 1,
        "pages": 5,
        "total": 5,
        "unknown": [],
        "candidates": {},
        "data": [BITCOIN],
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", RANKED),
        ("page=2&per_page=2", ["neiro", "tether"]),
        ("page=9", []),
        ("category=layer-1", ["bitcoin", "ethereum"]),
        ("status=degraded", ["ethereum"]),
        ("status=unavailable", ["first-neiro"]),
        ("ids=ethereum,bitcoin", ["bitcoin", "ethereum"]),
        ("sort=volume_24h&per_page=2", ["tether", "bitcoin"]),
        ("sort=price&direction=asc&per_page=2", ["neiro", "tether"]),
        ("sort=name&per_page=2", ["bitcoin", "ethereum"]),
        ("sort=name&direction=desc&per_page=1", ["tether"]),
    ],
)
async def test_the_table_is_filtered_sorted_and_paged(
    client: httpx.AsyncClient, query: str, expected: list[str]
):
    assert await ids(client, query) == expected


async def test_ids_that_nobody_has_are_named(client: httpx.AsyncClient):
    body = (await client.get("/api/v1/markets?ids=bitcoin,nobody")).json()

    assert (body["total"], body["unknown"]) == (1, ["nobody"])


async def test_a_fiat_currency_converts_sums_and_changes(client: httpx.AsyncClient):
    (row,) = (await client.get("/api/v1/markets?ids=bitcoin&vs_currency=EUR")).json()["data"]

    assert (row["price"], row["volume_24h"], row["market_cap"]) == (40_000.0, 1.6e9, 8e11)
    assert (row["conf"], row["high_24h"], row["change_24h"]) == (0.0005, None, None)


async def test_a_crypto_asset_is_a_currency_by_its_symbol(client: httpx.AsyncClient):
    (row,) = (await client.get("/api/v1/markets?ids=ethereum&vs_currency=btc")).json()["data"]

    assert (row["price"], row["change_24h"]) == (0.04, -0.36)


async def test_an_asset_without_a_price_is_no_currency(client: httpx.AsyncClient):
    answer = await client.get("/api/v1/markets?vs_currency=first-neiro")

    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {
            "parameter": "vs_currency",
            "accepted": (
                "one of usd, eur, btc, eth, neiro, or the id or symbol of any other asset with a"
                " price"
            ),
            "received": "first-neiro",
            "problem": "refused",
        }
    ]


async def test_without_a_maximum_the_total_supply_dilutes(client: httpx.AsyncClient):
    (row,) = (await client.get("/api/v1/markets?ids=ethereum")).json()["data"]

    assert (row["max_supply"], row["fully_diluted"]) == (None, 2.4e11)


async def test_sparklines_come_when_asked_for(client: httpx.AsyncClient):
    rows = (await client.get("/api/v1/markets?sparkline=true&per_page=2")).json()["data"]

    assert rows[0]["sparkline"] == [None, *(float(close) for close in range(1, 56))]
    assert rows[1]["sparkline"] is None


async def test_a_light_quote_has_price_confidence_status_and_age(
    client: httpx.AsyncClient, clock: Clock
):
    clock.now += 0.1

    assert (await client.get("/api/v1/prices?ids=ethereum,nobody,bitcoin")).json() == {
        "as_of": AS_OF,
        "age_ms": 100,
        "status": "ok",
        "source": "sandbox",
        "version": 7,
        "vs": "usd",
        "unknown": ["nobody"],
        "candidates": {},
        "data": [
            {
                "id": "ethereum",
                "price": 2_000.0,
                "conf": 0.001,
                "status": "degraded",
                "flags": ["low_quorum", "thin_market"],
                "as_of": "2026-11-22T20:38:58.250Z",
                "age_ms": 2100,
            },
            {
                "id": "bitcoin",
                "price": 50_000.0,
                "conf": 0.0004,
                "status": "ok",
                "flags": [],
                "as_of": "2026-11-22T20:38:59.750Z",
                "age_ms": 600,
            },
        ],
    }


async def test_a_light_quote_in_another_currency(client: httpx.AsyncClient):
    body = (await client.get("/api/v1/prices?ids=bitcoin&vs=eur")).json()

    assert (body["vs"], body["data"][0]["price"]) == ("eur", 40_000.0)
