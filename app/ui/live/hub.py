"""One task a worker that turns the mirror into frames and sends each to everyone it concerns."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import asdict
from typing import Any, Protocol

import structlog

from app.market.directory import Directory
from app.market.view import Query, matching
from app.store.mirror import Mirror
from app.ui.coin import Coin, coin
from app.ui.live.quality import QualityDesk
from app.ui.live.slices import ROOM_PREFIX, Market, Slice
from app.ui.live.tables import Tables
from app.ui.live.wire import frame
from app.ui.pulse import Pulse, pulse
from app.ui.state.coin_facts import CoinFactsState
from app.ui.state.live import LiveState
from app.ui.state.pulse import PulseState
from app.ui.state.quality import QualityState
from app.ui.tickers import Meaning, meaning

log = structlog.get_logger(__name__)

FRAME_EVERY = 0.5
"""Seconds between two frames of one table at least."""

TEXT_EVERY = 1.0
"""Seconds between two refreshes of the strip and of coin pages."""

QUALITY_EVERY = 2
"""Refreshes of the strip for one of the quality page."""

LEDGER_EVERY = 5.0
"""Seconds between two looks at what the ledger says."""

COINS_A_TURN = 100
"""Coin pages that are refreshed in one turn: a tenth of a second of work at most."""

SAMPLE_EVERY = 2.0
SLOW_AT = 8
"""Waiting frames from which on a reader is passed over until its queue is empty again."""
LOST_AT = 100
"""Waiting frames from which on a reader is disconnected."""

RESTART_AFTER = 1.0
"""Seconds of rest after a mistake."""

PULSE_ROOM = "pulse"
QUALITY_ROOM = "quality"
COIN_PREFIX = "coin:"


class Audience(Protocol):
    """Browsers in rooms; `socket.Socket` is the real one."""

    async def send(self, room: str, update: dict[str, Any], *, skip: list[str]) -> None:
        """Everyone in the room but `skip` gets the update."""
        ...

    async def enter(self, session: str, room: str) -> None:
        """The browser receives what is sent to the room."""
        ...

    async def leave(self, session: str, room: str) -> None:
        """The browser no longer receives it."""
        ...

    def rooms_of(self, session: str) -> list[str]:
        """The rooms that the browser is in."""
        ...

    def watched(self, room: str) -> bool:
        """Whether anybody is in the room."""
        ...

    def named(self, prefix: str) -> list[str]:
        """Rooms with somebody in them whose name begins so."""
        ...

    def backlog(self) -> dict[str, int]:
        """Session → frames that wait to be written to it."""
        ...

    async def hang_up(self, session: str) -> None:
        """The browser is disconnected."""
        ...


class Hub:
    """Who looks at what, and the frames they get."""

    def __init__(
        self,
        mirror: Mirror,
        socket: Audience,
        *,
        clock: Callable[[], float],
        quality: QualityDesk,
        frame_every: float = FRAME_EVERY,
    ) -> None:
        self.pulse = Pulse()
        self.quality = quality
        self._mirror = mirror
        self._socket = socket
        self._clock = clock
        self._frame_every = frame_every
        self._tables = Tables()
        self._slow: list[str] = []
        self._turn = 0
        self._beats = 0
        self._categories: tuple[int, list[str]] = (-1, [])
        self._directory = Directory(mirror.registry)

    @property
    def market(self) -> Market | None:
        """The market as it stands; None before the first snapshot."""
        snapshot = self._mirror.snapshot
        if snapshot is None:
            return None
        return Market(self._mirror.registry, snapshot, self._mirror.sparks)

    def categories(self) -> list[str]:
        """Every category that an asset is in, by name."""
        registry = self._mirror.registry
        if self._categories[0] != registry.version:
            found = {asset.category for asset in registry.assets} - {""}
            self._categories = (registry.version, sorted(found))
        return self._categories[1]

    def total(self, query: Query) -> int:
        """How many rows answer the query now."""
        market = self.market
        return len(matching(market.snapshot, market.registry, query)) if market else 0

    def coin(self, id_: str) -> Coin | None:
        """The page of that coin, or None when there is no such coin."""
        market = self.market
        number = market.registry.number_of.get(id_) if market else None
        if market is None or number is None:
            return None
        return coin(
            number,
            registry=market.registry,
            snapshot=market.snapshot,
            votes=self._mirror.votes,
            titles={venue.name: venue.title for venue in self._mirror.venues},
        )

    def meaning(self, word: str) -> Meaning:
        """What a word means that is no coin's id."""
        market = self.market
        if market is None:
            return Meaning()
        if self._directory.registry is not market.registry:
            self._directory = Directory(market.registry)
        return meaning(word, directory=self._directory, snapshot=market.snapshot)

    async def watch(self, session: str, slices: Sequence[Slice], *, fresh: bool) -> None:
        """The browser gets these slices and no others: once whole, then what changes.

        With `fresh` it forgets what it has; otherwise it is sent only what is new to it.
        """
        wanted = {slice_.room: slice_ for slice_ in slices}
        had = {room for room in self._socket.rooms_of(session) if room.startswith(ROOM_PREFIX)}
        for room in had - wanted.keys():
            await self._socket.leave(session, room)
        for room, slice_ in wanted.items():
            if fresh or room not in had:
                await self._open(session, slice_, fresh=fresh)
                fresh = False

    async def _open(self, session: str, slice_: Slice, *, fresh: bool) -> None:
        await self._socket.enter(session, slice_.room)
        patch = self._tables.room(slice_, self.market).opening()
        whole = {**patch, "fresh": True} if fresh else patch
        await self._socket.send(session, frame(LiveState, patch=whole), skip=[])

    async def watch_pulse(self, session: str) -> None:
        """The browser gets the strip once a second, and of its page nothing yet."""
        if QUALITY_ROOM in self._socket.rooms_of(session):
            await self._socket.leave(session, QUALITY_ROOM)
        await self._socket.enter(session, PULSE_ROOM)

    async def watch_quality(self, session: str) -> None:
        """The browser gets the quality of the market every two seconds."""
        await self._socket.enter(session, QUALITY_ROOM)

    async def watch_coin(self, session: str, id_: str) -> None:
        """The browser gets that coin's facts once a second, and no other's."""
        for room in self._socket.rooms_of(session):
            if room.startswith(COIN_PREFIX) and room != COIN_PREFIX + id_:
                await self._socket.leave(session, room)
        await self._socket.enter(session, COIN_PREFIX + id_)

    async def leave(self, session: str) -> None:
        """The browser gets nothing more until it watches again."""
        for room in self._socket.rooms_of(session):
            if room in (PULSE_ROOM, QUALITY_ROOM) or room.startswith((ROOM_PREFIX, COIN_PREFIX)):
                await self._socket.leave(session, room)

    async def run(self) -> None:
        """Send frames until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for work in (
                self._send_tables,
                self._send_texts,
                self._sample_queues,
                self._read_ledger,
            ):
                tasks.create_task(_kept_going(work))

    async def _send_tables(self) -> None:
        version = -1
        while True:
            snapshot = await self._mirror.next_version(version)
            version = snapshot.version
            await self.tick(Market(self._mirror.registry, snapshot, self._mirror.sparks))
            await asyncio.sleep(self._frame_every)

    async def tick(self, market: Market) -> None:
        """Every table that somebody looks at has what changed up to this instant."""
        for room, patch in self._tables.tick(market, self._socket.watched):
            await self._socket.send(room, frame(LiveState, patch=patch), skip=self._slow)

    async def _send_texts(self) -> None:
        while True:
            if market := self.market:
                self.pulse = pulse(
                    market.snapshot,
                    market.registry,
                    silence=self._mirror.silence(),
                    beat=int(self._clock()),
                )
                update = frame(PulseState, pulse=asdict(self.pulse))
                await self._socket.send(PULSE_ROOM, update, skip=self._slow)
                await self._send_coins()
                await self._send_quality()
            await asyncio.sleep(TEXT_EVERY)

    async def _send_quality(self) -> None:
        self._beats += 1
        if self._beats % QUALITY_EVERY == 0 and self._socket.watched(QUALITY_ROOM):
            update = frame(QualityState, quality=asdict(self.quality.now()))
            await self._socket.send(QUALITY_ROOM, update, skip=self._slow)

    async def _send_coins(self) -> None:
        rooms = self._socket.named(COIN_PREFIX)
        # The next ones of a round, so that all are served however many there are.
        turn = [
            rooms[(self._turn + step) % len(rooms)] for step in range(min(len(rooms), COINS_A_TURN))
        ]
        self._turn += len(turn)
        for room in turn:
            if found := self.coin(room.removeprefix(COIN_PREFIX)):
                update = frame(CoinFactsState, coin=asdict(found))
                await self._socket.send(room, update, skip=self._slow)

    async def _read_ledger(self) -> None:
        # Apart from the other texts, which must not wait for Postgres.
        while True:
            await self.quality.read_ledger()
            await asyncio.sleep(LEDGER_EVERY)

    async def _sample_queues(self) -> None:
        while True:
            await asyncio.sleep(SAMPLE_EVERY)
            await self.pass_over_the_slow()

    async def pass_over_the_slow(self) -> None:
        """Readers with a backlog get no frames for now; those far behind are disconnected.

        A reader that was passed over misses a number and asks for everything by itself.
        """
        backlog = self._socket.backlog()
        self._slow = [session for session, waiting in backlog.items() if waiting >= SLOW_AT]
        for session in self._slow:
            if backlog[session] >= LOST_AT:
                log.warning("slow_reader_disconnected", waiting=backlog[session])
                await self._socket.hang_up(session)


async def _kept_going(work: Callable[[], Coroutine[None, None, None]]) -> None:
    """Start the endless work again when it fails: one bad value must not end all live updates."""
    while True:
        try:
            await work()
        except Exception:
            log.exception("frames_failed", work=work.__name__)
            await asyncio.sleep(RESTART_AFTER)
