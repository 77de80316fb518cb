"""The sandbox as a process: every simulated venue behind one address of this machine."""

import asyncio
import socket
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress

import structlog
import uvicorn
from aiolimiter import AsyncLimiter
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route, WebSocketRoute
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from app.market.registry import Tier
from jobs.sandbox.admin import Admin
from jobs.sandbox.connections import LONGEST_CLIENT_FRAME, SLOW_AFTER
from jobs.sandbox.distortion import Identity
from jobs.sandbox.faults import Burst, FaultBoard, of_kind
from jobs.sandbox.references import REFERENCES
from jobs.sandbox.references.desk import Desk
from jobs.sandbox.rest import Rest
from jobs.sandbox.simulated import SimulatedVenue
from jobs.sandbox.stream import ABORT, Stream
from jobs.sandbox.voice import Voice
from jobs.sandbox.voices import VOICES
from jobs.sandbox.world import World
from jobs.seed import SeedAsset, load_seed

BEAT = 0.05
"""Seconds between two steps of the market."""
SOCKET_BUFFER = 256 * 1024
"""Bytes that the kernel keeps for a reader, so that a slow one shows soon."""

log = structlog.get_logger()


class Sandbox:
    """The simulated market, its venues, and the heart that moves them."""

    def __init__(
        self,
        seeds: Sequence[SeedAsset],
        voices: Mapping[str, Voice],
        *,
        assets: int,
        seed: int,
        rate: float,
        clock: Callable[[], float],
        slow_after: float = SLOW_AFTER,
    ) -> None:
        self._clock = clock
        self._slow_after = slow_after
        self.world = World(
            seeds, tuple(voices.values()), assets=assets, seed=seed, rate=rate, now=clock()
        )
        self.board = FaultBoard()
        identities = _identities(self.world)
        self.venues = {
            name: SimulatedVenue(
                voice, self.world.books, self.world.rows_of[name], identities, self.board
            )
            for name, voice in voices.items()
        }
        self.desks = {
            name: Desk(reference, self.world, self.board, clock)
            for name, reference in REFERENCES.items()
        }

    def app(self) -> Starlette:
        """The ASGI application with all addresses."""
        assets = frozenset(asset.id for asset in self.world.assets)
        limiters: dict[tuple[str, int], AsyncLimiter] = {}
        admin = Admin(self.venues, self.desks, assets, self.board, self._clock)
        routes: list[BaseRoute] = [*admin.routes()]
        routes.extend(
            Route(f"/{name}{desk.reference.path}", desk.answer) for name, desk in self.desks.items()
        )
        for name, venue in self.venues.items():
            routes.append(WebSocketRoute(f"/{name}/stream", Stream(venue, self._clock)))
            voice = venue.voice
            of_one_market = (voice.history, voice.trades, voice.depth)
            routes.extend(
                Route(
                    f"/{name}{route.path}",
                    Rest(venue, route, self._clock, limiters).answer,
                    methods=[route.method],
                )
                for route in (*voice.routes, *of_one_market)
                if route is not None
            )
        return Starlette(routes=routes)

    async def beat(self) -> None:
        """Move the market and send its news until cancelled."""
        while True:
            await asyncio.sleep(BEAT)
            self.step(self._clock())

    def step(self, now: float) -> None:
        """One beat: quote what is due, tell the readers, cut off those that take nothing."""
        haste = [
            (self.world.rows_of[name], burst.factor)
            for name, venue in self.venues.items()
            for burst in of_kind(venue.orders(now), Burst)
        ]
        due = self.world.advance(now, haste)
        for name, venue in self.venues.items():
            rows = self.world.rows_of[name]
            venue.publish(due[(due >= rows.start) & (due < rows.stop)].tolist(), now)
            for client in [client for client in venue.clients if client.stuck(self._slow_after)]:
                log.warning("slow_reader_cut_off", venue=name, seconds=self._slow_after)
                venue.traffic.cut_off += 1
                client.abort()


def _identities(world: World) -> list[Identity]:
    money = [asset.tier in (Tier.FIAT, Tier.STABLE) for asset in world.assets]
    return [
        Identity(
            market.venue,
            world.assets[market.base].id,
            world.assets[market.quote].id,
            crashes=money[market.quote] and not money[market.base],
        )
        for market in world.markets
    ]


async def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    assets: int = 2000,
    seed: int = 1,
    rate: float = 1500.0,
    ready: Callable[[str], None],
    clock: Callable[[], float] = time.time,  # noqa: TID251  # The one place that reads the clock.
    voices: Mapping[str, Voice] = VOICES,
    slow_after: float = SLOW_AFTER,
) -> None:
    """Serve until cancelled; `ready` hears the address, with the port that 0 became.

    `rate` is how many quotes all venues make per second, told to somebody or not.
    """
    sandbox = Sandbox(
        load_seed(),
        voices,
        assets=assets,
        seed=seed,
        rate=rate,
        clock=clock,
        slow_after=slow_after,
    )
    with socket.create_server((host, port)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SOCKET_BUFFER)
        bound: tuple[str, int] = listener.getsockname()[:2]
        server = _Server(_config(sandbox.app()), lambda: ready(f"http://{bound[0]}:{bound[1]}"))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(sandbox.beat())
            tasks.create_task(server.serve(sockets=[listener]))
            log.info("sandbox_open", port=bound[1], markets=len(sandbox.world.markets))


def _config(app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        ws=_Protocol,
        ws_max_size=LONGEST_CLIENT_FRAME,
        ws_ping_interval=None,  # A venue under the fault `silence` must send nothing at all.
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        proxy_headers=False,
        timeout_graceful_shutdown=2,
    )


class _Protocol(WebSocketsSansIOProtocol):
    """uvicorn's own, which also lets the application reset its connection."""

    async def run_asgi(self) -> None:
        self.scope["extensions"][ABORT] = self.transport.abort  # type: ignore[index]
        await super().run_asgi()


class _Server(uvicorn.Server):
    """uvicorn's own, ended by cancellation instead of signals."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Signals belong to whoever runs the event loop."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        self._ready()

    async def main_loop(self) -> None:
        """Serve until cancelled; what follows it is uvicorn's orderly shutdown."""
        with suppress(asyncio.CancelledError):
            await super().main_loop()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Say goodbye to every reader, and reset those that do not take it."""
        await super().shutdown(sockets)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
