"""CoinGecko's shapes, parameters and error bodies."""

import httpx
import pytest

from tests.api.market import CONTRACT, TIME

pytestmark = pytest.mark.unit

ROW = {
    "id": "bitcoin",
    "symbol": "btc",
    "name": "Bitcoin",
    "image": "/logos/btc.svg",
    "current_price": 50_000.0,
    "market_cap": 1e12,
    "market_cap_rank": 1,
    "fully_diluted_valuation": 1.05e12,
    "total_volume": 2e9,
    "high_24h": 51_000.0,
    "low_24h": 39_000.0,
    "price_change_24h": 10_000.0,
    "price_change_percentage_24h": 25.0,
    "market_cap_change_24h": None,
    "market_cap_change_percentage_24h": None,
    "circulating_supply": 20e6,
    "total_supply": 20e6,
    "max_supply": 21e6,
    "ath": None,
    "ath_change_percentage": None,
    "ath_date": None,
    "atl": None,
    "atl_change_percentage": None,
    "atl_date": None,
    "roi": None,
    "last_updated": "2026-11-22T20:38:59.750Z",
}
"""The 26 keys that clients insist on."""
PRICE = "/api/v3/simple/price"
MARKETS = "/api/v3/coins/markets"


async def ids(client: httpx.AsyncClient, query: str) -> list[str]:
    return [row["id"] for row in (await client.get(f"{MARKETS}?vs_currency=usd&{query}")).json()]


async def test_ping_says_what_clients_expect(client: httpx.AsyncClient):
    assert (await client.get("/api/v3/ping/")).json() == {"gecko_says": "(V3) To the Moon!"}


async def test_a_row_has_the_26_keys(client: httpx.AsyncClient):
    rows = (await client.get(f"{MARKETS}?vs_currency=usd&per_page=1")).json()

    assert len(ROW) == 26
    assert rows == [ROW]


async def test_every_row_has_what_strict_clients_refuse_to_miss(client: httpx.AsyncClient):
    rows = (await client.get(f"{MARKETS}?vs_currency=usd")).json()

    assert len(rows) == 5
    for row in rows:
        assert row.keys() == ROW.keys()
        assert None not in [row[key] for key in ("id", "image", "last_updated", "name", "symbol")]
    assert rows[-1]["last_updated"] == "2026-11-22T20:39:00.250Z"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("order=market_cap_asc&per_page=2", ["ethereum", "bitcoin"]),
        ("order=volume_desc&per_page=2", ["tether", "bitcoin"]),
        ("order=id_asc&per_page=2", ["bitcoin", "ethereum"]),
        ("order=id_desc&per_page=2", ["tether", "neiro"]),
        ("per_page=2&page=2", ["neiro", "tether"]),
        ("category=layer-1", ["bitcoin", "ethereum"]),
        ("category=nothing", []),
        ("ids=tether,bitcoin,nobody", ["bitcoin", "tether"]),
        ("names=Ethereum", ["ethereum"]),
        ("symbols=neiro", ["neiro"]),
        ("symbols=neiro&include_tokens=all", ["neiro", "first-neiro"]),
        ("ids=nobody", []),
        ("locale=en&made_up=1&ids=bitcoin&x_cg_demo_api_key=CG-x", ["bitcoin"]),
    ],
)
async def test_the_table_is_chosen_sorted_and_paged(
    client: httpx.AsyncClient, query: str, expected: list[str]
):
    assert await ids(client, query) == expected


async def test_changes_come_in_the_currency_when_asked_for(client: httpx.AsyncClient):
    query = "vs_currency=usd&ids=bitcoin&price_change_percentage=1h,24h,7d,1y"
    (row,) = (await client.get(f"{MARKETS}?{query}")).json()

    assert {key: row[key] for key in row.keys() - ROW.keys()} == {
        "price_change_percentage_1h_in_currency": 1.0,
        "price_change_percentage_24h_in_currency": 25.0,
        "price_change_percentage_7d_in_currency": -50.0,
        "price_change_percentage_1y_in_currency": None,
    }


async def test_another_currency_converts_what_can_be_converted(client: httpx.AsyncClient):
    (row,) = (await client.get(f"{MARKETS}?vs_currency=btc&ids=ethereum")).json()

    assert (row["current_price"], row["market_cap"], row["high_24h"]) == (0.04, 4.8e6, None)
    assert row["price_change_percentage_24h"] == -36.0


