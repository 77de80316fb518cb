"""How a venue is doing, as it is published and shown."""

import msgspec


class VenueHealth(msgspec.Struct, frozen=True):
    """One venue at one instant; times are epoch seconds, lags are seconds, NaN if unknown."""

    name: str
    title: str
    operator: str
    home: str
    docs: str
    state: str
    """live, connecting, silent or down."""
    markets: int
    """Markets of this venue that we follow."""
    connections: int
    connections_wanted: int
    frames: int
    quotes: int
    parse_errors: int
    unknown_symbols: int
    reconnects: int
    missing_acks: int
    refused: int
    last_message: float
    lag_p50: float
    lag_p99: float
    rest_calls: int
    rest_failures: int
    circuit: str
    """closed, half_open or open."""


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(tuple[VenueHealth, ...])


def encode_health(venues: tuple[VenueHealth, ...]) -> bytes:
    """The venues as bytes."""
    return _ENCODER.encode(venues)


def decode_health(body: bytes) -> tuple[VenueHealth, ...]:
    """The venues that were encoded; raises msgspec.MsgspecError."""
    return _DECODER.decode(body)
