"""Kraken's past hours: the `OHLC` map with new asset names."""

from urllib.parse import quote as escaped

import msgspec

from jobs.venue import FrameError, HistoryCall, HourCandle
from jobs.wire import good_rows, only_typed_errors


class _Hour(msgspec.Struct, array_like=True, gc=False):
    time: int
    open: float
    high: float
    low: float
    close: float
    average: float
    volume: float


class _Answer(msgspec.Struct):
    error: list[str] = []
    result: dict[str, msgspec.Raw] = {}


_ANSWER = msgspec.json.Decoder(_Answer)
_HOUR = msgspec.json.Decoder(_Hour, strict=False)
_HOURS = msgspec.json.Decoder(list[_Hour], strict=False)


@only_typed_errors
def parse_hours(body: bytes) -> list[HourCandle]:
    """The hours of one market, oldest first, without the last one, which is always running."""
    answer = _ANSWER.decode(body)
    if answer.error:
        raise FrameError(f"an answer without errors is expected: {', '.join(answer.error)}")
    lists = [raw for name, raw in answer.result.items() if name != "last"]
    if len(lists) != 1:
        raise FrameError(f"the hours of one market are expected, not of {len(lists)}")
    return [
        HourCandle(row.time, row.open, row.high, row.low, row.close, row.volume)
        for row in good_rows(_HOURS, _HOUR, lists[0])[:-1]
    ]


def _hours_path(symbol: str, since: int, until: int) -> str:
    # Kraken knows no end, and tells what is later than "since".
    pair = escaped(symbol, safe="")
    return f"/0/public/OHLC?pair={pair}&interval=60&since={since - 1}&assetVersion=1"


HISTORY = HistoryCall(_hours_path, parse_hours, most=720)
