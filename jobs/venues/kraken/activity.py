"""Kraken's recent trades and order book: the `Trades` and `Depth` maps with new asset names."""

from urllib.parse import quote as escaped

import msgspec

from jobs.venue import DepthCall, FrameError, OrderBook, Trade, TradesCall
from jobs.wire import good_rows, only_typed_errors

_MOST_LEVELS = 500


class _Trade(msgspec.Struct, array_like=True, gc=False):
    price: float
    size: float
    time: float
    side: str
    kind: str
    remark: str
    id: int


class _Answer(msgspec.Struct):
    error: list[str] = []
    result: dict[str, msgspec.Raw] = {}


_ANSWER = msgspec.json.Decoder(_Answer)
_TRADE = msgspec.json.Decoder(_Trade, strict=False)
_TRADES = msgspec.json.Decoder(list[_Trade], strict=False)
_BOOK = msgspec.json.Decoder(OrderBook, strict=False)


@only_typed_errors
def parse_trades(body: bytes) -> list[Trade]:
    """The trades of one market, oldest first."""
    return [
        Trade(str(row.id), row.price, row.size, row.time)
        for row in good_rows(_TRADES, _TRADE, _of_one_market(body))
    ]


@only_typed_errors
def parse_book(body: bytes) -> OrderBook:
    """The book of one market."""
    return _BOOK.decode(_of_one_market(body))


def _of_one_market(body: bytes) -> msgspec.Raw:
    answer = _ANSWER.decode(body)
    if answer.error:
        raise FrameError(f"an answer without errors is expected: {', '.join(answer.error)}")
    told = [raw for name, raw in answer.result.items() if name != "last"]
    if len(told) != 1:
        raise FrameError(f"one market is expected, not {len(told)}")
    return told[0]


def _path(call: str, symbol: str, count: int) -> str:
    return f"/0/public/{call}?pair={escaped(symbol, safe='')}&count={count}&assetVersion=1"


TRADES = TradesCall(lambda symbol: _path("Trades", symbol, 1000), parse_trades)
DEPTH = DepthCall(
    lambda symbol: _path("Depth", symbol, _MOST_LEVELS), parse_book, most=_MOST_LEVELS
)
