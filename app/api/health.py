"""Whether this process lives, and whether it has a market to show."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.api.freshness import Freshness

Endpoint = Callable[[Request], Awaitable[Response]]

_NEVER_CACHED = {"Cache-Control": "no-store"}


async def alive(request: Request) -> Response:
    """The process answers."""
    return JSONResponse({"status": "ok"}, headers=_NEVER_CACHED)


def readiness(freshness: Freshness) -> Endpoint:
    """The endpoint that answers 200 once there is a market, and 503 with the reason before."""

    async def ready(request: Request) -> Response:
        moment = freshness.moment()
        moment.directory.warm()
        return JSONResponse({**moment.envelope(), "status": "ready"}, headers=_NEVER_CACHED)

    return ready
