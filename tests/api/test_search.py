"""Finding assets and venues by what people type."""

import httpx
import numpy as np
import pytest
from starlette.requests import Request

from app.api.freshness import Freshness
from app.api.health import readiness
from app.market.directory import Directory
from app.store.mirror import Mirror
from tests.api.market import registry

pytestmark = pytest.mark.unit


async def found(client: httpx.AsyncClient, text: str) -> tuple[list[str], list[str]]:
    body = (await client.get("/api/v1/search", params={"q": text})).json()
    return [hit["id"] for hit in body["assets"]], [hit["name"] for hit in body["venues"]]


@pytest.mark.parametrize(
    ("text", "assets", "venues"),
    [
        ("BTC", ["bitcoin"], []),
        ("eth", ["ethereum", "neiro", "tether"], []),
        ("neiro", ["neiro", "first-neiro"], []),
        ("coin", ["bitcoin"], ["coinbase"]),
        ("etherum", ["ethereum", "tether"], []),
        ("bitcion", ["bitcoin"], []),
        ("kracken", [], ["kraken"]),
        ("zzzz", [], []),
    ],
)
async def test_assets_and_venues_are_found(
    client: httpx.AsyncClient, text: str, assets: list[str], venues: list[str]
):
    assert await found(client, text) == (assets, venues)


async def test_a_hit_has_what_a_list_of_results_shows(client: httpx.AsyncClient):
    body = (await client.get("/api/v1/search?q=coinbase")).json()
    bitcoin = (await client.get("/api/v1/search?q=btc")).json()["assets"]

    assert body["venues"] == [{"name": "coinbase", "title": "Coinbase Exchange"}]
    assert bitcoin == [
        {"id": "bitcoin", "symbol": "BTC", "name": "Bitcoin", "rank": 1, "logo": "/logos/btc.svg"}
    ]


async def test_a_limit_is_kept(client: httpx.AsyncClient):
    body = (await client.get("/api/v1/search?q=e&limit=2")).json()

    assert [hit["id"] for hit in body["assets"]] == ["ethereum", "eur"]


def test_an_exact_symbol_comes_before_better_ranked_prefixes():
    directory = Directory(registry())
    rank = np.array([1.0, 2, 3, 4, 5, 6, 7])

    assert directory.search("usd", rank=rank, count=2) == [0, 4]


def test_the_same_letters_in_another_order_are_not_alike():
    assert Directory(registry()).near("nioctib") == []


async def test_a_process_is_ready_when_its_search_is_warm(mirror: Mirror):
    freshness = Freshness(mirror)

    await readiness(freshness)(Request({"type": "http"}))

    indexes = {"by_symbol", "by_name", "_lines", "_letters", "_lengths"}
    assert indexes <= vars(freshness.moment().directory).keys()


def test_likeness_survives_letters_beyond_ascii():
    directory = Directory(registry())

    assert directory.near("bitcoïn") == ["bitcoin"]
    assert directory.near("") == []
