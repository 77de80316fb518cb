"""The whole market at one instant as columns, the delta between two, and their byte codec.

A row number is the asset's number in the registry of the same version. Readers hold one
snapshot and apply deltas; a version that does not follow its predecessor means: load again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

Column: TypeAlias = NDArray[Any]

ASSET_COLUMNS: Mapping[str, str] = {
    "price": "f8",  # USD; NaN while unavailable
    "confidence": "f4",  # half width, as a share of the price
    "status": "u1",  # verdict.Status
    "flags": "u4",  # verdict.Flag
    "sources": "u2",  # operators that made the price
    "listed": "u2",  # operators that list the asset
    "updated": "f8",  # epoch seconds of the newest quote behind the price
    "volume_24h": "f8",  # USD, all fresh markets whose volume is believed
    "volume_reported": "f8",  # USD, all fresh markets
    "market_cap": "f8",  # USD; NaN while the supply is unknown
    "circulating": "f8",  # units; NaN while unknown
    "rank": "u4",  # by market cap; 0 while unranked
    "change_1h": "f4",  # share, 0.01 is 1 %; NaN while there is no history
    "change_24h": "f4",
    "change_7d": "f4",
    "high_24h": "f8",
    "low_24h": "f8",
}

MARKET_COLUMNS: Mapping[str, str] = {
    "raw": "f8",  # the venue's price in the quote currency
    "usd": "f8",  # the same in USD; NaN where the quote has no factor
    "weight": "f4",  # share of the vote after the cap, 0 to 1
    "spread": "f4",  # (ask - bid) / mid; NaN without a book
    "volume_24h": "f8",  # USD
    "updated": "f8",  # epoch seconds of the quote; NaN if there never was one
    "flags": "u4",  # verdict.Flag of this market; 0 when it counts in full
}


class SnapshotError(ValueError):
    """Bytes that are no snapshot or delta of this version of the codec."""


@dataclass(frozen=True, slots=True)
class Totals:
    """The market in one line."""

    market_cap: float
    volume_24h: float
    market_cap_change_24h: float
    """Share; NaN while there is no history."""
    bitcoin_share: float
    ethereum_share: float
    assets: int
    """Assets that have a price."""
    venues_live: int
    venues: int


EMPTY_TOTALS = Totals(0.0, 0.0, float("nan"), float("nan"), float("nan"), 0, 0, 0)


@dataclass(frozen=True, slots=True)
class MarketSnapshot:
    """One published instant; the arrays are read only."""

    version: int
    registry_version: int
    time: float
    """Epoch seconds of the publish cycle; recorded time when the source is a replay."""
    source: str
    """live, replay or sandbox."""
    totals: Totals
    columns: Mapping[str, Column]
    """One array per name in ASSET_COLUMNS, all of the same length."""


@dataclass(frozen=True, slots=True)
class MarketVotes:
    """How each market stood when snapshot `version` was made; one array per MARKET_COLUMNS."""

    version: int
    registry_version: int
    time: float
    columns: Mapping[str, Column]


@dataclass(frozen=True, slots=True)
class SnapshotDelta:
    """What changed from `version - 1` to `version`: rows and their new values, all columns."""

    version: int
    registry_version: int
    time: float
    source: str
    totals: Totals
    rows: NDArray[np.uint32]
    columns: Mapping[str, Column]


def delta_between(old: MarketSnapshot, new: MarketSnapshot) -> SnapshotDelta:
    """The rows whose bytes differ; NaN equals NaN."""
    changed = np.zeros(len(new.columns["price"]), dtype=bool)
    for name, column in new.columns.items():
        width = f"u{column.dtype.itemsize}"
        changed |= column.view(width) != old.columns[name].view(width)
    rows = np.flatnonzero(changed).astype(np.uint32)
    values = {name: column[rows] for name, column in new.columns.items()}
    return SnapshotDelta(
        new.version, new.registry_version, new.time, new.source, new.totals, rows, values
    )


def applied(snapshot: MarketSnapshot, delta: SnapshotDelta) -> MarketSnapshot | None:
    """The next snapshot, or None when the delta does not follow this one."""
    follows = delta.version == snapshot.version + 1
    if not follows or delta.registry_version != snapshot.registry_version:
        return None
    columns = {name: column.copy() for name, column in snapshot.columns.items()}
    for name, values in delta.columns.items():
        columns[name][delta.rows] = values
    return MarketSnapshot(
        delta.version, delta.registry_version, delta.time, delta.source, delta.totals, columns
    )


class _Wire(msgspec.Struct, array_like=True):
    kind: str
    version: int
    registry_version: int
    time: float
    source: str
    totals: Totals
    rows: bytes
    columns: dict[str, bytes]


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(_Wire)


def encode(value: MarketSnapshot | SnapshotDelta | MarketVotes) -> bytes:
    """The value as bytes; `decode_*` gives the same bits back."""
    rows = value.rows.tobytes() if isinstance(value, SnapshotDelta) else b""
    source, totals = ("", EMPTY_TOTALS)
    if not isinstance(value, MarketVotes):
        source, totals = value.source, value.totals
    columns = {name: column.tobytes() for name, column in value.columns.items()}
    wire = _Wire(
        type(value).__name__,
        value.version,
        value.registry_version,
        value.time,
        source,
        totals,
        rows,
        columns,
    )
    return _ENCODER.encode(wire)


def decode_snapshot(body: bytes) -> MarketSnapshot:
    """The snapshot that was encoded; raises SnapshotError."""
    wire = _decoded(body, MarketSnapshot)
    columns = _columns(wire.columns, ASSET_COLUMNS)
    return MarketSnapshot(
        wire.version, wire.registry_version, wire.time, wire.source, wire.totals, columns
    )


def decode_delta(body: bytes) -> SnapshotDelta:
    """The delta that was encoded; raises SnapshotError."""
    wire = _decoded(body, SnapshotDelta)
    rows = np.frombuffer(wire.rows, dtype=np.uint32)
    columns = _columns(wire.columns, ASSET_COLUMNS)
    return SnapshotDelta(
        wire.version, wire.registry_version, wire.time, wire.source, wire.totals, rows, columns
    )


def decode_votes(body: bytes) -> MarketVotes:
    """The market columns that were encoded; raises SnapshotError."""
    wire = _decoded(body, MarketVotes)
    columns = _columns(wire.columns, MARKET_COLUMNS)
    return MarketVotes(wire.version, wire.registry_version, wire.time, columns)


def _decoded(body: bytes, expected: type[object]) -> _Wire:
    try:
        wire = _DECODER.decode(body)
    except msgspec.MsgspecError as error:
        raise SnapshotError(f"not a market snapshot: {error}") from error
    if wire.kind != expected.__name__:
        raise SnapshotError(f"expected {expected.__name__}, got {wire.kind}")
    return wire


def _columns(raw: Mapping[str, bytes], shapes: Mapping[str, str]) -> dict[str, Column]:
    if raw.keys() != shapes.keys():
        raise SnapshotError(f"expected the columns {sorted(shapes)}, got {sorted(raw)}")
    return {name: np.frombuffer(raw[name], dtype=kind) for name, kind in shapes.items()}
