"""The first thing an API request meets: limits, shared headers, methods, and errors as bodies.

Pure ASGI, because a middleware that wraps the response would cost more than most answers. Only
the API's own addresses are touched; pages and sockets pass untouched.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api import errors
from app.api.caching import RawHeaders, Ready
from app.api.errors import ApiError, InternalError, LimitError, MethodError, NotAcceptableError
from app.api.limits import QUOTA, WINDOW, Caller, Limits
from app.api.resource import Answers, Asked, Resource

log = structlog.get_logger(__name__)

PREFIX: Final = "/api/"
V1: Final = "/api/v1/"
PROBES: Final = frozenset({"/healthz", "/readyz"})
"""Asked by machines of our own, so they are not limited."""

METHODS: Final = "GET, HEAD, OPTIONS"
_EXPOSED = "ETag, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id"
_SHARED: Final[RawHeaders] = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", _EXPOSED.encode()),
    (b"x-content-type-options", b"nosniff"),
]
PREFLIGHT: Final = Ready(
    204,
    [
        (b"allow", METHODS.encode()),
        (b"access-control-allow-methods", METHODS.encode()),
        (b"access-control-allow-headers", b"*"),
        (b"access-control-max-age", b"86400"),
    ],
    b"",
)
"""The answer to OPTIONS at every address."""
_JSON = ("*/*", "application/*", "application/json", "application/problem+json")


def is_api(scope: Scope) -> bool:
    """Whether the request is for the API and not for the pages or their socket."""
    if scope["type"] != "http":
        return False
    path: str = scope["path"]
    return path.startswith(PREFIX) or path in PROBES


class Door:
    """Lets requests in to the ready answers or to the routes behind."""

    def __init__(
        self,
        routes: ASGIApp,
        *,
        ready: Mapping[str, "Resource[Any]"],
        answers: Answers,
        limits: Limits,
        caller: Caller,
    ) -> None:
        self._routes = routes
        self._ready = ready
        self._answers = answers
        self._limits = limits
        self._caller = caller

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request under the API's addresses, whatever happens behind."""
        request_id = uuid4().hex
        path = _tolerant(scope["path"])
        method = scope["method"]
        inner = {
            **scope,
            "path": path,
            "state": {**scope.get("state", {}), "request_id": request_id},
            "method": "GET" if method == "HEAD" else method,
        }
        exit = _Exit(send, request_id, bodiless=method == "HEAD")
        try:
            self._admit(scope, path, exit)
            await self._answer(inner, receive, exit)
        except ApiError as error:
            await errors.rendered(error, path=path, request_id=request_id)(inner, receive, exit)
        except Exception:
            # The last resort of every request: whatever it was, the caller gets a body.
            log.exception("api_failed", request_id=request_id, path=path)
            if not exit.started:
                failed = InternalError(errors.OUR_MISTAKE)
                response = errors.rendered(failed, path=path, request_id=request_id)
                await response(inner, receive, exit)

    def _admit(self, scope: Scope, path: str, exit: "_Exit") -> None:
        if path in PROBES or scope["method"] == "OPTIONS":
            return
        allowance = self._limits.take(self._caller(scope))
        if allowance is None:
            return
        exit.headers += allowance.headers()
        if not allowance.allowed:
            raise LimitError(
                f"{QUOTA} requests in {WINDOW} seconds are allowed; "
                f"the next is free in {allowance.reset} s.",
                seconds=allowance.reset,
            )

    async def _answer(self, scope: Scope, receive: Receive, exit: "_Exit") -> None:
        path, method = scope["path"], scope["method"]
        resource = self._ready.get(path)
        if resource is None:
            await self._routes(scope, receive, exit)
        elif method == "GET":
            headers = dict(scope["headers"])
            check_accept(path, headers)
            await send_ready(await self._answers.answer(resource, asked(scope, headers)), exit)
        elif method == "OPTIONS":
            await send_ready(PREFLIGHT, exit)
        else:
            raise MethodError(method, METHODS)


class _Exit:
    """Where answers leave: every one carries the shared headers, HEAD carries no body."""

    def __init__(self, send: Send, request_id: str, *, bodiless: bool) -> None:
        self.headers: RawHeaders = [*_SHARED, (b"x-request-id", request_id.encode())]
        self.started = False
        self._send = send
        self._bodiless = bodiless

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            message = {**message, "headers": [*message["headers"], *self.headers]}
        elif self._bodiless and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)


def _tolerant(path: str) -> str:
    """The path without a slash at its end, which some clients add; never outside the API."""
    # A server may leave half a letter in a path, which no answer could repeat.
    path = path.encode(errors="replace").decode()
    bare = path.rstrip("/")
    return bare if bare.startswith(PREFIX) else path


def asked(scope: Scope, headers: Mapping[bytes, bytes]) -> Asked:
    """The parts of a request that its answer depends on."""
    return Asked(
        path=scope["path"],
        query=scope["query_string"],
        names=scope.get("path_params", {}),
        accept_encoding=headers.get(b"accept-encoding", b""),
        if_none_match=headers.get(b"if-none-match", b""),
    )


def check_accept(path: str, headers: Mapping[bytes, bytes]) -> None:
    """Raises NotAcceptableError when the caller of our own surface takes no JSON."""
    accept = headers.get(b"accept", b"*/*")
    if accept == b"*/*" or not path.startswith(V1):
        return
    media = (part.partition(";")[0].strip().lower() for part in accept.decode("latin-1").split(","))
    if not any(kind in _JSON for kind in media):
        raise NotAcceptableError(
            "The answer is application/json; say so in Accept, or leave it out."
        )


async def send_ready(ready: Ready, send: Send) -> None:
    """The answer is sent as it stands."""
    await send({"type": "http.response.start", "status": ready.status, "headers": ready.headers})
    await send({"type": "http.response.body", "body": ready.body})
