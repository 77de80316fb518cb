"""The operator's addresses of the sandbox: who is here, what is wrong, how busy it is.

Faults are taken only from this machine.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from ipaddress import ip_address

import msgspec
import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from jobs.sandbox.faults import (
    FaultBoard,
    FaultError,
    InForce,
    Reset,
    accepted,
    read_fault,
)
from jobs.sandbox.references.desk import Desk
from jobs.sandbox.simulated import SimulatedVenue

log = structlog.get_logger()


class Admin:
    """The endpoints; the assets are the ids that faults may name, as venues and desks are."""

    def __init__(
        self,
        venues: Mapping[str, SimulatedVenue],
        desks: Mapping[str, Desk],
        assets: frozenset[str],
        board: FaultBoard,
        clock: Callable[[], float],
    ) -> None:
        self._venues = venues
        self._desks = desks
        self._assets = assets
        self._board = board
        self._clock = clock

    def routes(self) -> list[Route]:
        """What the server mounts."""
        return [
            Route("/", self.directory),
            Route("/admin/traffic", self.traffic),
            Route("/admin/faults", self.faults, methods=["GET", "POST", "DELETE"]),
            Route("/admin/faults/{number:int}", self.faults, methods=["DELETE"]),
        ]

    async def directory(self, request: Request) -> Response:
        """Where each venue's stream and REST addresses are, and each reference source's."""
        host = request.url.netloc
        venues = {
            name: {
                "stream_url": f"ws://{host}/{name}/stream",
                "rest_url": f"http://{host}/{name}",
                "markets": venue.markets,
            }
            for name, venue in self._venues.items()
        }
        references = {name: {"rest_url": f"http://{host}/{name}"} for name in self._desks}
        return JSONResponse(
            {
                "source": "sandbox",
                "assets": len(self._assets),
                "venues": venues,
                "references": references,
            }
        )

    async def traffic(self, request: Request) -> Response:
        """What each venue and each reference source has seen since the start."""
        venues = {
            name: {
                "sockets": len(venue.clients),
                "subscriptions": sum(len(client.rows) for client in venue.clients),
                **asdict(venue.traffic),
            }
            for name, venue in self._venues.items()
        }
        references = {
            name: {"calls": desk.traffic.calls, "calls_refused": desk.traffic.calls_refused}
            for name, desk in self._desks.items()
        }
        return JSONResponse(venues | references)

    async def faults(self, request: Request) -> Response:
        """Tell, order or lift faults."""
        if request.client is None or not ip_address(request.client.host).is_loopback:
            return JSONResponse({"error": "faults are taken only from this machine"}, 403)
        now = self._clock()
        if request.method == "POST":
            return self._order(await request.body(), now)
        if request.method == "DELETE":
            ended = self._board.lift(now, number=request.path_params.get("number"))
            log.info("faults_lifted", numbers=[order.number for order in ended])
            return JSONResponse([_told(order) for order in ended])
        return JSONResponse([_told(order) for order in self._board.all(now)])

    def _order(self, body: bytes, now: float) -> Response:
        try:
            fault = read_fault(body, self._venues.keys() | self._desks.keys(), self._assets)
        except FaultError as error:
            return JSONResponse({"error": str(error), "accepted": accepted()}, 422)
        order = self._board.order(fault, now)
        if isinstance(fault, Reset):
            self._board.lift(now, number=order.number)
            self._reset(fault)
        log.info("fault_ordered", **_told(order))
        return JSONResponse(_told(order), 201)

    def _reset(self, fault: Reset) -> None:
        for name, venue in self._venues.items():
            if fault.venue in ("*", name):
                for client in list(venue.clients):
                    client.abort()


def _told(order: InForce) -> dict[str, object]:
    told: dict[str, object] = msgspec.to_builtins(order.fault)
    return {"number": order.number, "until": order.until, **told}
