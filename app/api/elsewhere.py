"""What is left under the API's addresses: unknown paths, and known ones with a wrong method.

It stands behind all routes and before what is mounted below them, so that no page answers for
the API.
"""

from starlette.routing import Match, Router
from starlette.types import Receive, Scope, Send

from app.api.door import METHODS, PREFLIGHT, send_ready
from app.api.errors import MethodError, NotFoundError


class Elsewhere:
    """Refuses the request with 404 or 405; answers OPTIONS for paths that exist."""

    def __init__(self, router: Router) -> None:
        self._router = router

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises NotFoundError or MethodError, or sends what OPTIONS asks for."""
        path, method = scope["path"], scope["method"]
        if not self._exists(scope):
            raise NotFoundError(f"Nothing is at {path}. All addresses are listed at /api/docs.")
        if method != "OPTIONS":
            raise MethodError(method, METHODS)
        await send_ready(PREFLIGHT, send)

    def _exists(self, scope: Scope) -> bool:
        for route in self._router.routes:
            if getattr(route, "endpoint", None).__class__ is Elsewhere:
                return False
            if route.matches({**scope, "method": "GET"})[0] is Match.FULL:
                return True
        return False
