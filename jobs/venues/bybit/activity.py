"""Bybit's recent trades and order book of a spot market: `recent-trade` and `orderbook`."""

import msgspec

from jobs.venue import DepthCall, FrameError, Level, OrderBook, Trade, TradesCall
from jobs.wire import good_rows, only_typed_errors

_MOST_LEVELS = 200


class _Trade(msgspec.Struct, rename={"id": "execId"}, gc=False):
    id: str
    price: float
    size: float
    time: float


class _Result(msgspec.Struct, rename={"rows": "list", "bids": "b", "asks": "a"}):
    """Trades have a list and a category, a book has two sides."""

    category: str = ""
    rows: msgspec.Raw = msgspec.Raw()
    bids: list[Level] | None = None
    asks: list[Level] | None = None


class _Answer(msgspec.Struct, rename="camel"):
    ret_code: int
    result: _Result
    ret_msg: str = ""


_ANSWER = msgspec.json.Decoder(_Answer, strict=False)
_TRADE = msgspec.json.Decoder(_Trade, strict=False)
_TRADES = msgspec.json.Decoder(list[_Trade], strict=False)


@only_typed_errors
def parse_trades(body: bytes) -> list[Trade]:
    """The `recent-trade` list, which Bybit tells newest first."""
    result = _result(body)
    if result.category != "spot":
        # Derivatives share the symbols of spot markets and are told apart by the category alone.
        raise FrameError(f"trades of category spot are expected, not of {result.category!r}")
    return [
        Trade(row.id, row.price, row.size, row.time / 1000)
        for row in reversed(good_rows(_TRADES, _TRADE, result.rows))
    ]


@only_typed_errors
def parse_book(body: bytes) -> OrderBook:
    """The `orderbook` answer."""
    result = _result(body)
    if result.bids is None or result.asks is None:
        raise FrameError("both sides of a book are expected")
    return OrderBook(result.bids, result.asks)


def _result(body: bytes) -> _Result:
    answer = _ANSWER.decode(body)
    if answer.ret_code:
        raise FrameError(f"an answer with retCode 0 is expected: {answer.ret_msg}")
    return answer.result


# Of a spot market no more than 60 trades are told.
TRADES = TradesCall(
    lambda symbol: f"/v5/market/recent-trade?category=spot&symbol={symbol}&limit=60", parse_trades
)
DEPTH = DepthCall(
    lambda symbol: f"/v5/market/orderbook?category=spot&symbol={symbol}&limit={_MOST_LEVELS}",
    parse_book,
    most=_MOST_LEVELS,
)
