"""The indexer's side of the live market: what it writes to Redis for every reader."""

import msgspec
import redis.asyncio as redis

from app.market.crosscheck import CrosscheckReport
from app.market.frame import Frame, FrameError, decode_frame, encode_frame
from app.market.health import VenueHealth, encode_health
from app.market.registry import Registry, decode_registry, encode_registry
from app.market.snapshot import MarketSnapshot, MarketVotes, SnapshotDelta, encode
from app.store import keys
from app.store.mirror import Sparks


class Publisher:
    """Writes the live market; raises redis.RedisError when Redis is away."""

    def __init__(self, client: "redis.Redis") -> None:
        self._client = client

    async def publish_registry(self, registry: Registry) -> None:
        """Readers load the registry anew."""
        await self._replace({keys.REGISTRY: encode_registry(registry)})

    async def publish_delta(self, delta: SnapshotDelta) -> None:
        """Readers that have the version before are current."""
        await self._client.publish(keys.DELTAS, encode(delta))

    async def publish_whole(self, snapshot: MarketSnapshot, delta: SnapshotDelta | None) -> None:
        """Stored before the delta is announced, so that a reader with a gap finds this version."""
        async with self._client.pipeline(transaction=False) as pipe:
            pipe.set(keys.SNAPSHOT, encode(snapshot))
            if delta is not None:
                pipe.publish(keys.DELTAS, encode(delta))
            else:
                pipe.publish(keys.SLOW, keys.SNAPSHOT)
            await pipe.execute()

    async def publish_details(self, votes: MarketVotes, venues: tuple[VenueHealth, ...]) -> None:
        """Readers see each market's vote and each venue's health."""
        await self._replace({keys.VOTES: encode(votes), keys.VENUES: encode_health(venues)})

    async def last_frame(self) -> tuple[Frame, Registry] | None:
        """The frame that an earlier process published last, with its registry; None without one.

        What another version of the codec wrote is passed over.
        """
        frame, registry = await self._client.mget(keys.FRAME, keys.REGISTRY)
        try:
            found = decode_frame(frame or b""), decode_registry(registry or b"")
        except (FrameError, msgspec.MsgspecError):
            return None
        return found if found[0].registry_version == found[1].version else None

    async def publish_frame(self, frame: Frame) -> None:
        """Whoever asks why a price is what it is can compute it again."""
        await self._client.set(keys.FRAME, encode_frame(frame))

    async def publish_crosscheck(self, report: CrosscheckReport) -> None:
        """Readers see how far independent sources are from the published prices."""
        await self._replace({keys.CROSSCHECK: msgspec.msgpack.encode(report)})

    async def publish_sparks(self, sparks: Sparks) -> None:
        """Readers draw new sparklines."""
        await self._replace({keys.SPARKS: sparks.tobytes()})

    async def _replace(self, values: dict[str, bytes]) -> None:
        async with self._client.pipeline(transaction=False) as pipe:
            for key, value in values.items():
                pipe.set(key, value)
                pipe.publish(keys.SLOW, key)
            await pipe.execute()
