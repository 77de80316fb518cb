"""The API and the pages live in one process and do not touch each other."""

import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.types import ASGIApp

from app.api import in_front
from tests.api.conftest import client_of

pytestmark = pytest.mark.unit

ELSEWHERE = {"Origin": "https://elsewhere.example"}


def pages() -> Starlette:
    """What Reflex mounts: a page for every path, and a socket."""

    async def page(request):
        return HTMLResponse("<h1>page</h1>", headers={"X-Page": request.url.path})

    async def post(request):
        return PlainTextResponse(await request.body())

    async def socket(websocket):
        await websocket.accept()
        await websocket.close()

    return Starlette(
        routes=[
            Route("/upload", post, methods=["POST"]),
            WebSocketRoute("/_event", socket),
            Route("/{path:path}", page),
        ]
    )


def mounted_below(api: FastAPI) -> ASGIApp:
    """As Reflex does with an `api_transformer`: its rules for origins stand around all."""
    api.mount("", pages())
    top = Starlette(routes=[Mount("", api)])
    for app in (api, top):
        app.add_middleware(
            CORSMiddleware,
            allow_credentials=True,
            allow_methods=["*"],
            allow_headers=["*"],
            allow_origins=["http://localhost:8000"],
        )
    return top


@pytest.fixture(params=["in front", "mounted below"])
def site(request: pytest.FixtureRequest, api: FastAPI) -> ASGIApp:
    return in_front(api, pages()) if request.param == "in front" else mounted_below(api)


@pytest.mark.parametrize("path", ["/", "/coin/bitcoin", "/docs", "/api", "/apiary", "/healthzy"])
async def test_a_page_is_a_page(site: ASGIApp, path: str):
    async with client_of(site) as client:
        answer = await client.get(path)

    assert (answer.status_code, answer.text) == (200, "<h1>page</h1>")
    assert answer.headers["x-page"] == path
    assert "x-request-id" not in answer.headers
    assert "ratelimit" not in answer.headers


async def test_a_body_for_the_pages_arrives(site: ASGIApp):
    async with client_of(site) as client:
        assert (await client.post("/upload", content=b"bytes")).content == b"bytes"


async def test_a_socket_is_opened(site: ASGIApp):
    assert await opened(site, "/_event") == ["websocket.accept", "websocket.close"]


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
async def test_no_page_answers_for_the_api(site: ASGIApp, method: str):
    async with client_of(site) as client:
        answer = await client.request(method, "/api/v1/nowhere")

    assert (answer.status_code, answer.headers["content-type"]) == (
        404,
        "application/problem+json",
    )


@pytest.mark.parametrize("path", ["/api/v1/markets", "/api/v1/assets/bitcoin", "/healthz"])
async def test_a_wrong_method_is_refused_by_the_api(site: ASGIApp, path: str):
    async with client_of(site) as client:
        answer = await client.post(path)

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


async def test_in_front_of_the_pages_their_rules_for_origins_do_not_reach_the_api(api: FastAPI):
    site = in_front(api, mounted_below(FastAPI(openapi_url=None)))
    preflight = {**ELSEWHERE, "Access-Control-Request-Method": "GET"}
    async with client_of(site) as client:
        answer = await client.get("/api/v1/assets/bitcoin", headers=ELSEWHERE)
        allowed = await client.options("/api/v1/markets", headers=preflight)

    assert answer.headers.get_list("access-control-allow-origin") == ["*"]
    assert "access-control-allow-credentials" not in answer.headers
    assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (204, "*")


async def opened(site: ASGIApp, path: str) -> list[str]:
    sent: list[str] = []

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        sent.append(message["type"])

    await site(
        {"type": "websocket", "path": path, "headers": [], "query_string": b""}, receive, send
    )
    return sent
