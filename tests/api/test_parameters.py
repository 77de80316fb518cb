"""Parameters that are refused, and what the refusal says."""

from contextlib import suppress
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.errors import ParameterError
from app.api.parameters import read
from app.api.server import RESOURCES
from app.api.v1.candles import CandlesQuery

pytestmark = pytest.mark.unit

MANY = ",".join(f"a{number}" for number in range(251))
KNOWN = "vs_currency, ids, category, status, sort, direction, page, per_page, sparkline"


@pytest.mark.parametrize(
    ("path", "status", "parameter", "accepted"),
    [
        ("markets?per_page=251", 400, "per_page", "an integer from 1 to 250"),
        ("markets?per_page=0", 422, "per_page", "an integer from 1 to 250"),
        ("markets?page=-1", 422, "page", "an integer from 1 to 100000"),
        ("markets?page=0", 422, "page", "an integer from 1 to 100000"),
        ("markets?page=", 422, "page", "an integer from 1 to 100000"),
        ("markets?page=two", 422, "page", "an integer from 1 to 100000"),
        ("markets?page=" + "9" * 5000, 422, "page", "an integer from 1 to 100000"),
        (
            "markets?sort=beauty",
            422,
            "sort",
            "one of rank, name, price, change_1h, change_24h, change_7d, volume_24h, market_cap,"
            " circulating, sources, confidence",
        ),
        ("markets?direction=up", 422, "direction", "one of asc, desc"),
        (
            "markets?status=fine",
            422,
            "status",
            "one of unavailable, stale, held, degraded, ok",
        ),
        ("markets?category=cats", 422, "category", "one of layer-1, meme, stablecoin"),
        ("markets?sparkline=maybe", 422, "sparkline", "true or false"),
        (f"markets?ids={MANY}", 422, "ids", "0 to 250 values separated by commas"),
        ("markets?colour=red", 422, "colour", KNOWN),
        ("prices", 422, "ids", "1 to 250 values separated by commas"),
        ("prices?ids=,,", 422, "ids", "1 to 250 values separated by commas"),
        ("prices?ids=bitcoin&vs=", 422, "vs", "text of 1 to 100 characters"),
        ("assets/bitcoin?id=ethereum", 422, "id", "id"),
        ("assets/bitcoin?full=1", 422, "full", "id"),
        ("global?x=1", 422, "x", "no parameters"),
        ("search", 422, "q", "text of 1 to 100 characters"),
        ("search?q=%20", 422, "q", "text of 1 to 100 characters"),
        (f"search?q={'b' * 101}", 422, "q", "text of 1 to 100 characters"),
        ("search?q=b&limit=51", 422, "limit", "an integer from 1 to 50"),
    ],
)
async def test_a_refusal_names_the_parameter_and_what_it_takes(
    client: httpx.AsyncClient, path: str, status: int, parameter: str, accepted: str
):
    answer = await client.get(f"/api/v1/{path}")

    assert answer.status_code == status
    (error,) = answer.json()["errors"]
    assert (error["parameter"], error["accepted"]) == (parameter, accepted)


async def test_a_refusal_names_every_mistake_in_one_go(client: httpx.AsyncClient):
    answer = await client.get("/api/v1/markets?per_page=500&page=0&colour=red")

    assert answer.status_code == 422
    assert answer.json()["detail"] == (
        "page takes an integer from 1 to 100000, not '0'. "
        "per_page takes an integer from 1 to 250, not '500'. "
        f"colour is unknown: this address knows {KNOWN}."
    )


async def test_a_missing_parameter_is_called_missing(client: httpx.AsyncClient):
    assert (await client.get("/api/v1/search")).json()["errors"] == [
        {
            "parameter": "q",
            "accepted": "text of 1 to 100 characters",
            "received": None,
            "problem": "missing",
        }
    ]


MODELS = [*{resource.query for resource in RESOURCES}, CandlesQuery]
ODD = ["", "0", "-1", "nan", "1e400", "true", "usd", "0001-01-01T00:00:00+14:00", "9" * 5000]


@given(model=st.sampled_from(MODELS), data=st.data())
def test_whatever_is_asked_is_read_or_refused(model: type, data: st.DataObject):
    fields = model.model_fields.items()
    names = st.sampled_from([field.alias or name for name, field in fields] + ["other"])
    values = st.sampled_from(ODD) | st.text()
    asked = data.draw(st.lists(st.tuples(names, values), max_size=4))
    query = "&".join(f"{name}={quote(value, errors='replace')}" for name, value in asked)

    with suppress(ParameterError):
        assert isinstance(read(model, query, {}), model)
