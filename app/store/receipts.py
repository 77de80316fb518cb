"""Why a price is what it is, for everyone in a process: at most one receipt a second an asset."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from redis.exceptions import RedisError

from app.market.excerpt import Excerpts
from app.market.frame import Frame, FrameError
from app.market.receipt import Receipt, receipt_of
from app.market.registry import Registry
from app.market.verdict import Status
from app.store.mirror import Mirror, Published

EVERY: Final = 1.0
"""Seconds that one frame, and a failure to read one, serves everyone: jobs write one a second."""

PATIENCE: Final = 2.0
"""Seconds that Redis has for a frame."""

REDIS_AWAY: Final = "What prices are made of cannot be read for the moment; ask again in a second."
NO_FRAME: Final = "The inputs of no price have been published yet; ask again in a second."
UNREADABLE: Final = (
    "The inputs were written by another version of this service; ask again in a minute."
)
OTHER_REGISTRY: Final = "The list of assets and markets has just changed; ask again in a second."


class ReceiptAwayError(Exception):
    """No receipt can be made at the moment; the message says why and when to ask again."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A price computed again, beside what was published."""

    receipt: Receipt
    published: Published | None
    """What the snapshot of the same version says; None once, or while, it is not at hand."""

    @property
    def reproduced(self) -> bool | None:
        """Whether price and status are the published ones to the last bit; None if unknown."""
        if self.published is None:
            return None
        told, again = self.published, self.receipt
        same_price = told.price.hex() == again.price.hex()
        return same_price and Status(told.status).word == again.status


class Receipts:
    """Receipts of the mirror's newest frame."""

    def __init__(self, mirror: Mirror, *, clock: Callable[[], float]) -> None:
        self._mirror = mirror
        self._clock = clock
        self._reading = asyncio.Lock()
        self._frame: Frame | None = None
        self._trouble = ""
        self._serves_until = float("-inf")
        self._excerpts: tuple[Registry, Excerpts] | None = None
        self._made: dict[int, Receipt] = {}

    async def of(self, id: str) -> Explained:
        """Why the asset has its price; raises ReceiptAwayError."""
        frame = await self._newest()
        registry = self._mirror.registry
        number = registry.number_of.get(id)
        if number is None or frame.registry_version != registry.version:
            raise ReceiptAwayError(OTHER_REGISTRY)
        if number not in self._made:
            excerpt = self._excerpts_of(registry).of(number)
            self._made[number] = receipt_of(frame, excerpt, number)
        published = self._mirror.published(number, version=frame.version, time=frame.time)
        return Explained(self._made[number], published)

    async def _newest(self) -> Frame:
        # Whoever waits here finds the answer of the first, so that one reads for all.
        async with self._reading:
            now = self._clock()
            if now >= self._serves_until:
                self._frame, self._trouble = await self._read()
                self._made = {}
                self._serves_until = now + EVERY
        if self._frame is None:
            raise ReceiptAwayError(self._trouble)
        return self._frame

    async def _read(self) -> tuple[Frame | None, str]:
        """The frame, or why there is none."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._mirror.frame(), NO_FRAME
        except (RedisError, OSError, TimeoutError):
            return None, REDIS_AWAY
        except FrameError:
            return None, UNREADABLE

    def _excerpts_of(self, registry: Registry) -> Excerpts:
        if self._excerpts is None or self._excerpts[0] is not registry:
            self._excerpts = (registry, Excerpts(registry))
        return self._excerpts[1]
