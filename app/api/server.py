"""Puts the API together: one FastAPI app that stands in front of the pages."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api import errors, health, openapi, reference
from app.api.caching import Ready, Shelf
from app.api.coingecko import coins, ping, simple
from app.api.door import PREFIX, PROBES, Door, asked, check_accept, is_api
from app.api.elsewhere import Elsewhere
from app.api.errors import OUR_MISTAKE, ApiError, InternalError
from app.api.freshness import Freshness
from app.api.limits import caller_of, in_memory
from app.api.resource import Answers, Asked, Resource
from app.api.v1 import (
    assets,
    candles,
    events,
    markets,
    methodology,
    prices,
    quality,
    receipts,
    search,
    totals,
    venues,
)
from app.settings import Settings
from app.store.database import Database
from app.store.mirror import Mirror
from app.store.quality import Measured
from app.store.receipts import Receipts

RESOURCES: tuple[Resource[Any], ...] = (
    *assets.RESOURCES,
    *markets.RESOURCES,
    *prices.RESOURCES,
    *venues.RESOURCES,
    *totals.RESOURCES,
    *search.RESOURCES,
    *quality.RESOURCES,
    *methodology.RESOURCES,
    *simple.RESOURCES,
    *coins.RESOURCES,
)
"""Every address that answers from the live market."""


class Api(FastAPI):
    """FastAPI behind a door that only requests for the API pass through."""

    door: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; what is mounted below sees those that are not for the API."""
        await (self.door if is_api(scope) else self.behind)(scope, receive, send)

    async def behind(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The routes, and whatever is mounted below them."""
        await super().__call__(scope, receive, send)

    def openapi(self) -> dict[str, Any]:
        """The description of the API, OpenAPI 3.1."""
        return openapi.completed(super().openapi())


def create_api(
    mirror: Mirror,
    *,
    settings: Settings,
    clock: Callable[[], float],
    database: Database,
    measured: Measured | None = None,
    explained: Receipts | None = None,
) -> FastAPI:
    """The API over the mirror; `clock` gives epoch seconds, the caller opens the database.

    `measured` and `explained` are what the process makes of the mirror, where pages show it too.
    """
    freshness = Freshness(mirror, measured)
    answers = Answers(freshness, Shelf())
    history = candles.History(freshness, database, clock=clock)
    caller = caller_of(settings.trusted_proxies)
    api = _empty()
    for resource in RESOURCES:
        endpoint = _endpoint(partial(answers.answer, resource))
        openapi.add(api, resource.path, endpoint, openapi.of_resource(resource))
    openapi.add(api, candles.PATH, _endpoint(history.answer), openapi.CANDLES)
    why = receipts.Explanations(freshness, explained or Receipts(mirror, clock=clock))
    openapi.add(api, receipts.PATH, _endpoint(why.answer), receipts.OPERATION)
    ledger = events.PublicLedger(freshness, database)
    for part in events.PARTS:
        openapi.add(api, part.path, _endpoint(partial(ledger.answer, part)), part.operation)
    _add_probes(api, freshness)
    api.add_route(reference.PATH, reference.page_of(api), include_in_schema=False)
    for path in (PREFIX + "{rest:path}", *PROBES):
        api.router.routes.append(Route(path, Elsewhere(api.router)))
    api.door = Door(
        api.behind,
        ready={resource.path: resource for resource in RESOURCES if "{" not in resource.path},
        answers=answers,
        limits=in_memory(caller, clock=clock),
        caller=caller,
    )
    return api


def in_front(api: ASGIApp, pages: ASGIApp) -> ASGIApp:
    """Requests for the API go to it; pages, sockets and the lifespan go to `pages`.

    Reflex wraps whatever it is given in its own CORS rules, which answer preflights for the API
    and allow credentials. Standing in front of Reflex keeps the API's answers as they are.
    """

    async def either(scope: Scope, receive: Receive, send: Send) -> None:
        await (api if is_api(scope) else pages)(scope, receive, send)

    return either


def _add_probes(api: FastAPI, freshness: Freshness) -> None:
    openapi.add(api, ping.PATH, ping.ping, openapi.PING)
    openapi.add(api, "/healthz", health.alive, openapi.ALIVE)
    openapi.add(api, "/readyz", health.readiness(freshness), openapi.READY)


def _empty() -> Api:
    return Api(
        title="Marketcap.guide",
        version="1",
        description=openapi.DESCRIPTION,
        openapi_url=PREFIX + "openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers={ApiError: _refused, HTTPException: _raised, Exception: _failed},
        # Reflex owns the lifespan, so nothing of FastAPI's own may depend on it.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )


def _endpoint(answer: Callable[[Asked], Awaitable[Ready]]) -> openapi.Endpoint:
    async def endpoint(request: Request) -> Response:
        headers = dict(request.scope["headers"])
        check_accept(request.scope["path"], headers)
        ready = await answer(asked(request.scope, headers))
        named = {name.decode(): value.decode() for name, value in ready.headers}
        return Response(ready.body, ready.status, named)

    return endpoint


async def _refused(request: Request, error: ApiError) -> Response:
    # Addresses outside the API do not pass through the door and have no id.
    request_id = getattr(request.state, "request_id", "")
    return errors.rendered(error, path=request.scope["path"], request_id=request_id)


async def _raised(request: Request, error: HTTPException) -> Response:
    return await _refused(request, errors.from_http(error))


async def _failed(request: Request, error: Exception) -> Response:
    """The door writes the log entry, because the framework raises the error once more."""
    return await _refused(request, InternalError(OUR_MISTAKE))
