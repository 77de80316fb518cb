"""Coinbase's recent trades, and its whole order book added up by price."""

from datetime import datetime
from math import inf

import msgspec

from jobs.venue import DepthCall, OrderBook, Trade, TradesCall
from jobs.wire import good_rows, only_typed_errors


class _Trade(msgspec.Struct, gc=False):
    trade_id: int
    price: float
    size: float
    time: datetime


_TRADE = msgspec.json.Decoder(_Trade, strict=False)
_TRADES = msgspec.json.Decoder(list[_Trade], strict=False)
_BOOK = msgspec.json.Decoder(OrderBook, strict=False)


@only_typed_errors
def parse_trades(body: bytes) -> list[Trade]:
    """The trades of one product, which Coinbase tells newest first."""
    return [
        Trade(str(row.trade_id), row.price, row.size, row.time.timestamp())
        for row in reversed(good_rows(_TRADES, _TRADE, body))
    ]


@only_typed_errors
def parse_book(body: bytes) -> OrderBook:
    """The book of level 2."""
    return _BOOK.decode(body)


TRADES = TradesCall(lambda symbol: f"/products/{symbol}/trades?limit=1000", parse_trades)
DEPTH = DepthCall(lambda symbol: f"/products/{symbol}/book?level=2", parse_book, most=inf)