async def test_a_sparkline_is_the_known_closes(client: httpx.AsyncClient):
    rows = (await client.get(f"{MARKETS}?vs_currency=usd&sparkline=true&per_page=2")).json()

    assert rows[0]["sparkline_in_7d"] == {"price": [float(close) for close in range(1, 56)]}
    assert rows[1]["sparkline_in_7d"] == {"price": []}


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        (
            MARKETS,
            422,
            {"error": "Missing parameter vs_currency", "accepted": "text of 1 to 100 characters"},
        ),
        (
            f"{MARKETS}?vs_currency=zzz",
            422,
            {
                "error": "invalid vs_currency",
                "accepted": (
                    "one of usd, eur, btc, eth, neiro, or the id or symbol of any other asset"
                    " with a price"
                ),
            },
        ),
        (
            f"{MARKETS}?vs_currency=usd&per_page=251",
            400,
            {"error": "invalid per_page", "accepted": "an integer from 1 to 250"},
        ),
        (
            f"{MARKETS}?vs_currency=usd&page=-1",
            422,
            {"error": "invalid page", "accepted": "an integer from 1 to 100000"},
        ),
        (
            f"{PRICE}?ids=bitcoin",
            422,
            {
                "error": "Missing parameter vs_currencies",
                "accepted": "0 to 60 values separated by commas",
            },
        ),
        (
            f"{PRICE}?vs_currencies=usd",
            422,
            {
                "error": "Missing parameter ids",
                "accepted": "coin ids; names or symbols will do as well",
            },
        ),
        (
            "/api/v3/coins/nobody/tickers",
            404,
            {
                "error": (
                    "Nothing is at /api/v3/coins/nobody/tickers."
                    " All addresses are listed at /api/docs."
                )
            },
        ),
    ],
)
async def test_errors_have_the_bodies_that_clients_look_into(
    client: httpx.AsyncClient, path: str, status: int, body: dict[str, str]
):
    answer = await client.get(path)

    assert (answer.status_code, answer.json()) == (status, body)
    assert answer.headers["content-type"] == "application/json"


async def test_simple_price_is_coin_then_currency(client: httpx.AsyncClient):
    query = "ids=bitcoin,nobody,ethereum&vs_currencies=usd,EUR,zzz"

    assert (await client.get(f"{PRICE}?{query}")).json() == {
        "bitcoin": {"usd": 50_000.0, "eur": 40_000.0},
        "ethereum": {"usd": 2_000.0, "eur": 1_600.0},
    }


async def test_simple_price_says_more_when_asked(client: httpx.AsyncClient):
    query = (
        "ids=bitcoin&vs_currencies=usd&include_market_cap=true&include_24hr_vol=true"
        "&include_24hr_change=true&include_last_updated_at=true"
    )

    assert (await client.get(f"{PRICE}?{query}")).json() == {
        "bitcoin": {
            "usd": 50_000.0,
            "usd_market_cap": 1e12,
            "usd_24h_vol": 2e9,
            "usd_24h_change": 25.0,
            "last_updated_at": int(TIME - 0.5),
        }
    }


async def test_a_price_that_is_unknown_is_null(client: httpx.AsyncClient):
    query = "ids=first-neiro&vs_currencies=usd&include_last_updated_at=true&precision=2"

    assert (await client.get(f"{PRICE}?{query}")).json() == {
        "first-neiro": {"usd": None, "last_updated_at": None}
    }


@pytest.mark.parametrize(("precision", "price"), [("full", 0.0008), ("3", 0.001), ("0", 0.0)])
async def test_precision_rounds(client: httpx.AsyncClient, precision: str, price: float):
    query = f"ids=neiro&vs_currencies=eur&precision={precision}"

    assert (await client.get(f"{PRICE}?{query}")).json() == {"neiro": {"eur": price}}


async def test_currencies_are_fiat_then_the_largest_coins_and_each_works(
    client: httpx.AsyncClient,
):
    words = (await client.get("/api/v3/simple/supported_vs_currencies")).json()
    prices = (await client.get(f"{PRICE}?ids=bitcoin&vs_currencies={','.join(words)}")).json()

    assert words == ["usd", "eur", "btc", "eth", "neiro"]
    assert prices == {
        "bitcoin": {"usd": 50_000.0, "eur": 40_000.0, "btc": 1.0, "eth": 25.0, "neiro": 5e7}
    }


async def test_the_list_has_every_coin_and_its_contracts_when_asked(client: httpx.AsyncClient):
    plain = (await client.get("/api/v3/coins/list")).json()
    full = (await client.get("/api/v3/coins/list/?include_platform=true")).json()

    assert plain[0] == {"id": "bitcoin", "symbol": "btc", "name": "Bitcoin"}
    assert [coin["id"] for coin in plain] == [
        "bitcoin",
        "ethereum",
        "tether",
        "neiro",
        "first-neiro",
    ]
    assert [coin["platforms"] for coin in full[:3]] == [{}, {}, {"ethereum": CONTRACT}]


async def test_no_coin_is_inactive(client: httpx.AsyncClient):
    assert (await client.get("/api/v3/coins/list?status=inactive")).json() == []
