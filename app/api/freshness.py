"""The market as one request sees it: consistent, and honest about its age."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

import numpy as np

from app.api.errors import NotReadyError
from app.market.directory import Directory
from app.market.health import VenueHealth
from app.market.quality import Quality
from app.market.registry import Registry
from app.market.snapshot import MarketSnapshot, MarketVotes
from app.market.verdict import Status
from app.store.mirror import Mirror, Sparks
from app.store.quality import Measured

STALE_AFTER: Final = 5.0
"""Seconds without a word from the indexer after which every price is called stale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Snapshot, registry and votes that belong together, at the instant of one request."""

    snapshot: MarketSnapshot
    """Every price in it is `stale` once the indexer has been silent for STALE_AFTER."""
    directory: Directory
    votes: MarketVotes | None
    """None until the votes of this registry have arrived."""
    venues: tuple[VenueHealth, ...]
    sparks: Sparks
    silence: float
    """Seconds since the indexer was last heard; infinite when it never was."""
    quality: Callable[[], Quality]
    """How good the market is; measured when it is called, at most once a second."""
    stamp: str
    """Changes when an answer made from this moment would differ, at least once a second
    while the indexer is silent."""

    @property
    def registry(self) -> Registry:
        """Who is who in the snapshot's columns."""
        return self.directory.registry

    @property
    def now(self) -> float:
        """The present on the market's own clock, which is a past one in a replay."""
        return self.snapshot.time + (self.silence if math.isfinite(self.silence) else 0.0)

    def envelope(self) -> dict[str, object]:
        """What every v1 answer begins with."""
        return {
            "as_of": rfc3339(self.snapshot.time),
            "age_ms": milliseconds(self.silence),
            "status": "stale" if self.silence > STALE_AFTER else "ok",
            "source": self.snapshot.source,
            "version": self.snapshot.version,
        }


class Freshness:
    """Makes moments out of a mirror that changes while requests are answered."""

    def __init__(self, mirror: Mirror, measured: Measured | None = None) -> None:
        self._mirror = mirror
        self._measured = measured or Measured(mirror, stale_after=STALE_AFTER)
        self._directory = Directory(mirror.registry)
        self._stale: tuple[MarketSnapshot, MarketSnapshot] | None = None

    def moment(self) -> Moment:
        """The market now; raises NotReadyError."""
        mirror = self._mirror
        snapshot = self._snapshot()
        directory = self._directory_of(mirror.registry)
        silence = max(0.0, mirror.silence())
        votes = mirror.votes
        if votes is not None and votes.registry_version != snapshot.registry_version:
            votes = None
        return Moment(
            snapshot=self._marked(snapshot) if silence > STALE_AFTER else snapshot,
            directory=directory,
            votes=votes,
            venues=mirror.venues,
            sparks=mirror.sparks,
            silence=silence,
            quality=self._quality,
            stamp=_stamp(snapshot, silence),
        )

    def _snapshot(self) -> MarketSnapshot:
        if self._mirror.snapshot is None:
            raise NotReadyError("No market has been read yet.")
        if not self._mirror.ready:
            raise NotReadyError("The market has no price yet.")
        return self._mirror.snapshot

    def _quality(self) -> Quality:
        found = self._measured.quality()
        if found is None:
            raise NotReadyError("No market has been read yet.")
        return found

    def _directory_of(self, registry: Registry) -> Directory:
        if registry is not self._directory.registry:
            self._directory = Directory(registry)
        return self._directory

    def _marked(self, snapshot: MarketSnapshot) -> MarketSnapshot:
        if self._stale is None or self._stale[0] is not snapshot:
            self._stale = (snapshot, _all_stale(snapshot))
        return self._stale[1]


def rfc3339(seconds: float) -> str | None:
    """Epoch seconds as UTC text with milliseconds; None where unknown."""
    if not math.isfinite(seconds):
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def milliseconds(seconds: float) -> int | None:
    """Whole milliseconds, never negative; None where unknown."""
    return max(0, round(seconds * 1000)) if math.isfinite(seconds) else None


def _all_stale(snapshot: MarketSnapshot) -> MarketSnapshot:
    status = snapshot.columns["status"]
    stale = np.where(status == Status.UNAVAILABLE, status, np.uint8(Status.STALE))
    return replace(snapshot, columns={**snapshot.columns, "status": stale})


def _stamp(snapshot: MarketSnapshot, silence: float) -> str:
    """The time is part of it because versions start again with a new indexer."""
    quiet = math.ceil(silence) if 1.0 < silence < math.inf else 0
    return f"{snapshot.version:x}.{int(snapshot.time * 1000):x}.{quiet:x}"
