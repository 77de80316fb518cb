"""Who the assets are, and the markets behind one of them."""

import httpx
import pytest

from app.store.mirror import Mirror
from tests.api.market import AS_OF, CONTRACT, Clock

pytestmark = pytest.mark.unit

TETHER = {
    "id": "tether",
    "symbol": "USDT",
    "name": "Tether",
    "tier": "stable",
    "category": "stablecoin",
    "platforms": [{"chain": "ethereum", "address": CONTRACT}],
    "supply": {"circulating": None, "total": None, "maximum": None, "source": None},
    "logo": None,
}


async def test_the_list_holds_every_asset(client: httpx.AsyncClient):
    body = (await client.get("/api/v1/assets")).json()

    assert body["total"] == 7
    assert body["data"][4] == TETHER
    assert body["data"][2]["supply"] == {
        "circulating": 20e6,
        "total": 20e6,
        "maximum": 21e6,
        "source": "chain",
    }


async def test_a_symbol_with_several_owners_answers_all_of_them(client: httpx.AsyncClient):
    body = (await client.get("/api/v1/assets?symbol=neiro")).json()

    assert [asset["id"] for asset in body["data"]] == ["neiro", "first-neiro"]


async def test_a_symbol_that_nobody_has_answers_none(client: httpx.AsyncClient):
    assert (await client.get("/api/v1/assets?symbol=zzz")).json()["data"] == []


async def test_one_asset_comes_with_its_row_of_the_table(client: httpx.AsyncClient):
    body = (await client.get("/api/v1/assets/tether")).json()

    assert body["data"] == TETHER
    assert body["market"] == {
        "id": "tether",
        "symbol": "USDT",
        "name": "Tether",
        "rank": None,
        "category": "stablecoin",
        "logo": None,
        "price": 1.0,
        "conf": None,
        "status": "ok",
        "flags": [],
        "sources": 3,
        "listed": 3,
        "updated": "2026-11-22T20:38:59.250Z",
        "change_1h": None,
        "change_24h": None,
        "change_7d": None,
        "high_24h": None,
        "low_24h": None,
        "volume_24h": 3e9,
        "volume_reported": None,
        "market_cap": None,
        "fully_diluted": None,
        "circulating": None,
        "total_supply": None,
        "max_supply": None,
    }


@pytest.mark.parametrize(
    "path", ["/api/v1/assets/bitcon", "/api/v1/assets/bitcon/markets", "/api/v1/prices?ids=bitcon"]
)
async def test_an_unknown_id_is_told_what_looks_like_it(client: httpx.AsyncClient, path: str):
    answer = await client.get(path)

    assert answer.status_code == 404
    assert answer.json()["detail"] == "No asset has the id 'bitcon'."
    assert answer.json()["near"] == ["bitcoin"]


async def test_an_asset_without_a_price_is_null_and_says_why(client: httpx.AsyncClient):
    market = (await client.get("/api/v1/assets/first-neiro")).json()["market"]

    assert (market["price"], market["status"], market["flags"]) == (
        None,
        "unavailable",
        ["stale_source"],
    )


async def test_the_markets_of_an_asset_say_what_counts_and_why_not(
    client: httpx.AsyncClient, clock: Clock
):
    clock.now += 0.1
    body = (await client.get("/api/v1/assets/bitcoin/markets")).json()

    assert (body["id"], body["voted_at"]) == ("bitcoin", AS_OF)
    assert [row["symbol"] for row in body["data"]] == ["BTC-USD", "BTC/EUR", "KRW-BTC", "BTC/USDT"]
    assert body["data"][2] == {
        "venue": "upbit",
        "operator": "upbit",
        "symbol": "KRW-BTC",
        "quote": "eur",
        "multiplier": 1.0,
        "raw": 41_000.0,
        "usd": 51_250.0,
        "spread": None,
        "volume_24h": 1e8,
        "updated": "2026-11-22T20:38:56.250Z",
        "age_ms": 4100,
        "weight": 0.0,
        "excluded": True,
        "flags": ["premium_market", "restricted_market"],
        "reasons": [
            {
                "flag": "premium_market",
                "sentence": "Quoted in a capital-controlled currency.",
            },
            {
                "flag": "restricted_market",
                "sentence": "Deposits or withdrawals are closed.",
            },
        ],
    }


async def test_a_market_that_never_sent_a_price_says_so(client: httpx.AsyncClient):
    row = (await client.get("/api/v1/assets/bitcoin/markets")).json()["data"][3]

    assert (row["raw"], row["age_ms"], row["excluded"]) == (None, None, True)
    assert row["reasons"] == [{"flag": "no_quote", "sentence": "It has not sent a price yet."}]


async def test_without_votes_the_markets_of_an_asset_are_not_ready(
    client: httpx.AsyncClient, mirror: Mirror
):
    mirror.votes = None

    answer = await client.get("/api/v1/assets/bitcoin/markets")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.json()["detail"] == "The votes of the venues have not been read yet."
