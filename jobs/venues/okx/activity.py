"""OKX's recent trades and order book: `trades` and `books` of API v5."""

import msgspec

from jobs.venue import DepthCall, FrameError, OrderBook, Trade, TradesCall
from jobs.wire import good_rows, only_typed_errors

_MOST_LEVELS = 400

_NAMES = {"id": "tradeId", "price": "px", "size": "sz", "time": "ts"}


class _Trade(msgspec.Struct, rename=_NAMES, gc=False):
    id: str
    price: float
    size: float
    time: float


class _Answer(msgspec.Struct):
    data: msgspec.Raw
    code: str = "0"
    msg: str = ""


_ANSWER = msgspec.json.Decoder(_Answer)
_TRADE = msgspec.json.Decoder(_Trade, strict=False)
_TRADES = msgspec.json.Decoder(list[_Trade], strict=False)
_BOOKS = msgspec.json.Decoder(list[OrderBook], strict=False)


@only_typed_errors
def parse_trades(body: bytes) -> list[Trade]:
    """The trades of one market, which OKX tells newest first."""
    return [
        Trade(row.id, row.price, row.size, row.time / 1000)
        for row in reversed(good_rows(_TRADES, _TRADE, _data(body)))
    ]


@only_typed_errors
def parse_book(body: bytes) -> OrderBook:
    """The book of one market."""
    books = _BOOKS.decode(_data(body))
    if len(books) != 1:
        raise FrameError(f"the book of one market is expected, not {len(books)}")
    return books[0]


def _data(body: bytes) -> msgspec.Raw:
    answer = _ANSWER.decode(body)
    if answer.code != "0":
        raise FrameError(f"an answer with code 0 is expected: {answer.code} {answer.msg}")
    return answer.data


TRADES = TradesCall(lambda symbol: f"/api/v5/market/trades?instId={symbol}&limit=500", parse_trades)
DEPTH = DepthCall(
    lambda symbol: f"/api/v5/market/books?instId={symbol}&sz={_MOST_LEVELS}",
    parse_book,
    most=_MOST_LEVELS,
)
