"""What holds for every answer: headers, methods, errors as bodies."""

from dataclasses import replace

import httpx
import pytest
from structlog.testing import capture_logs

from app.store.mirror import Mirror
from tests.api.conftest import api_over, client_of
from tests.api.market import Clock, empty_mirror

pytestmark = pytest.mark.unit

GOOD = [
    "/api/v1/assets",
    "/api/v1/assets/bitcoin",
    "/api/v1/assets/bitcoin/markets",
    "/api/v1/markets",
    "/api/v1/prices?ids=bitcoin",
    "/api/v1/venues",
    "/api/v1/venues/kraken",
    "/api/v1/global",
    "/api/v1/search?q=btc",
    "/api/v3/ping",
    "/api/v3/simple/price?ids=bitcoin&vs_currencies=usd",
    "/api/v3/simple/supported_vs_currencies",
    "/api/v3/coins/list",
    "/api/v3/coins/markets?vs_currency=usd",
    "/api/openapi.json",
    "/api/docs",
    "/healthz",
    "/readyz",
]
BAD = {
    "/api/v1/assets/nobody": 404,
    "/api/v1/nowhere": 404,
    "/api/nowhere/": 404,
    "/api//": 404,
    "/api/v1/markets?page=0": 422,
    "/api/v1/markets?per_page=999": 400,
    "/api/v1/assets/bitcoin/candles": 503,
    "/api/v3/nowhere": 404,
    "/api/v3/coins/markets": 422,
}
EXPOSED = "ETag, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id"


@pytest.mark.parametrize("path", [*GOOD, *BAD])
async def test_every_answer_is_open_to_other_origins_and_has_its_own_request_id(
    client: httpx.AsyncClient, path: str
):
    answer = await client.get(path, headers={"Origin": "https://elsewhere.example"})
    again = await client.get(path)

    assert answer.status_code == BAD.get(path, 200)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-expose-headers"] == EXPOSED
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-credentials" not in answer.headers
    assert len(answer.headers["x-request-id"]) == 32
    assert answer.headers["x-request-id"] != again.headers["x-request-id"]


@pytest.mark.parametrize("path", [path for path in [*GOOD, *BAD] if path.startswith("/api")])
async def test_every_counted_answer_says_what_is_left(client: httpx.AsyncClient, path: str):
    answer = await client.get(path)

    assert answer.headers["ratelimit-policy"] == '"default";q=300;w=60'
    assert answer.headers["ratelimit"] == '"default";r=299;t=60'


@pytest.mark.parametrize("path", [*GOOD, *BAD])
async def test_head_answers_like_get_without_a_body(client: httpx.AsyncClient, path: str):
    get, head = await client.get(path), await client.head(path)

    assert head.status_code == get.status_code
    assert head.content == b""
    for name in ("content-type", "content-length", "etag", "cache-control"):
        assert head.headers.get(name) == get.headers.get(name)


@pytest.mark.parametrize("path", GOOD)
async def test_options_answers_a_preflight(client: httpx.AsyncClient, path: str):
    answer = await client.options(
        path,
        headers={
            "Origin": "https://elsewhere.example",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "x-cg-demo-api-key",
        },
    )

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert answer.headers["access-control-allow-headers"] == "*"


@pytest.mark.parametrize("path", ["/api/v1/markets", "/api/v1/assets/bitcoin", "/healthz"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"])
async def test_another_method_is_refused_with_those_that_work(
    client: httpx.AsyncClient, path: str, method: str
):
    answer = await client.request(method, path)

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
async def test_an_unknown_address_is_a_problem_for_every_method(
    client: httpx.AsyncClient, method: str
):
    answer = await client.request(method, "/api/v1/nowhere")

    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {
        "type": "/api/docs#error-404",
        "title": "Not Found",
        "status": 404,
        "detail": "Nothing is at /api/v1/nowhere. All addresses are listed at /api/docs.",
        "instance": "/api/v1/nowhere",
        "request_id": answer.headers["x-request-id"],
    }


@pytest.mark.parametrize("name", ["a b", "a%2Fb", "%F0%9F%98%80", "%ED%A0%80", "..%2f..", "%00"])
async def test_odd_names_are_unknown_and_named_as_an_address(client: httpx.AsyncClient, name: str):
    answer = await client.get(f"/api/v1/assets/{name}")

    assert answer.status_code == 404
    assert answer.json()["instance"].isascii()
    assert " " not in answer.json()["instance"]


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("*/*", 200),
        ("text/html, */*;q=0.8", 200),
        ("application/*", 200),
        ("Application/JSON; charset=utf-8", 200),
        ("text/html", 406),
        ("image/png, text/csv", 406),
    ],
)
@pytest.mark.parametrize("path", ["/api/v1/markets", "/api/v1/assets/bitcoin"])
async def test_v1_has_nothing_for_callers_that_take_no_json(
    client: httpx.AsyncClient, path: str, accept: str, status: int
):
    answer = await client.get(path, headers={"Accept": accept})

    assert answer.status_code == status


async def test_v3_does_not_mind_what_is_accepted(client: httpx.AsyncClient):
    answer = await client.get(
        "/api/v3/simple/supported_vs_currencies", headers={"Accept": "text/x"}
    )

    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/markets/", "/api/v3/ping/", "/api/v1/assets/bitcoin/"])
async def test_a_slash_at_the_end_is_no_redirect(client: httpx.AsyncClient, path: str):
    assert (await client.get(path)).status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/markets", "/api/v1/assets/bitcoin"])
async def test_our_own_mistake_is_a_problem_without_a_trace_and_logged_once(
    client: httpx.AsyncClient, mirror: Mirror, path: str
):
    assert mirror.snapshot is not None
    # A snapshot without its columns, which the codec would never let in.
    mirror.snapshot = replace(mirror.snapshot, columns={})

    with capture_logs() as logs:
        answer = await client.get(path)

    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (500, "*")
    assert answer.json()["detail"] == "This is our mistake; the request id finds it in our log."
    assert [(log["event"], log["request_id"]) for log in logs] == [
        ("api_failed", answer.json()["request_id"])
    ]


async def test_without_a_market_everything_that_needs_one_is_503(clock: Clock):
    async with client_of(api_over(empty_mirror(clock), clock)) as client:
        answer = await client.get("/api/v1/markets")
        ready, alive = await client.get("/readyz"), await client.get("/healthz")
        v3, ping = await client.get("/api/v3/coins/list"), await client.get("/api/v3/ping")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert (answer.json()["detail"], ready.json()["detail"]) == (
        "No market has been read yet.",
        "No market has been read yet.",
    )
    assert [ready.status_code, alive.status_code, v3.status_code, ping.status_code] == [
        503,
        200,
        503,
        200,
    ]
    assert v3.json() == {
        "status": {"error_code": 503, "error_message": "No market has been read yet."}
    }


async def test_probes_are_not_limited(client: httpx.AsyncClient):
    assert "ratelimit" not in (await client.get("/readyz")).headers
    assert (await client.get("/healthz")).json() == {"status": "ok"}


async def test_readiness_says_which_version_is_shown(client: httpx.AsyncClient):
    assert (await client.get("/readyz")).json() == {
        "as_of": "2026-11-22T20:39:00.250Z",
        "age_ms": 0,
        "status": "ready",
        "source": "sandbox",
        "version": 7,
    }
