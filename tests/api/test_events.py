"""The public ledger over HTTP: pages, filters, and hashes that a reader can check."""

import json
from datetime import UTC, datetime
from hashlib import sha256

import httpx
import pytest
from pydantic import TypeAdapter

from app.api.v1.events import PARTS, EventsAnswer, Part
from app.market.events import Kind, PriceEvent
from app.store import ledger
from app.store.database import Database
from app.store.mirror import Mirror
from tests.api.conftest import api_over, client_of
from tests.api.market import Clock

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DISPUTED = PriceEvent(
    time=NOON,
    kind=Kind.FLAGS,
    asset="ethereum",
    new="disputed",
    detail={"raised": "disputed", "cleared": ""},
)
CORRECTION = PriceEvent(
    time=NOON,
    kind=Kind.CORRECTION,
    asset="bitcoin",
    old="91234.5",
    new="64234.5",
    reason="Größe vertauscht",
    detail={"field": "price", "from": "2026-11-22T11:00:00+00:00"},
)
TRIPPED = PriceEvent(time=NOON, kind=Kind.BREAKER_TRIPPED, asset="bitcoin")
HELD = PriceEvent(time=NOON, kind=Kind.STATUS, asset="bitcoin", old="ok", new="held")
EVENTS = (HELD, DISPUTED, CORRECTION, TRIPPED)


async def answered(
    mirror: Mirror, clock: Clock, database: Database, *paths: str, **headers: str
) -> list[httpx.Response]:
    async with client_of(api_over(mirror, clock, database)) as client:
        return [await client.get(f"/api/v1/{path}", headers=headers) for path in paths]


@pytest.fixture
async def filled(database: Database) -> Database:
    async with database.connection() as connection:
        await ledger.append(connection, EVENTS)
    return database


@pytest.mark.store
@pytest.mark.parametrize(
    ("path", "sequences"),
    [
        ("events", [4, 3, 2, 1]),
        ("events?asset=ethereum", [2]),
        ("events?kind=status", [1]),
        ("events?kind=correction&asset=bitcoin&before=4", [3]),
        ("events?before=3", [2, 1]),
        ("corrections", [3]),
        ("corrections?asset=ethereum", []),
        ("incidents", [4, 2]),
        ("incidents?kind=flags", [2]),
        ("incidents?asset=bitcoin", [4]),
    ],
)
async def test_events_are_answered_newest_first_and_filtered(
    mirror: Mirror, clock: Clock, filled: Database, path: str, sequences: list[int]
):
    (answer,) = await answered(mirror, clock, filled, path)

    assert answer.status_code == 200
    assert [row["sequence"] for row in answer.json()["data"]] == sequences


@pytest.mark.store
async def test_a_page_names_the_next_one_until_there_is_none(
    mirror: Mirror, clock: Clock, filled: Database
):
    first, last = await answered(
        mirror, clock, filled, "events?per_page=2", "events?per_page=2&before=3"
    )

    assert (first.json()["next"], last.json()["next"]) == (3, None)
    assert [row["sequence"] for row in (*first.json()["data"], *last.json()["data"])] == [
        4,
        3,
        2,
        1,
    ]


@pytest.mark.store
async def test_a_reader_checks_every_hash_and_that_they_end_in_the_head(
    mirror: Mirror, clock: Clock, filled: Database
):
    (answer,) = await answered(mirror, clock, filled, "events")

    before = "0" * 64
    for row in reversed(answer.json()["data"]):
        own = row.pop("hash")
        canonical = json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert row["previous_hash"] == before
        assert sha256(canonical.encode()).hexdigest() == own
        before = own
    assert answer.json()["head"] == {"sequence": 4, "hash": before}


@pytest.mark.store
async def test_a_correction_tells_both_values_the_interval_and_the_reason(
    mirror: Mirror, clock: Clock, filled: Database
):
    (answer,) = await answered(mirror, clock, filled, "corrections")

    (row,) = answer.json()["data"]
    assert len(row.pop("hash")) == len(row.pop("previous_hash")) == 64
    assert row == {
        "time": "2026-11-22T12:00:00Z",
        "kind": "correction",
        "asset": "bitcoin",
        "venue": "",
        "symbol": "",
        "old": "91234.5",
        "new": "64234.5",
        "reason": "Größe vertauscht",
        "detail": {"field": "price", "from": "2026-11-22T11:00:00+00:00"},
        "sequence": 3,
    }


@pytest.mark.store
@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.path)
async def test_every_answer_has_the_shape_it_is_documented_with(
    mirror: Mirror, clock: Clock, filled: Database, part: Part
):
    (answer,) = await answered(mirror, clock, filled, part.path.removeprefix("/api/v1/"))

    shape = TypeAdapter(EventsAnswer)
    found = shape.validate_json(answer.content)
    assert shape.dump_python(found, exclude_unset=True) == answer.json()


@pytest.mark.store
async def test_an_answer_is_not_sent_again_until_the_ledger_grows(
    mirror: Mirror, clock: Clock, filled: Database
):
    (first,) = await answered(mirror, clock, filled, "events")
    held = {"If-None-Match": first.headers["etag"]}
    (second,) = await answered(mirror, clock, filled, "events", **held)
    async with filled.connection() as connection:
        await ledger.append(connection, [HELD])
    (third,) = await answered(mirror, clock, filled, "events", **held)

    assert (second.status_code, second.content) == (304, b"")
    assert (third.status_code, third.json()["head"]["sequence"]) == (200, 5)


@pytest.mark.store
async def test_an_empty_ledger_has_a_head_and_no_events(
    mirror: Mirror, clock: Clock, database: Database
):
    (answer,) = await answered(mirror, clock, database, "incidents")

    assert answer.json() == {
        "source": "sandbox",
        "head": {"sequence": 0, "hash": "0" * 64},
        "next": None,
        "data": [],
    }


@pytest.mark.unit
@pytest.mark.parametrize(
    ("query", "parameter", "accepted"),
    [
        (
            "events?kind=rumour",
            "kind",
            "one of status, flags, breaker_tripped, breaker_released, correction, pin, unpin,"
            " approve, remap, disable, enable, restrict, unrestrict, redenomination, xcheck",
        ),
        (
            "incidents?kind=correction",
            "kind",
            "one of breaker_tripped, breaker_released, xcheck, flags",
        ),
        ("corrections?kind=pin", "kind", "asset, before, per_page"),
        ("events?before=0", "before", "an integer from 1 to 9007199254740991"),
        ("events?per_page=0", "per_page", "an integer from 1 to 250"),
    ],
)
async def test_a_parameter_that_is_refused_names_what_it_takes(
    client: httpx.AsyncClient, query: str, parameter: str, accepted: str
):
    answer = await client.get(f"/api/v1/{query}")

    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["parameter"], error["accepted"]) == (parameter, accepted)


@pytest.mark.unit
async def test_events_of_an_unknown_asset_are_404(client: httpx.AsyncClient):
    answer = await client.get("/api/v1/events?asset=bitcon")

    assert (answer.status_code, answer.json()["near"]) == (404, ["bitcoin"])


@pytest.mark.unit
@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.path)
async def test_while_postgres_is_away_the_ledger_is_503(client: httpx.AsyncClient, part: Part):
    answer = await client.get(part.path)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
