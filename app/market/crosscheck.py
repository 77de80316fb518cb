"""Published prices against those of sources that are no inputs of ours.

A price fails when every source that knows it is too far away, three times in a row; one that
agrees acquits. Where two sources contradict each other neither convicts. A source's value counts
once: until it says another, later one, there is nothing new to compare.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import nan

import msgspec
import numpy as np
from numpy.typing import NDArray

from app.market.registry import Asset, Tier
from app.market.verdict import Flag, raise_flag

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

CLOSE = 0.03
"""Distance |ln(published ÷ reference)| above which a fiat, stable or major price is too far."""

WIDE = 0.10
"""The same for mid and tail prices."""

REFERENCE_AGE_MAX = 600.0
"""Seconds after which a reference value does not count."""

FAILURES_MAX = 3
"""Comparisons in a row that make `xcheck_fail`."""

_WORST = 5
_LIMIT = {
    Tier.FIAT: CLOSE,
    Tier.STABLE: CLOSE,
    Tier.MAJOR: CLOSE,
    Tier.MID: WIDE,
    Tier.TAIL: WIDE,
}


@dataclass(frozen=True, slots=True)
class References:
    """What the sources say, one row a source and one column an asset; NaN where nothing."""

    sources: tuple[str, ...]
    price: Floats
    """USD."""
    time: Floats
    """When the source computed it, in epoch seconds."""


@dataclass(frozen=True, slots=True)
class CrosscheckState:
    """What one comparison hands to the next."""

    failures: NDArray[np.int8]
    """Comparisons that failed in a row, per asset; at most `FAILURES_MAX`."""
    compared: Floats
    """Time of the value last compared, per source and asset."""


class Divergence(msgspec.Struct, frozen=True):
    """One price beside a source's."""

    asset: str
    published: float
    reference: float
    divergence: float
    """published ÷ reference - 1."""
    age: float
    """Seconds since the source computed its value."""


class SourceDivergence(msgspec.Struct, frozen=True):
    """How far one source is from us over all assets that it knows."""

    source: str
    compared: int
    beyond: int
    """How many of them are farther away than their tier allows."""
    median: float
    """Of |ln(published ÷ reference)|; NaN where nothing was compared."""
    p95: float
    worst: tuple[Divergence, ...]
    """The farthest first."""


class CrosscheckReport(msgspec.Struct, frozen=True):
    """One comparison of the whole market."""

    time: float
    """Epoch seconds."""
    compared: int
    """Assets that at least one source knows."""
    contradicted: int
    """Assets that no verdict was found for, because the sources contradict each other."""
    failing: tuple[str, ...]
    """Ids of the assets with `xcheck_fail`."""
    sources: tuple[SourceDivergence, ...]


@dataclass(frozen=True, slots=True)
class Crosscheck:
    """What one comparison found."""

    state: CrosscheckState
    failed: Mask
    """Assets with `xcheck_fail`."""
    report: CrosscheckReport

    def flags(self) -> NDArray[np.uint32]:
        """The flags that follow, per asset."""
        found = np.zeros(len(self.failed), dtype=np.uint32)
        raise_flag(found, self.failed, Flag.XCHECK_FAIL)
        return found


def first_state(*, sources: int, assets: int) -> CrosscheckState:
    """The state before anything was ever compared."""
    return CrosscheckState(np.zeros(assets, np.int8), np.full((sources, assets), -np.inf))


def extended(state: CrosscheckState, *, assets: int) -> CrosscheckState:
    """The same state for so many assets; the new ones follow the known ones."""
    sources, known = state.compared.shape
    new = first_state(sources=sources, assets=assets - known)
    return CrosscheckState(
        np.concatenate((state.failures, new.failures)), np.hstack((state.compared, new.compared))
    )


def limits(assets: Sequence[Asset]) -> Floats:
    """The distance that each asset's tier allows."""
    return np.array([_LIMIT[asset.tier] for asset in assets], dtype=np.float64)


def cross_check(
    state: CrosscheckState,
    assets: Sequence[Asset],
    published: Floats,
    references: References,
    *,
    now: float,
) -> Crosscheck:
    """Compare each published price, NaN where there is none, with all references."""
    limit = limits(assets)
    age = now - references.time
    distance = _distance(published, references.price)
    counted = np.isfinite(distance) & (age <= REFERENCE_AGE_MAX)
    beyond = counted & (np.abs(distance) > limit)
    acquitted = (counted & ~beyond).any(axis=0)
    contradicted = ~acquitted & _contradict(distance, counted, limit)
    renewed = (counted & (references.time > state.compared)).any(axis=0)
    fails = renewed & ~acquitted & ~contradicted
    failures = np.minimum(state.failures + fails, FAILURES_MAX).astype(np.int8)
    failures[acquitted] = 0
    failed = failures >= FAILURES_MAX
    told = _Told(assets, published, references, distance, counted, beyond, age)
    report = CrosscheckReport(
        time=now,
        compared=int(counted.any(axis=0).sum()),
        contradicted=int(contradicted.sum()),
        failing=tuple(assets[at].id for at in np.flatnonzero(failed).tolist()),
        sources=tuple(told.sources()),
    )
    compared = np.where(counted, references.time, state.compared)
    return Crosscheck(CrosscheckState(failures, compared), failed, report)


def _distance(published: Floats, reference: Floats) -> Floats:
    """ln(published ÷ reference) per source and asset; NaN where either is no price."""
    usable = (published > 0) & (reference > 0) & np.isfinite(reference)
    return np.log(np.divide(published, reference, out=np.full(reference.shape, nan), where=usable))


def _contradict(distance: Floats, counted: Mask, limit: Floats) -> Mask:
    """Where two sources that count are farther apart than the limit."""
    farthest = np.where(counted, distance, -np.inf).max(axis=0, initial=-np.inf)
    nearest = np.where(counted, distance, np.inf).min(axis=0, initial=np.inf)
    return farthest - nearest > limit


@dataclass(frozen=True, slots=True)
class _Told:
    """The columns that a report is made of."""

    assets: Sequence[Asset]
    published: Floats
    references: References
    distance: Floats
    counted: Mask
    beyond: Mask
    age: Floats

    def sources(self) -> Iterator[SourceDivergence]:
        """One summary a source."""
        for row, source in enumerate(self.references.sources):
            at = np.flatnonzero(self.counted[row])
            size = np.abs(self.distance[row, at])
            worst = at[np.argsort(-size, kind="stable")[:_WORST]]
            yield SourceDivergence(
                source=source,
                compared=len(at),
                beyond=int(self.beyond[row].sum()),
                median=float(np.median(size)) if len(at) else nan,
                p95=float(np.quantile(size, 0.95)) if len(at) else nan,
                worst=tuple(self._divergence(row, number) for number in worst.tolist()),
            )

    def _divergence(self, row: int, number: int) -> Divergence:
        published, reference = self.published[number], self.references.price[row, number]
        return Divergence(
            asset=self.assets[number].id,
            published=float(published),
            reference=float(reference),
            divergence=float(published / reference - 1),
            age=float(self.age[row, number]),
        )
