"""An answer says how old it is, and calls old prices stale."""

from math import inf

import httpx
import numpy as np
import pytest

from app.api.freshness import milliseconds, rfc3339
from app.store.mirror import Mirror
from tests.api.conftest import api_over, client_of
from tests.api.market import (
    AS_OF,
    ASSETS,
    ROWS,
    TIME,
    Clock,
    empty_mirror,
    load,
    registry,
    snapshot,
)

pytestmark = pytest.mark.unit


async def statuses(client: httpx.AsyncClient) -> list[str]:
    rows = (await client.get("/api/v1/markets")).json()["data"]
    return [row["status"] for row in rows]


async def test_up_to_five_seconds_of_silence_nothing_is_stale(
    client: httpx.AsyncClient, clock: Clock
):
    clock.now += 5.0
    body = (await client.get("/api/v1/global")).json()

    assert (body["status"], body["age_ms"]) == ("ok", 5000)
    assert await statuses(client) == ["ok", "degraded", "held", "ok", "unavailable"]


async def test_after_five_seconds_of_silence_every_price_is_stale(
    client: httpx.AsyncClient, clock: Clock
):
    clock.now += 5.25
    body = (await client.get("/api/v1/prices?ids=bitcoin,first-neiro")).json()

    assert (body["as_of"], body["age_ms"], body["status"]) == (AS_OF, 5250, "stale")
    assert [quote["status"] for quote in body["data"]] == ["stale", "unavailable"]
    assert body["data"][0]["age_ms"] == 5750
    assert await statuses(client) == ["stale", "stale", "stale", "stale", "unavailable"]


async def test_the_status_filter_sees_what_the_rows_say(client: httpx.AsyncClient, clock: Clock):
    clock.now += 6

    assert (await client.get("/api/v1/markets?status=stale")).json()["total"] == 4
    assert (await client.get("/api/v1/markets?status=ok")).json()["total"] == 0


async def test_a_market_whose_indexer_was_never_heard_is_stale_and_of_unknown_age(clock: Clock):
    mirror = empty_mirror(clock)
    await load(mirror, registry(), snapshot())
    async with client_of(api_over(mirror, clock)) as client:
        body = (await client.get("/api/v1/global")).json()

    assert (body["as_of"], body["age_ms"], body["status"]) == (AS_OF, None, "stale")


async def test_a_clock_that_was_set_back_makes_no_negative_age(
    client: httpx.AsyncClient, clock: Clock
):
    clock.now -= 3600

    body = (await client.get("/api/v1/prices?ids=bitcoin")).json()
    assert (body["age_ms"], body["data"][0]["age_ms"]) == (0, 500)


async def test_a_market_without_a_single_price_is_not_ready(clock: Clock):
    mirror = empty_mirror(clock)
    await load(mirror, registry(), snapshot())
    assert mirror.snapshot is not None
    object.__setattr__(mirror.snapshot.totals, "assets", 0)
    async with client_of(api_over(mirror, clock)) as client:
        answer = await client.get("/readyz")

    assert answer.json()["detail"] == "The market has no price yet."


async def test_numbers_that_are_not_finite_are_null(client: httpx.AsyncClient, mirror: Mirror):
    infinite = [*ROWS[:2], {**ROWS[2], "price": inf, "high_24h": -inf}, *ROWS[3:]]
    mirror.snapshot = snapshot(8, rows=infinite)

    answer = await client.get("/api/v1/markets?ids=bitcoin")

    assert (b"NaN" in answer.content, b"Infinity" in answer.content) == (False, False)
    (row,) = answer.json()["data"]
    assert (row["price"], row["high_24h"]) == (None, None)


async def test_votes_of_another_registry_are_not_used(client: httpx.AsyncClient, mirror: Mirror):
    await load(mirror, registry(2), _of_registry(2))

    assert (await client.get("/api/v1/assets/bitcoin/markets")).status_code == 503
    assert (await client.get("/api/v1/venues")).json()["data"][0]["volume_24h"] is None


async def test_sparklines_that_lag_behind_the_registry_are_null(
    client: httpx.AsyncClient, mirror: Mirror
):
    mirror.sparks = np.empty((0, 56), dtype=np.float32)

    rows = (await client.get("/api/v1/markets?sparkline=true")).json()["data"]
    assert [row["sparkline"] for row in rows] == [None] * 5


async def test_a_new_registry_is_searched_at_once(client: httpx.AsyncClient, mirror: Mirror):
    await client.get("/api/v1/search?q=renamed")
    renamed = [ASSETS[0].__class__("euro", "EUR", "Renamed", ASSETS[1].tier)]
    await load(mirror, registry(2, [ASSETS[0], *renamed, *ASSETS[2:]]), _of_registry(2))

    body = (await client.get("/api/v1/search?q=renamed")).json()
    assert [hit["id"] for hit in body["assets"]] == ["euro"]


def test_times_are_utc_with_milliseconds():
    assert (rfc3339(TIME), rfc3339(float("nan"))) == (AS_OF, None)


def test_ages_are_whole_milliseconds():
    assert (milliseconds(0.0506), milliseconds(-1.0), milliseconds(inf)) == (51, 0, None)


def _of_registry(version: int):
    made = snapshot(9)
    return type(made)(9, version, TIME, "sandbox", made.totals, made.columns)
