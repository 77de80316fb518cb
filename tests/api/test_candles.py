"""History over HTTP: spans, times, and what is said when Postgres is away."""

from datetime import UTC, datetime

import httpx
import numpy as np
import pytest

from app.api.v1.candles import CandlesQuery, Span, span_of
from app.market.candles import Candles
from app.store.candles import create_partitions, write_candles
from app.store.database import Database
from app.store.mirror import Mirror
from tests.api.conftest import api_over, client_of
from tests.api.market import TIME, Clock

MINUTE = int(TIME) // 60 * 60
"""2026-11-22T20:39:00Z"""
PATH = "/api/v1/assets/bitcoin/candles"
BITCOIN = 2


def span(**asked: object) -> Span:
    query = CandlesQuery.model_validate({"id": "bitcoin", "interval": "1m", **asked})
    return span_of(query, now=TIME)


@pytest.mark.unit
def test_without_a_span_the_newest_500_candles_are_meant():
    until = MINUTE + 60

    assert span() == Span(until - 500 * 60, until)


@pytest.mark.unit
@pytest.mark.parametrize(
    "since", [MINUTE - 600, str(MINUTE - 600), "2026-11-22T20:29:00Z", "2026-11-22T21:29:00+01:00"]
)
def test_a_time_is_epoch_seconds_or_rfc_3339(since: object):
    assert span(**{"from": since}) == Span(MINUTE - 600, MINUTE + 60)


@pytest.mark.unit
def test_a_span_covers_the_candles_that_begin_in_it():
    assert span(**{"from": MINUTE - 90, "to": MINUTE + 1}) == Span(MINUTE - 60, MINUTE + 60)


@pytest.mark.unit
def test_ten_thousand_candles_are_not_too_many():
    assert span(**{"from": MINUTE - 600_000, "to": MINUTE}) == Span(MINUTE - 600_000, MINUTE)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("query", "parameter", "accepted"),
    [
        (
            f"interval=1m&from={MINUTE - 600_060}&to={MINUTE}",
            "from",
            "a time from 2026-11-15T21:59:00.000Z to 2026-11-22T20:38:00.000Z: at most 10000"
            " candles of 1m before `to`",
        ),
        (
            f"from={MINUTE}&to={MINUTE - 7200}",
            "from",
            "a time from 2025-10-02T03:00:00.000Z to 2026-11-22T18:00:00.000Z: at most 10000"
            " candles of 1h before `to`",
        ),
        ("interval=2m", "interval", "one of 1m, 1h"),
        *(
            (
                f"from={wrong}",
                "from",
                "epoch seconds, or RFC 3339 such as 2026-11-22T20:39:00Z",
            )
            for wrong in ("yesterday", "2026-11-22T20:29:00", "nan", "inf", "-1", "1e300", "")
        ),
    ],
)
async def test_a_span_that_is_refused_names_the_one_that_is_accepted(
    client: httpx.AsyncClient, query: str, parameter: str, accepted: str
):
    answer = await client.get(f"{PATH}?{query}")

    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["parameter"], error["accepted"]) == (parameter, accepted)


@pytest.mark.unit
async def test_candles_of_an_unknown_asset_are_404(client: httpx.AsyncClient):
    answer = await client.get("/api/v1/assets/bitcon/candles")

    assert (answer.status_code, answer.json()["near"]) == (404, ["bitcoin"])


@pytest.mark.unit
async def test_while_postgres_is_away_history_is_503_and_prices_go_on(client: httpx.AsyncClient):
    candles, prices = await client.get(PATH), await client.get("/api/v1/prices?ids=bitcoin")

    assert (candles.status_code, candles.headers["retry-after"]) == (503, "5")
    assert candles.json()["detail"] == "History is away for the moment; live prices go on."
    assert prices.status_code == 200


@pytest.mark.store
async def test_stored_candles_are_answered_as_arrays_of_equal_length(
    mirror: Mirror, clock: Clock, database: Database
):
    await store(database)
    async with client_of(api_over(mirror, clock, database)) as client:
        answer = await client.get(f"{PATH}?interval=1m")
        again = await client.get(
            f"{PATH}?interval=1m", headers={"If-None-Match": answer.headers["etag"]}
        )

    assert answer.headers["cache-control"].startswith("public, max-age=1,")
    assert answer.json() == {
        "id": "bitcoin",
        "interval": "1m",
        "time": [MINUTE - 120, MINUTE - 60],
        "open": [1.0, 2.0],
        "high": [3.0, 4.0],
        "low": [0.5, 1.5],
        "close": [2.0, 3.0],
        "volume": [1e9, None],
        "source": "sandbox",
    }
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.store
async def test_a_span_that_has_closed_may_be_kept_for_long(
    mirror: Mirror, clock: Clock, database: Database
):
    await store(database)
    async with client_of(api_over(mirror, clock, database)) as client:
        answer = await client.get(f"{PATH}?interval=1m&to={MINUTE - 60}")

    assert answer.json()["time"] == [MINUTE - 120]
    assert answer.headers["cache-control"] == "public, max-age=3600, stale-if-error=86400"


async def store(database: Database) -> None:
    first = np.array([1.0, 2.0])
    candles = Candles(
        np.full(2, BITCOIN, dtype=np.int64),
        np.array([MINUTE - 120, MINUTE - 60]),
        first,
        first + 2,
        first - 0.5,
        first + 1,
        np.array([1e9, np.nan]),
    )
    async with database.connection() as connection:
        await create_partitions(connection, today=datetime.fromtimestamp(MINUTE, UTC), days=1)
        await write_candles(connection, "1m", candles, source="sandbox")
