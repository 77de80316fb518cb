"""Everything that one publish cycle was computed from: all quotes and the carried state.

Whoever has a frame, and the registry of its version, computes every price of that instant again,
bit for bit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from app.market.quotes import QuoteColumns
from app.market.state import IndexState

_TYPES = {
    "operators_seen": np.dtype(np.int32),
    "excluded": np.dtype(np.int64),
    "distrusted": np.dtype(np.bool_),
}
"""Columns of the state that are not of floats."""


class FrameError(ValueError):
    """Bytes that are no frame of this version of the codec."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The inputs of snapshot `version`: `step(state, quotes, layout, time)` gives its prices."""

    version: int
    registry_version: int
    time: float
    """Epoch seconds of the cycle."""
    source: str
    """live, replay or sandbox."""
    quotes: QuoteColumns
    state: IndexState
    """As it was before the cycle."""


class _Wire(msgspec.Struct, array_like=True):
    version: int
    registry_version: int
    time: float
    source: str
    state_time: float
    quotes: dict[str, bytes]
    state: dict[str, bytes]


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(_Wire)


def encode_frame(frame: Frame) -> bytes:
    """The frame as bytes; `decode_frame` gives the same bits back."""
    return _ENCODER.encode(
        _Wire(
            frame.version,
            frame.registry_version,
            frame.time,
            frame.source,
            frame.state.time,
            _packed(frame.quotes),
            _packed(frame.state),
        )
    )


def decode_frame(body: bytes) -> Frame:
    """The frame that was encoded; raises FrameError."""
    try:
        wire = _DECODER.decode(body)
        quotes = QuoteColumns(**_unpacked(wire.quotes))
        state = IndexState(time=wire.state_time, **_unpacked(wire.state))
    except (msgspec.MsgspecError, TypeError, ValueError) as error:
        raise FrameError(f"not a frame: {error}") from error
    return Frame(wire.version, wire.registry_version, wire.time, wire.source, quotes, state)


def _packed(columns: QuoteColumns | IndexState) -> dict[str, bytes]:
    values = {field.name: getattr(columns, field.name) for field in fields(columns)}
    return {
        name: value.astype(_TYPES.get(name, np.float64), copy=False).tobytes()
        for name, value in values.items()
        if isinstance(value, np.ndarray)
    }


def _unpacked(columns: Mapping[str, bytes]) -> dict[str, NDArray[Any]]:
    return {
        name: np.frombuffer(column, dtype=_TYPES.get(name, np.float64))
        for name, column in columns.items()
    }
