"""Answers are made once per view and version, tagged, and compressed where that pays."""

import gzip

import httpx
import pytest
import zstandard
from fastapi import FastAPI

from app.api.caching import Ready, Shelf, chosen, matches
from app.store.mirror import Mirror
from tests.api.market import Clock, hear, snapshot

pytestmark = pytest.mark.unit

MARKETS = "/api/v1/markets"
PRICES = "public, max-age=1, stale-while-revalidate=5, stale-if-error=60"


async def sent(api: FastAPI, path: str, **headers: str) -> tuple[dict[str, str], bytes]:
    """Headers and bytes as they travel; httpx would unpack the body."""
    messages = []

    async def receive():
        return {"type": "http.request"}

    async def send(message):
        messages.append(message)

    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": raw,
        "client": ("203.0.113.7", 1),
    }
    await api(scope, receive, send)
    return {name.decode(): value.decode() for name, value in messages[0]["headers"]}, messages[1][
        "body"
    ]


@pytest.mark.parametrize("path", [MARKETS, "/api/v1/assets/bitcoin", "/api/v3/coins/list"])
async def test_a_caller_that_holds_the_answer_gets_304(client: httpx.AsyncClient, path: str):
    first = await client.get(path)
    second = await client.get(path, headers={"If-None-Match": first.headers["etag"]})

    assert (second.status_code, second.content) == (304, b"")
    for name in ("etag", "cache-control", "vary", "access-control-allow-origin", "ratelimit"):
        assert name in second.headers
    assert second.headers["etag"] == first.headers["etag"]


async def test_304_comes_before_any_work(client: httpx.AsyncClient, mirror: Mirror):
    tag = (await client.get(MARKETS)).headers["etag"]
    assert mirror.snapshot is not None
    # Nothing can be made of this snapshot any more, but nothing has to be.
    mirror.snapshot.columns.clear()  # pyright: ignore[reportAttributeAccessIssue]

    assert (await client.get(MARKETS, headers={"If-None-Match": tag})).status_code == 304


async def test_the_tag_changes_with_the_published_version(
    client: httpx.AsyncClient, mirror: Mirror
):
    first = await client.get(MARKETS)
    await hear(mirror, snapshot(8))
    second = await client.get(MARKETS, headers={"If-None-Match": first.headers["etag"]})

    assert (second.status_code, second.json()["version"]) == (200, 8)


async def test_the_tag_of_a_restarted_indexer_is_another_one(
    client: httpx.AsyncClient, mirror: Mirror
):
    first = await client.get(MARKETS)
    mirror.snapshot = snapshot(7, time=mirror.snapshot.time + 60 if mirror.snapshot else 0.0)
    second = await client.get(MARKETS, headers={"If-None-Match": first.headers["etag"]})

    assert second.status_code == 200


async def test_views_and_codings_have_different_tags(api: FastAPI, client: httpx.AsyncClient):
    tags = {
        (await client.get(MARKETS)).headers["etag"],
        (await client.get(MARKETS + "?page=2")).headers["etag"],
        (await sent(api, MARKETS))[0]["etag"],
        (await sent(api, MARKETS, accept_encoding="gzip"))[0]["etag"],
    }

    assert len(tags) == 4


async def test_cache_control_fits_what_is_answered(client: httpx.AsyncClient):
    async def cache_control(path: str) -> str:
        return (await client.get(path)).headers["cache-control"]

    assert await cache_control(MARKETS) == PRICES
    assert (await cache_control("/api/v1/assets")).startswith("public, max-age=60,")
    assert await cache_control("/api/v3/ping") == "no-store"
    assert await cache_control("/api/v1/nowhere") == "no-store"


async def test_a_large_body_is_compressed_as_the_caller_likes(api: FastAPI):
    _, plain = await sent(api, MARKETS)
    gzip_headers, gzipped = await sent(api, MARKETS, accept_encoding="br, gzip")
    zstd_headers, packed = await sent(api, MARKETS, accept_encoding="gzip, zstd")

    assert (gzip_headers["content-encoding"], zstd_headers["content-encoding"]) == ("gzip", "zstd")
    assert gzip.decompress(gzipped) == plain == zstandard.decompress(packed)
    assert gzip_headers["content-length"] == str(len(gzipped))
    assert gzip_headers["vary"] == "Accept-Encoding"


async def test_a_small_body_is_not_compressed(api: FastAPI):
    headers, body = await sent(api, "/api/v1/global", accept_encoding="gzip")

    assert "content-encoding" not in headers
    assert body.startswith(b'{"as_of"')


async def test_half_a_letter_in_a_path_is_an_unknown_name(api: FastAPI):
    headers, body = await sent(api, "/api/v1/assets/\udcff")

    assert headers["content-type"] == "application/problem+json"
    assert b"No asset has the id '?'." in body


async def test_ready_bytes_are_used_again(api: FastAPI):
    first, second = await sent(api, MARKETS), await sent(api, MARKETS)

    assert first[1] is second[1]


async def test_while_the_indexer_is_silent_answers_are_made_anew_each_second(
    client: httpx.AsyncClient, clock: Clock
):
    ages = []
    for seconds in (0.5, 0.9, 1.5, 1.9, 2.5):
        clock.now = clock.now - clock.now % 1 + 0.25 + seconds
        ages.append((await client.get(MARKETS)).json()["age_ms"])
        clock.now -= seconds

    assert ages == [500, 500, 1500, 1500, 2500]


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        (b"", ""),
        (b"identity", ""),
        (b"br", ""),
        (b"GZIP", "gzip"),
        (b"gzip;q=0.5, br", "gzip"),
        (b"zstd;q=0, gzip", "gzip"),
        (b"gzip, deflate, br, zstd", "zstd"),
    ],
)
def test_the_coding_is_one_that_the_caller_accepts(accepted: bytes, coding: str):
    assert chosen(accepted) == coding


@pytest.mark.parametrize(
    ("held", "expected"),
    [(b'"a"', True), (b'W/"a"', True), (b'"b", "a"', True), (b'"b"', False), (b"a", False)],
)
def test_a_tag_matches_weakly_and_in_lists(held: bytes, expected: bool):
    assert matches(held, b'"a"') is expected


def test_a_full_shelf_forgets_what_was_unused_longest():
    shelf = Shelf(size_max=2500)
    ready = Ready(200, [], b"x" * 500)
    shelf.put(b"a", "", "1", ready)
    shelf.put(b"b", "", "1", ready)
    shelf.get(b"a", "", "1")
    shelf.put(b"c", "", "1", ready)

    assert [shelf.get(view, "", "1") for view in (b"a", b"b", b"c")] == [ready, None, ready]


def test_a_newer_stamp_takes_the_place_of_the_older():
    shelf = Shelf()
    ready = Ready(200, [], b"x")
    shelf.put(b"a", "", "1", ready)
    shelf.put(b"a", "", "2", ready)

    assert (len(shelf), shelf.get(b"a", "", "1"), shelf.get(b"a", "", "2")) == (1, None, ready)
