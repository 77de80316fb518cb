"""The market's quality, measured at most once a second for everyone in a process."""

from dataclasses import replace

import numpy as np

from app.market.quality import Quality, quality
from app.market.snapshot import MarketSnapshot
from app.market.verdict import Status
from app.store.mirror import Mirror

EVERY = 1.0
"""Seconds that one measurement serves everyone."""

CONCERNS = 20
"""Assets in dispute that are told in full."""


class Measured:
    """What is measured of one mirror; a result is shared until it is EVERY old."""

    def __init__(self, mirror: Mirror, *, stale_after: float) -> None:
        self._mirror = mirror
        self._stale_after = stale_after
        self._last: tuple[int, Quality] | None = None

    def quality(self) -> Quality | None:
        """The quality now; None before the first snapshot.

        Every price is stale once the indexer has been silent for `stale_after` seconds.
        """
        mirror, snapshot = self._mirror, self._mirror.snapshot
        if snapshot is None:
            return None
        silence = max(0.0, mirror.silence())
        now = snapshot.time + (silence if np.isfinite(silence) else 0.0)
        if self._last and self._last[0] == mirror.registry.version:
            last = self._last[1]
            if 0 <= now - last.time < EVERY:
                return last
        found = quality(
            registry=mirror.registry,
            snapshot=_aged(snapshot) if silence > self._stale_after else snapshot,
            votes=mirror.votes,
            venues=mirror.venues,
            crosscheck=mirror.crosscheck,
            now=now,
            worst=CONCERNS,
        )
        self._last = (mirror.registry.version, found)
        return found


def _aged(snapshot: MarketSnapshot) -> MarketSnapshot:
    status = snapshot.columns["status"]
    stale = np.where(status == Status.UNAVAILABLE, status, np.uint8(Status.STALE))
    return replace(snapshot, columns={**snapshot.columns, "status": stale})
