"""A ticker where an id belongs: one meaning is named, several are listed."""

from collections.abc import AsyncIterator

import httpx
import pytest

from app.market.registry import Asset, Tier
from app.market.verdict import Status
from tests.api.conftest import api_over, client_of
from tests.api.market import ASSETS, ROWS, Clock, empty_mirror, load, registry, snapshot

pytestmark = pytest.mark.unit

TWINS = (
    Asset("small-twin", "TWIN", "Small Twin", Tier.TAIL),
    Asset("lost-twin", "TWIN", "Lost Twin", Tier.TAIL),
    Asset("big-twin", "TWIN", "Big Twin", Tier.TAIL),
)
TWIN_ROWS = (
    {"price": 2.0, "status": Status.OK, "rank": 9, "listed": 2},
    {"status": Status.UNAVAILABLE},
    {"price": 5.0, "status": Status.OK, "rank": 4, "listed": 3},
)
CANDIDATES = [
    {"id": "big-twin", "symbol": "TWIN", "name": "Big Twin", "rank": 4, "price": 5.0},
    {"id": "small-twin", "symbol": "TWIN", "name": "Small Twin", "rank": 9, "price": 2.0},
    {"id": "lost-twin", "symbol": "TWIN", "name": "Lost Twin", "rank": None, "price": None},
]
BITCOIN = {"id": "bitcoin", "symbol": "BTC", "name": "Bitcoin", "rank": 1, "price": 50_000.0}

ADDRESSES = (
    "/api/v1/assets/{}",
    "/api/v1/assets/{}/markets",
    "/api/v1/assets/{}/candles",
    "/api/v1/prices?ids={}",
)


@pytest.fixture
async def twins(clock: Clock) -> AsyncIterator[httpx.AsyncClient]:
    mirror = empty_mirror(clock)
    await load(mirror, registry(1, (*ASSETS, *TWINS)), snapshot(7, rows=(*ROWS, *TWIN_ROWS)))
    async with client_of(api_over(mirror, clock)) as client:
        yield client


@pytest.mark.parametrize("address", ADDRESSES)
async def test_a_ticker_of_one_asset_is_told_its_id(client: httpx.AsyncClient, address: str):
    answer = await client.get(address.format("BTC"))

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == (
        "No asset has the id 'BTC': did you mean 'bitcoin' (Bitcoin), whose ticker is BTC?"
    )
    assert (answer.json()["near"], answer.json()["candidates"]) == (["bitcoin"], [BITCOIN])


@pytest.mark.parametrize("address", ADDRESSES)
async def test_a_ticker_of_several_is_answered_with_all_of_them(
    twins: httpx.AsyncClient, address: str
):
    answer = await twins.get(address.format("twin"))

    assert answer.status_code == 404
    assert answer.json()["detail"] == (
        "TWIN is the ticker of 3 assets; ask for the one you mean by its id: big-twin,"
        " small-twin, lost-twin."
    )
    assert answer.json()["candidates"] == CANDIDATES


@pytest.mark.parametrize("address", ["/api/v1/prices?ids={}", "/api/v1/markets?ids={}"])
async def test_a_ticker_among_ids_is_answered_beside_them(twins: httpx.AsyncClient, address: str):
    body = (await twins.get(address.format("bitcoin,TWIN,nobody"))).json()

    assert [row["id"] for row in body["data"]] == ["bitcoin"]
    assert body["unknown"] == ["TWIN", "nobody"]
    assert body["candidates"] == {"TWIN": CANDIDATES}


@pytest.mark.parametrize(
    "address", ["/api/v1/prices?ids=bitcoin&vs={}", "/api/v1/markets?vs_currency={}"]
)
async def test_a_currency_that_may_be_several_assets_is_refused_with_them(
    clock: Clock, address: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("app.api.currencies.LISTED_MAX", 1)
    mirror = empty_mirror(clock)
    await load(mirror, registry(1, (*ASSETS, *TWINS)), snapshot(7, rows=(*ROWS, *TWIN_ROWS)))
    async with client_of(api_over(mirror, clock)) as client:
        answer = await client.get(address.format("twin"))

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["accepted"] == (
        "the id of one of the assets that trade as twin: big-twin, small-twin, lost-twin"
    )
    assert answer.json()["candidates"] == CANDIDATES


async def test_a_currency_among_the_largest_means_what_the_list_says(twins: httpx.AsyncClient):
    body = (await twins.get("/api/v1/prices?ids=bitcoin&vs=twin")).json()

    assert body["data"][0]["price"] == 10_000.0


async def test_symbols_on_v3_mean_the_best_ranked_owner_or_all(twins: httpx.AsyncClient):
    path = "/api/v3/simple/price?symbols=twin&vs_currencies=usd"

    assert (await twins.get(path)).json() == {"big-twin": {"usd": 5.0}}
    assert list((await twins.get(f"{path}&include_tokens=all")).json()) == [
        "small-twin",
        "lost-twin",
        "big-twin",
    ]


async def test_search_puts_every_owner_of_a_ticker_first(twins: httpx.AsyncClient):
    body = (await twins.get("/api/v1/search?q=TWIN")).json()

    assert [asset["id"] for asset in body["assets"][:3]] == ["big-twin", "small-twin", "lost-twin"]
