"""Receipts over HTTP: what is told, what is refused, and what is said when none can be made."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import numpy as np
import pytest
from redis.exceptions import ConnectionError as RedisAway

from app.api.v1.receipt_schemas import ReceiptAnswer
from app.market.frame import Frame, encode_frame
from app.market.index import METHOD, first_state, step
from app.market.layout import lay_out
from app.market.quotes import Quote, QuoteBoard
from app.market.snapshot import MarketSnapshot
from app.market.verdict import Flag
from app.store import keys
from app.store.mirror import Mirror
from tests.api.conftest import api_over, client_of
from tests.api.market import AS_OF, TIME, Clock, hear, load, registry, snapshot

pytestmark = pytest.mark.unit

PATH = "/api/v1/receipts/bitcoin"
BITCOIN = 2
COINBASE, UPBIT = 0, 2
"""Markets of bitcoin; the others are silent."""


class Shelf:
    """What stands under the key of the frame, or a Redis that is away; counts who asks."""

    def __init__(self, body: bytes | None) -> None:
        self.body = body
        self.away = False
        self.reads = 0

    async def get(self, key: str) -> bytes | None:
        assert key == keys.FRAME
        self.reads += 1
        if self.away:
            raise RedisAway("nobody listens")
        return self.body


def inputs(version: int = 7, *, registry_version: int = 1) -> tuple[Frame, MarketSnapshot]:
    """Bitcoin at one operator in dollars and at one that is closed off; and what was published."""
    layout = lay_out(registry())
    board = QuoteBoard(len(layout.registry.markets))
    board.put(COINBASE, Quote("", 50_000.0, 49_990.0, 50_010.0, turnover=4e9, time=TIME), TIME)
    board.put(UPBIT, Quote("", 41_000.0, turnover=1e8, time=TIME - 2.0), TIME)
    board.settle()
    before = first_state(layout.registry)
    _, prices, _ = step(before, board.columns(), layout, TIME)
    published = snapshot(version)
    columns = {
        **published.columns,
        "price": prices.price,
        "status": prices.status.astype(np.uint8),
        "flags": prices.flags | np.uint32(Flag.XCHECK_FAIL),
    }
    frame = Frame(version, registry_version, TIME, "sandbox", board.columns(), before)
    return frame, replace(published, columns=columns)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(encode_frame(inputs()[0]))


@pytest.fixture
async def mirror(clock: Clock, shelf: Shelf) -> Mirror:
    mirror = Mirror(shelf, clock=clock)  # pyright: ignore[reportArgumentType] - one method is asked
    await load(mirror, registry(), snapshot(6))
    await hear(mirror, inputs()[1])
    return mirror


@pytest.fixture
async def client(mirror: Mirror, clock: Clock) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(api_over(mirror, clock)) as client:
        yield client


async def test_a_receipt_has_its_documented_shape_and_nothing_else(client: httpx.AsyncClient):
    answer = await client.get(PATH)

    assert answer.status_code == 200
    shape = ReceiptAnswer.model_validate_json(answer.content)
    assert shape.model_dump(exclude_unset=True) == answer.json()
    assert answer.json() | {"data": None} == {
        "as_of": AS_OF,
        "age_ms": 0,
        "status": "ok",
        "source": "sandbox",
        "version": 7,
        "data": None,
    }


async def test_a_receipt_says_who_voted_and_who_was_left_out(client: httpx.AsyncClient):
    data = (await client.get(PATH)).json()["data"]

    assert (data["asset"], data["symbol"], data["method"], data["version"]) == (
        "bitcoin",
        "BTC",
        METHOD,
        7,
    )
    assert (data["time"], data["tier"], data["status"]) == (AS_OF, "major", "degraded")
    assert data["quorum"] == {
        "operators": 1,
        "implied": False,
        "survivors": 1,
        "survivors_needed": 3,
        "surviving_share": 1.0,
        "share_needed": 0.5,
    }
    (vote,) = data["contributors"]
    assert (vote["venue"], vote["symbol"], vote["raw"]) == ("coinbase", "BTC-USD", 50_000.0)
    assert vote["conversion"] == {"quote": "usd", "factor": 1.0, "confidence": 0.0}
    assert (vote["weight_before"], vote["weight"]) == (1.0, 1.0)
    left_out = {(line["venue"], line["symbol"]): line for line in data["rejections"]}
    assert {key: (line["rule"], line["flag"]) for key, line in left_out.items()} == {
        ("kraken", "BTC/EUR"): ("S1", "invalid_input"),
        ("kraken", "BTC/USDT"): ("S1", "invalid_input"),
        ("upbit", "KRW-BTC"): ("S10", "premium_market"),
    }


async def test_what_is_unknown_is_null(client: httpx.AsyncClient):
    data = (await client.get(PATH)).json()["data"]

    assert data["carried"] == {"good": None, "good_at": None, "pending_since": None}
    silent = next(line for line in data["rejections"] if line["symbol"] == "BTC/EUR")
    assert [silent[name] for name in ("raw", "price", "measured", "threshold")] == [None] * 4


async def test_a_receipt_that_gives_the_published_bits_says_so(client: httpx.AsyncClient):
    data = (await client.get(PATH)).json()["data"]

    assert data["reproduced"] is True
    assert data["published"]["price"] == data["price"]
    assert data["published"]["status"] == "degraded"
    # What slower checks found out is published, and no part of the cycle.
    assert data["published"]["flags"] == [*data["flags"], "xcheck_fail"]


async def test_one_bit_of_difference_is_told(client: httpx.AsyncClient, mirror: Mirror):
    told = inputs()[1]
    told.columns["price"].flags.writeable = True
    told.columns["price"][BITCOIN] *= 1 + 2**-52
    mirror._versions.clear()
    await mirror._announce(told)

    assert (await client.get(PATH)).json()["data"]["reproduced"] is False


async def test_another_status_is_told(client: httpx.AsyncClient, mirror: Mirror):
    told = inputs()[1]
    told.columns["status"].flags.writeable = True
    told.columns["status"][BITCOIN] = 4
    mirror._versions.clear()
    await mirror._announce(told)

    assert (await client.get(PATH)).json()["data"]["reproduced"] is False


async def test_a_version_that_is_not_at_hand_is_neither_same_nor_different(
    client: httpx.AsyncClient, shelf: Shelf
):
    shelf.body = encode_frame(inputs(5)[0])

    data = (await client.get(PATH)).json()["data"]

    assert (data["version"], data["published"], data["reproduced"]) == (5, None, None)


async def test_the_last_twelve_versions_are_at_hand(clock: Clock, shelf: Shelf):
    mirror = Mirror(shelf, clock=clock)  # pyright: ignore[reportArgumentType] - one method is asked
    await load(mirror, registry(), snapshot(1))
    for version in range(2, 14):
        await hear(mirror, snapshot(version))

    assert mirror.published(BITCOIN, version=1, time=TIME) is None
    found = mirror.published(BITCOIN, version=2, time=TIME)
    assert found is not None
    assert (found.price, found.status, found.flags) == (50_000.0, 4, 0)
    assert mirror.published(BITCOIN, version=2, time=TIME + 1) is None


async def test_a_frame_is_read_once_a_second_for_everyone(
    client: httpx.AsyncClient, shelf: Shelf, clock: Clock
):
    await client.get(PATH)
    await client.get("/api/v1/receipts/ethereum")
    clock.now += 0.999
    await client.get(PATH)
    assert shelf.reads == 1

    clock.now += 0.001
    await client.get(PATH)
    assert shelf.reads == 2


async def test_a_caller_that_has_this_receipt_is_told_so(client: httpx.AsyncClient, clock: Clock):
    first = await client.get(PATH)
    again = await client.get(PATH, headers={"If-None-Match": first.headers["etag"]})
    clock.now += 3.0
    later = await client.get(PATH, headers={"If-None-Match": first.headers["etag"]})

    assert first.headers["cache-control"].startswith("public, max-age=1,")
    assert (again.status_code, again.content) == (304, b"")
    assert (later.status_code, later.json()["age_ms"]) == (200, 3000)


async def test_an_unknown_asset_is_404_with_near_names(client: httpx.AsyncClient):
    near = await client.get("/api/v1/receipts/bitcon")
    ticker = await client.get("/api/v1/receipts/NEIRO")

    assert (near.status_code, near.json()["near"]) == (404, ["bitcoin"])
    assert ticker.status_code == 404
    assert [one["id"] for one in ticker.json()["candidates"]] == ["neiro", "first-neiro"]


@pytest.mark.parametrize("at", ["2026-11-22T20:39:00Z", "1795379940", "", "yesterday"])
async def test_a_receipt_of_the_past_is_refused_with_the_reason(client: httpx.AsyncClient, at: str):
    answer = await client.get(PATH, params={"at": at})

    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {
            "parameter": "at",
            "accepted": "no time yet, as receipts of the past are not kept"
            " (leave it out for the newest)",
            "received": at,
            "problem": "refused",
        }
    ]


async def refusal(client: httpx.AsyncClient) -> tuple[int, str, str]:
    answer = await client.get(PATH)
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.headers["retry-after"], answer.json()["detail"]


async def test_while_redis_is_away_receipts_are_503_and_prices_go_on(
    client: httpx.AsyncClient, shelf: Shelf, clock: Clock
):
    shelf.away = True

    assert await refusal(client) == (
        503,
        "1",
        "What prices are made of cannot be read for the moment; ask again in a second.",
    )
    assert (await client.get("/api/v1/prices?ids=bitcoin")).status_code == 200
    shelf.away = False
    clock.now += 1.0
    assert (await client.get(PATH)).status_code == 200


async def test_before_the_first_frame_there_is_no_receipt(client: httpx.AsyncClient, shelf: Shelf):
    shelf.body = None

    assert await refusal(client) == (
        503,
        "1",
        "The inputs of no price have been published yet; ask again in a second.",
    )


async def test_a_frame_of_another_codec_is_no_mistake_of_the_caller(
    client: httpx.AsyncClient, shelf: Shelf
):
    shelf.body = b"\x93\x01\x02\x03"

    assert await refusal(client) == (
        503,
        "1",
        "The inputs were written by another version of this service; ask again in a minute.",
    )


async def test_a_frame_of_another_registry_is_not_explained_with_this_one(
    client: httpx.AsyncClient, shelf: Shelf
):
    shelf.body = encode_frame(inputs(registry_version=2)[0])

    assert await refusal(client) == (
        503,
        "1",
        "The list of assets and markets has just changed; ask again in a second.",
    )
