"""The API describes itself, and is what it describes."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import TypeAdapter

from app.api.limits import POLICY, QUOTA, WINDOW
from app.api.parameters import IDS_MAX
from app.api.resource import Resource
from app.api.server import RESOURCES
from app.api.v1.candles import POINTS_MAX
from app.market.view import PER_PAGE_MAX

pytestmark = pytest.mark.unit

DOCS = Path(__file__).parents[2] / "docs" / "api.md"
ASKED = {
    "asset": "/api/v1/assets/bitcoin",
    "asset_markets": "/api/v1/assets/bitcoin/markets",
    "prices": "/api/v1/prices?ids=bitcoin,ethereum",
    "venue": "/api/v1/venues/coinbase",
    "search": "/api/v1/search?q=coin",
    "markets": "/api/v1/markets?sparkline=true",
    "v3_simple_price": "/api/v3/simple/price?ids=bitcoin&vs_currencies=usd,eur",
    "v3_coins_list": "/api/v3/coins/list?include_platform=true",
    "v3_coins_markets": "/api/v3/coins/markets?vs_currency=usd&sparkline=true",
}
"""Questions that make the fullest answer, by the name of the resource."""


@pytest.fixture
async def document(client: httpx.AsyncClient) -> dict[str, Any]:
    return (await client.get("/api/openapi.json")).json()


def test_the_documented_addresses_are_exactly_those_that_exist(api: FastAPI):
    documented = re.findall(r"^\| `GET (/[^`]+)` \|", DOCS.read_text(), re.MULTILINE)

    assert documented == list(dict.fromkeys(documented))
    assert sorted(documented) == sorted(api.openapi()["paths"])


def test_the_documented_numbers_are_those_of_the_code():
    text = " ".join(DOCS.read_text().split())

    assert f"makes {QUOTA} requests in {WINDOW} seconds" in text
    assert (
        f"A page has at most {PER_PAGE_MAX} rows, a list at most {IDS_MAX} ids,"
        f" an answer at most {POINTS_MAX} candles." in text
    )
    assert POLICY == "default"


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
async def test_every_answer_has_the_shape_it_is_documented_with(
    client: httpx.AsyncClient, resource: Resource[Any]
):
    answer = await client.get(ASKED.get(resource.name, resource.path))

    assert answer.status_code == 200
    shape = TypeAdapter(resource.shape)
    found = shape.validate_json(answer.content)
    # Nothing is answered that the shape does not name.
    assert shape.dump_python(found, exclude_unset=True) == answer.json()


async def test_the_document_is_openapi_3_1(document: dict[str, Any]):
    assert document["openapi"] == "3.1.0"
    for path, operations in document["paths"].items():
        assert list(operations) == ["get"], path


async def test_parameters_are_described_with_what_they_take(document: dict[str, Any]):
    parameters = document["paths"]["/api/v1/markets"]["get"]["parameters"]

    (per_page,) = (one for one in parameters if one["name"] == "per_page")
    assert per_page == {
        "name": "per_page",
        "in": "query",
        "required": False,
        "description": "Takes an integer from 1 to 250.",
        "schema": {
            "default": 100,
            "description": "Rows of one page.",
            "maximum": 250,
            "minimum": 1,
            "title": "Per Page",
            "type": "integer",
        },
    }


async def test_lists_are_described_as_words_with_commas(document: dict[str, Any]):
    (ids, _) = document["paths"]["/api/v1/prices"]["get"]["parameters"]

    assert (ids["style"], ids["explode"], ids["required"]) == ("form", False, True)
    assert (ids["schema"]["minItems"], ids["schema"]["maxItems"]) == (1, 250)


async def test_names_in_a_path_are_described_there(document: dict[str, Any]):
    parameters = document["paths"]["/api/v1/assets/{id}/candles"]["get"]["parameters"]

    assert [(one["name"], one["in"]) for one in parameters] == [
        ("id", "path"),
        ("interval", "query"),
        ("from", "query"),
        ("to", "query"),
    ]


async def test_errors_are_described_as_each_surface_words_them(document: dict[str, Any]):
    def media(path: str) -> list[str]:
        return list(document["paths"][path]["get"]["responses"]["default"]["content"])

    assert media("/api/v1/markets") == ["application/problem+json"]
    assert media("/api/v3/coins/markets") == ["application/json"]


async def test_every_reference_in_the_document_leads_somewhere(document: dict[str, Any]):
    named = set(re.findall(r"#/components/schemas/(\w+)", str(document)))

    assert named <= document["components"]["schemas"].keys()


async def test_every_field_of_a_row_has_an_example_or_says_what_it_is(document: dict[str, Any]):
    row = document["components"]["schemas"]["Row"]["properties"]

    assert row["price"]["examples"] == [91234.5]
    assert row["conf"]["description"] == "Half width of the confidence interval, as a share."


async def test_the_readable_page_names_every_address_and_loads_nothing(client: httpx.AsyncClient):
    page = await client.get("/api/docs")

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert (
        page.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'"
    )
    for resource in RESOURCES:
        assert f"<code>GET {resource.path}</code>" in page.text
    assert not re.search(r"<script|<link|src=", page.text)
    for status in (400, 404, 405, 406, 422, 429, 500, 503):
        assert f"id=error-{status}" in page.text


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
async def test_nothing_of_the_framework_stands_at_the_root(client: httpx.AsyncClient, path: str):
    assert (await client.get(path)).status_code == 404
