"""The REST addresses of a simulated venue, and what faults make of its answers."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping

from aiolimiter import AsyncLimiter
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

from jobs.sandbox.faults import Drip, Html, InForce, Lag, Limit, Status, Truncated, of_kind
from jobs.sandbox.simulated import SimulatedVenue
from jobs.sandbox.voice import HistoryRoute, Route

DRIP_BYTES = 64
_PAGE = "<!doctype html><title>Just a moment...</title><h1>Checking your browser</h1>"


class Rest:
    """The endpoint of one route of one venue."""

    def __init__(
        self,
        venue: SimulatedVenue,
        route: Route | HistoryRoute,
        clock: Callable[[], float],
        limiters: dict[tuple[str, int], AsyncLimiter],
    ) -> None:
        self._venue = venue
        self._route = route
        self._clock = clock
        self._limiters = limiters
        """By venue and number of the fault, so that all routes of a venue count together."""

    async def answer(self, request: Request) -> Response:
        """The route's body, or what the faults in force say instead."""
        venue = self._venue
        venue.traffic.calls += 1
        orders = venue.orders(self._clock())
        refusal = await self._refusal(orders)
        if refusal is not None:
            venue.traffic.calls_refused += 1
            return refusal
        await asyncio.sleep(sum(lag.delay for lag in of_kind(orders, Lag)))
        body = self._body({**request.query_params, **request.path_params}, self._clock())
        stream = f"ws://{request.url.netloc}/{venue.voice.name}/stream"
        return _shaped(body.replace(b"{stream}", stream.encode()), orders)

    def _body(self, query: Mapping[str, str], now: float) -> bytes:
        venue, route = self._venue, self._route
        if isinstance(route, HistoryRoute):
            return route.answer(venue.hours, query, venue.clock(now))
        return route.answer(venue.books(now), query, venue.clock(now))

    async def _refusal(self, orders: list[InForce]) -> Response | None:
        for order in orders:
            if isinstance(order.fault, Status):
                return _error(order.fault.status, order.fault.retry_after)
            if isinstance(order.fault, Limit) and not await self._allowed(
                order.fault, order.number
            ):
                return _error(order.fault.status, order.fault.retry_after)
        return None

    async def _allowed(self, limit: Limit, number: int) -> bool:
        limiter = self._limiters.setdefault(
            (self._venue.voice.name, number), AsyncLimiter(limit.calls, limit.per)
        )
        if not limiter.has_capacity():
            return False
        await limiter.acquire()
        return True


def _error(status: int, retry_after: int) -> Response:
    headers = {"Retry-After": str(retry_after)} if retry_after else {}
    return JSONResponse({"code": status, "msg": "sandbox fault"}, status, headers)


def _shaped(body: bytes, orders: list[InForce]) -> Response:
    if any(of_kind(orders, Html)):
        return HTMLResponse(_PAGE)
    if any(of_kind(orders, Truncated)):
        body = body[: len(body) // 2]
    for drip in of_kind(orders, Drip):
        return StreamingResponse(_drops(body, drip.pause), media_type="application/json")
    return Response(body, media_type="application/json")


async def _drops(body: bytes, pause: float) -> AsyncIterator[bytes]:
    for start in range(0, len(body), DRIP_BYTES):
        yield body[start : start + DRIP_BYTES]
        await asyncio.sleep(pause)
