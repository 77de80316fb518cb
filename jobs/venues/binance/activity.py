"""Binance's recent trades and order book: `aggTrades` and `depth`."""

from urllib.parse import quote as escaped

import msgspec

from jobs.venue import DepthCall, OrderBook, Trade, TradesCall
from jobs.wire import good_rows, only_typed_errors

_MOST_LEVELS = 500


class _Trade(msgspec.Struct, rename={"id": "a", "price": "p", "size": "q", "time": "T"}, gc=False):
    id: int
    price: float
    size: float
    time: float


_TRADE = msgspec.json.Decoder(_Trade, strict=False)
_TRADES = msgspec.json.Decoder(list[_Trade], strict=False)
_BOOK = msgspec.json.Decoder(OrderBook, strict=False)


@only_typed_errors
def parse_trades(body: bytes) -> list[Trade]:
    """The `aggTrades` list, oldest first: what one order took at one price is one trade."""
    return [
        Trade(str(row.id), row.price, row.size, row.time / 1000)
        for row in good_rows(_TRADES, _TRADE, body)
    ]


@only_typed_errors
def parse_book(body: bytes) -> OrderBook:
    """The `depth` answer."""
    return _BOOK.decode(body)


# Trades as such cost six times as much.
TRADES = TradesCall(
    lambda symbol: f"/api/v3/aggTrades?symbol={escaped(symbol)}&limit=1000", parse_trades, cost=4
)
DEPTH = DepthCall(
    lambda symbol: f"/api/v3/depth?symbol={escaped(symbol)}&limit={_MOST_LEVELS}",
    parse_book,
    most=_MOST_LEVELS,
    cost=25,
)
