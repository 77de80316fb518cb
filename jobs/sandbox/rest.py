"""The REST addresses of a simulated venue, and what faults make of its answers."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from functools import partial
from typing import TypeAlias

from aiolimiter import AsyncLimiter
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

from jobs.sandbox.faults import Drip, Html, InForce, Lag, Limit, Status, Truncated, of_kind
from jobs.sandbox.simulated import SimulatedVenue
from jobs.sandbox.voice import DepthRoute, HistoryRoute, Route, TradesRoute

DRIP_BYTES = 64
_PAGE = "<!doctype html><title>Just a moment...</title><h1>Checking your browser</h1>"


AnyRoute: TypeAlias = Route | HistoryRoute | TradesRoute | DepthRoute


class Rest:
    """The endpoint of one route of one venue."""

    def __init__(
        self,
        venue: SimulatedVenue,
        route: AnyRoute,
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
        refusal = await refused(venue.voice.name, orders, self._limiters)
        if refusal is not None:
            venue.traffic.calls_refused += 1
            return refusal
        await asyncio.sleep(sum(lag.delay for lag in of_kind(orders, Lag)))
        body = self._body({**request.query_params, **request.path_params}, self._clock())
        stream = f"ws://{request.url.netloc}/{venue.voice.name}/stream"
        return shaped(body.replace(b"{stream}", stream.encode()), orders)

    def _body(self, query: Mapping[str, str], now: float) -> bytes:
        venue, route = self._venue, self._route
        if isinstance(route, HistoryRoute):
            return route.answer(venue.hours, query, venue.clock(now))
        if isinstance(route, TradesRoute):
            return route.answer(partial(venue.deals, now=now), query, venue.clock(now))
        if isinstance(route, DepthRoute):
            return route.answer(partial(venue.ladder, now=now), query, venue.clock(now))
        return route.answer(venue.books(now), query, venue.clock(now))


async def refused(
    name: str, orders: list[InForce], limiters: dict[tuple[str, int], AsyncLimiter]
) -> Response | None:
    """What a fault makes the service of that name answer instead; None where it answers."""
    for order in orders:
        if isinstance(order.fault, Status):
            return _error(order.fault.status, order.fault.retry_after)
        if isinstance(order.fault, Limit):
            fault = order.fault
            limiter = limiters.setdefault(
                (name, order.number), AsyncLimiter(fault.calls, fault.per)
            )
            if not await allowed(limiter):
                return _error(fault.status, fault.retry_after)
    return None


async def allowed(limiter: AsyncLimiter) -> bool:
    """Whether the limiter lets one call more through now; it is counted if so."""
    if not limiter.has_capacity():
        return False
    await limiter.acquire()
    return True


def _error(status: int, retry_after: int) -> Response:
    headers = {"Retry-After": str(retry_after)} if retry_after else {}
    return JSONResponse({"code": status, "msg": "sandbox fault"}, status, headers)


def shaped(body: bytes, orders: list[InForce]) -> Response:
    """The answer with that body, as the faults in force make it."""
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
