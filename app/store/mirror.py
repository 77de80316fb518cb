"""A reader's copy of the live market: one snapshot, kept current by deltas.

Reading it costs no round trip. When Redis is away the copy stays, and its age says so.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from typing import NamedTuple, TypedDict, cast

import msgspec
import numpy as np
import redis.asyncio as redis
import structlog
from numpy.typing import NDArray
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError
from tenacity import AsyncRetrying, retry_if_exception_type, wait_random_exponential

from app.market.crosscheck import CrosscheckReport
from app.market.frame import Frame, decode_frame
from app.market.health import VenueHealth, decode_health
from app.market.registry import Registry, decode_registry
from app.market.snapshot import (
    Column,
    MarketSnapshot,
    MarketVotes,
    SnapshotError,
    applied,
    decode_delta,
    decode_snapshot,
    decode_votes,
)
from app.store import keys

log = structlog.get_logger(__name__)

SPARK_POINTS = 56
"""Points of a seven-day sparkline: one every three hours."""

Sparks = NDArray[np.float32]

REMEMBERED = 12
"""Published versions whose prices are kept, so that a frame some seconds old finds its own."""


class Message(TypedDict):
    """What redis-py yields for each message of a subscription."""

    type: str
    channel: bytes
    data: bytes


class Published(NamedTuple):
    """What one snapshot said of one asset."""

    price: float
    confidence: float
    status: int
    flags: int


class _Version(NamedTuple):
    version: int
    time: float
    columns: Mapping[str, Column]


class Mirror:
    """The market as this process last heard it; every attribute is replaced, never changed."""

    def __init__(self, client: "redis.Redis", *, clock: Callable[[], float]) -> None:
        self.registry = Registry(0, (), ())
        self.snapshot: MarketSnapshot | None = None
        self.votes: MarketVotes | None = None
        self.venues: tuple[VenueHealth, ...] = ()
        self.sparks: Sparks = np.empty((0, SPARK_POINTS), dtype=np.float32)
        """Closes of the last seven days per asset, oldest first; NaN where there is none."""
        self.crosscheck: CrosscheckReport | None = None
        """The last comparison with independent sources; None before the first."""
        self._client = client
        self._clock = clock
        self._changed = asyncio.Condition()
        self._heard = 0.0
        self._arriving = self.registry
        self._versions: deque[_Version] = deque(maxlen=REMEMBERED)

    @property
    def ready(self) -> bool:
        """Whether there is a market with at least one price to show."""
        return self.snapshot is not None and self.snapshot.totals.assets > 0

    def silence(self) -> float:
        """Seconds since the indexer was last heard; infinite before the first time."""
        return self._clock() - self._heard if self._heard else float("inf")

    async def next_version(self, after: int) -> MarketSnapshot:
        """The newest snapshot as soon as it is newer than `after`."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.snapshot and self.snapshot.version != after)
        assert self.snapshot is not None  # noqa: S101 - what was just waited for
        return self.snapshot

    async def frame(self) -> Frame | None:
        """The inputs of a recent snapshot; None before the first.

        Raises RedisError when Redis is away and FrameError when another version wrote it.
        """
        body = await self._client.get(keys.FRAME)
        return decode_frame(body) if body else None

    def published(self, asset: int, *, version: int, time: float) -> Published | None:
        """What that version said of the asset, by its number; None if it is not remembered."""
        for each in self._versions:
            # Versions start again with a new indexer, their times do not.
            if (each.version, each.time) == (version, time):
                return Published(*(each.columns[name][asset].item() for name in Published._fields))
        return None

    async def run(self) -> None:
        """Follow the market until cancelled; a lost Redis is waited for, not raised."""
        retrying = AsyncRetrying(
            retry=retry_if_exception_type((RedisError, OSError, TimeoutError)),
            wait=wait_random_exponential(multiplier=0.1, max=3),
            before_sleep=lambda state: log.warning(
                "mirror_lost_redis", attempt=state.attempt_number
            ),
        )
        async for attempt in retrying:
            with attempt:
                await self._follow()

    async def _follow(self) -> None:
        async with self._client.pubsub() as pubsub:
            await pubsub.subscribe(keys.DELTAS, keys.SLOW)
            await self._load()
            log.info("mirror_loaded", assets=len(self.registry.assets))
            await self._listen(pubsub)

    async def _listen(self, pubsub: PubSub) -> None:
        # redis-py does not say what its messages hold.
        messages = cast("AsyncIterator[Message]", pubsub.listen())
        async for said in messages:
            if said["type"] != "message":
                continue
            if said["channel"] == keys.SLOW.encode():
                await self._replace(said["data"].decode())
            else:
                await self._apply(said["data"])

    async def _load(self) -> None:
        for key in (
            keys.REGISTRY,
            keys.SNAPSHOT,
            keys.VOTES,
            keys.VENUES,
            keys.SPARKS,
            keys.CROSSCHECK,
        ):
            await self._replace(key)

    async def _apply(self, body: bytes) -> None:
        try:
            delta = decode_delta(body)
        except SnapshotError as error:
            log.error("mirror_unreadable", key=keys.DELTAS, reason=str(error))
            return
        self._heard = self._clock()
        following = applied(self.snapshot, delta) if self.snapshot else None
        if following is not None:
            await self._announce(following)
        elif self.snapshot is None or delta.version != self.snapshot.version:
            await self._replace(keys.REGISTRY)
            await self._replace(keys.SNAPSHOT)

    async def _replace(self, key: str) -> None:
        body = await self._client.get(key)
        if body is None:
            return
        try:
            await self._adopt(key, body)
        except (SnapshotError, msgspec.MsgspecError) as error:
            log.error("mirror_unreadable", key=key, reason=str(error))

    async def _adopt(self, key: str, body: bytes) -> None:
        if key == keys.SNAPSHOT:
            snapshot = decode_snapshot(body)
            newer = self.snapshot is None or snapshot.version != self.snapshot.version
            if newer and snapshot.registry_version == self._arriving.version:
                await self._announce(snapshot)
        elif key == keys.REGISTRY:
            self._arriving = decode_registry(body)
        elif key == keys.VOTES:
            self.votes = decode_votes(body)
        elif key == keys.VENUES:
            self.venues = decode_health(body)
        elif key == keys.CROSSCHECK:
            self.crosscheck = msgspec.msgpack.decode(body, type=CrosscheckReport)
        elif key == keys.SPARKS:
            self.sparks = np.frombuffer(body, dtype=np.float32).reshape(-1, SPARK_POINTS)

    async def _announce(self, snapshot: MarketSnapshot) -> None:
        # Readers never see a snapshot beside a registry of another version.
        self.snapshot, self.registry = snapshot, self._arriving
        columns = {name: snapshot.columns[name] for name in Published._fields}
        self._versions.append(_Version(snapshot.version, snapshot.time, columns))
        async with self._changed:
            self._changed.notify_all()
