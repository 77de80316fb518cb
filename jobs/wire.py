"""Reading bytes so that a bad row costs no other row, and bad bytes no other error."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import TypeVar

import msgspec

from jobs.venue import FrameError, HourCandle

Row = TypeVar("Row")
Read = TypeVar("Read")


def only_typed_errors(read: Callable[[bytes], Read]) -> Callable[[bytes], Read]:
    """The same reader, with FrameError for text that is no UTF-8 and for too deep nesting.

    msgspec lets UnicodeDecodeError and RecursionError through; callers must not know that.
    """

    @wraps(read)
    def reader(body: bytes) -> Read:
        try:
            return read(body)
        except (UnicodeDecodeError, RecursionError) as error:
            raise FrameError(f"expected UTF-8 JSON of a few levels: {error}") from error

    return reader


def good_rows(
    whole: msgspec.json.Decoder[list[Row]],
    row: msgspec.json.Decoder[Row],
    body: bytes | msgspec.Raw,
) -> list[Row]:
    """All rows that have the declared shape, in order; raises MsgspecError if it is no list."""
    try:
        return whole.decode(body)
    except (msgspec.ValidationError, UnicodeDecodeError):
        return list(_one_by_one(row, _RAW_ROWS.decode(body)))


class _Hour(msgspec.Struct, array_like=True, gc=False):
    time: int
    open: float
    high: float
    low: float
    close: float
    volume: float


_HOUR = msgspec.json.Decoder(_Hour, strict=False)
_HOURS = msgspec.json.Decoder(list[_Hour], strict=False)


def good_hours(body: bytes | msgspec.Raw) -> list[HourCandle]:
    """Candles of rows [time in ms, open, high, low, close, volume, …], as most venues tell them."""
    return [
        HourCandle(row.time // 1000, row.open, row.high, row.low, row.close, row.volume)
        for row in good_rows(_HOURS, _HOUR, body)
    ]


_RAW_ROWS = msgspec.json.Decoder(list[msgspec.Raw])


def _one_by_one(row: msgspec.json.Decoder[Row], raws: list[msgspec.Raw]) -> Iterator[Row]:
    for raw in raws:
        try:
            yield row.decode(raw)
        except (msgspec.ValidationError, UnicodeDecodeError):
            continue
