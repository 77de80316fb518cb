"""The texts of the quality page, made once for everyone who looks at it."""

from collections.abc import Sequence
from typing import Protocol

from app.market.events import PriceEvent
from app.market.quality import Quality
from app.store.mirror import Mirror
from app.store.quality import Measured
from app.ui.quality import QualityTexts, quality_texts


class Events(Protocol):
    """What the ledger says last; `store.incidents.RecentEvents` is the real one."""

    async def newest(self) -> Sequence[PriceEvent] | None:
        """The newest incidents and corrections; None while the ledger cannot be read."""
        ...


class QualityDesk:
    """What is measured and what the ledger says, as one page."""

    def __init__(self, mirror: Mirror, measured: Measured, events: Events) -> None:
        self._mirror = mirror
        self._measured = measured
        self._events = events
        self._told: Sequence[PriceEvent] | None = None
        self._last: tuple[Quality, Sequence[PriceEvent] | None, QualityTexts] | None = None

    async def read_ledger(self) -> None:
        """From now on the page tells what the ledger says."""
        self._told = await self._events.newest()

    def now(self) -> QualityTexts:
        """The page as it is now; its defaults before the first snapshot."""
        found = self._measured.quality()
        if found is None:
            return QualityTexts()
        if self._last is None or self._last[0] is not found or self._last[1] is not self._told:
            registry = self._mirror.registry
            logos = {
                concern.id: registry.assets[registry.number_of[concern.id]].logo
                for concern in found.concerns
                if concern.id in registry.number_of
            }
            texts = quality_texts(found, events=self._told, logos=logos)
            self._last = (found, self._told, texts)
        return self._last[2]
