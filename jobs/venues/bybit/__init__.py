"""Bybit v5 spot: `tickers` for the last price and volume, `orderbook.1` for the best book.

No sequence number is kept: Bybit repeats messages with the same one to say that nothing changed.
"""

import zlib
from collections.abc import Sequence
from typing import Literal

import msgspec

from app.market.quotes import NAN, Quote
from jobs.venue import (
    Ack,
    Budget,
    Call,
    Event,
    FrameError,
    HistoryCall,
    HourCandle,
    Listing,
    Ping,
    Refused,
    Subscription,
    Unknown,
    Venue,
)
from jobs.venues.bybit.activity import DEPTH, TRADES
from jobs.wire import good_hours, good_rows, only_typed_errors

_SYMBOLS_PER_FRAME = 5
"""Ten topics are allowed per frame, and a market has two."""

_NO_ROWS = msgspec.Raw(b"[]")


class _Ticker(msgspec.Struct, gc=False):
    class Day(msgspec.Struct, rename="camel", gc=False):
        symbol: str
        last_price: float
        volume24h: float
        turnover24h: float

    type: Literal["snapshot"]
    ts: float
    data: Day


class _Level(msgspec.Struct, array_like=True, gc=False):
    price: float


class _Book(msgspec.Struct, gc=False):
    class Best(msgspec.Struct, rename={"symbol": "s", "bids": "b", "asks": "a"}, gc=False):
        symbol: str
        bids: list[_Level]
        asks: list[_Level]

    type: Literal["snapshot"]
    ts: float
    data: Best


class _Trades(msgspec.Struct):
    class Row(msgspec.Struct, rename={"symbol": "s", "last": "p", "time": "T"}):
        symbol: str
        last: float
        time: float

    data: list[Row]


class _Other(msgspec.Struct):
    """What tells the rarer messages apart: a topic, or an operation of ours."""

    topic: str = ""
    type: str = ""
    op: str = ""
    req_id: str = ""
    success: bool = True
    ret_msg: str = ""


class _Answer(msgspec.Struct, rename="camel"):
    class Result(msgspec.Struct, rename={"rows": "list"}, frozen=True):
        category: str = "spot"
        rows: msgspec.Raw = _NO_ROWS

    ret_code: int
    ret_msg: str = ""
    result: Result = Result()
    time: float = NAN


class _Symbol(msgspec.Struct, rename="camel"):
    symbol: str
    base_coin: str
    quote_coin: str
    status: str


class _Row(msgspec.Struct, rename="camel"):
    symbol: str
    last_price: float
    bid1_price: float
    ask1_price: float
    volume24h: float
    turnover24h: float


_TICKER = msgspec.json.Decoder(_Ticker, strict=False)
_BOOK = msgspec.json.Decoder(_Book, strict=False)
_TRADES = msgspec.json.Decoder(_Trades, strict=False)
_OTHER = msgspec.json.Decoder(_Other)
_ANSWER = msgspec.json.Decoder(_Answer)
_SYMBOL = msgspec.json.Decoder(_Symbol)
_SYMBOLS = msgspec.json.Decoder(list[_Symbol])
_ROW = msgspec.json.Decoder(_Row, strict=False)
_ROWS = msgspec.json.Decoder(list[_Row], strict=False)


def subscribe(symbols: Sequence[str]) -> list[Subscription]:
    """One frame per five markets; each is confirmed by the id it carries."""
    return [
        _subscription(symbols[start : start + _SYMBOLS_PER_FRAME])
        for start in range(0, len(symbols), _SYMBOLS_PER_FRAME)
    ]


def parse(frame: bytes) -> Sequence[Event]:
    """A ticker gives a quote without a book, a book gives one without a price."""
    try:
        # The first bytes choose the decoder; messages in another order of keys are read below.
        if frame.startswith(b'{"topic":"orderbook.1.'):
            return _book(_BOOK.decode(frame))
        if frame.startswith(b'{"topic":"tickers.'):
            return _ticker(_TICKER.decode(frame))
    except (ValueError, RecursionError):
        return _uncommon(frame)
    return _uncommon(frame)


@only_typed_errors
def parse_markets(body: bytes) -> list[Listing]:
    """The instruments list of category spot."""
    return [
        Listing(row.symbol, row.base_coin, row.quote_coin, row.status == "Trading")
        for row in good_rows(_SYMBOLS, _SYMBOL, _spot_rows(_answer(body)))
    ]


@only_typed_errors
def parse_tickers(body: bytes) -> list[Quote]:
    """The tickers of all spot markets, which carry a book; the time is that of the answer."""
    # Bybit says "" for a number that it does not have.
    answer = _answer(body.replace(b':""', b':"nan"'))
    return [
        Quote(
            row.symbol,
            row.last_price,
            row.bid1_price or NAN,
            row.ask1_price or NAN,
            row.volume24h,
            row.turnover24h,
            answer.time / 1000,
        )
        for row in good_rows(_ROWS, _ROW, _spot_rows(answer))
    ]


@only_typed_errors
def parse_hours(body: bytes) -> list[HourCandle]:
    """The `kline` list of a spot market, newest first."""
    return good_hours(_spot_rows(_answer(body)))


def _hours_path(symbol: str, since: int, until: int) -> str:
    span = f"start={since * 1000}&end={until * 1000 - 1}&limit=1000"
    return f"/v5/market/kline?category=spot&symbol={symbol}&interval=60&{span}"


def _subscription(symbols: Sequence[str]) -> Subscription:
    topics = [f"{topic}.{symbol}" for symbol in symbols for topic in ("tickers", "orderbook.1")]
    key = str(zlib.crc32("/".join(topics).encode()))
    frame = msgspec.json.encode({"op": "subscribe", "req_id": key, "args": topics}).decode()
    return Subscription(frame, tuple(symbols), (key,))


def _ticker(message: _Ticker) -> Sequence[Event]:
    day = message.data
    time = message.ts / 1000
    return (Quote(day.symbol, day.last_price, NAN, NAN, day.volume24h, day.turnover24h, time),)


def _book(message: _Book) -> Sequence[Event]:
    best = message.data
    bid = best.bids[0].price if best.bids else NAN
    ask = best.asks[0].price if best.asks else NAN
    return (Quote(best.symbol, NAN, bid, ask, time=message.ts / 1000),)


@only_typed_errors
def _uncommon(frame: bytes) -> Sequence[Event]:
    other = _OTHER.decode(frame)
    kind = other.topic.rpartition(".")[0]
    if other.type == "delta":
        return (Unknown(f"{kind} delta"),)
    if kind == "tickers":
        return _ticker(_TICKER.decode(frame))
    if kind == "orderbook.1":
        return _book(_BOOK.decode(frame))
    if kind == "publicTrade":
        rows = _TRADES.decode(frame).data
        return [Quote(row.symbol, row.last, time=row.time / 1000) for row in rows]
    return (Unknown(kind),) if kind else _operation(other)


def _operation(other: _Other) -> Sequence[Event]:
    subscribed = other.success or "already subscribed" in other.ret_msg
    if not subscribed:
        return (Refused(other.req_id, other.ret_msg),)
    if other.op == "subscribe":
        return (Ack(other.req_id),) if other.req_id else ()
    return () if other.op in ("ping", "pong", "unsubscribe") else (Unknown(other.op or "message"),)


def _answer(body: bytes) -> _Answer:
    answer = _ANSWER.decode(body)
    if answer.ret_code:
        raise FrameError(f"an answer with retCode 0 is expected: {answer.ret_msg}")
    return answer


def _spot_rows(answer: _Answer) -> msgspec.Raw:
    # Derivatives share the symbols of spot markets and are told apart by the category alone.
    return answer.result.rows if answer.result.category == "spot" else _NO_ROWS


BYBIT = Venue(
    name="bybit",
    title="Bybit",
    operator="bybit",
    docs="https://bybit-exchange.github.io/docs/v5/websocket/public/ticker",
    home="https://www.bybit.com",
    stream_url="wss://stream.bybit.com/v5/public/spot",
    rest_url="https://api.bybit.com",
    markets=Call("/v5/market/instruments-info?category=spot", every=3600),
    parse_markets=parse_markets,
    tickers=Call("/v5/market/tickers?category=spot", every=60),
    parse_tickers=parse_tickers,
    history=HistoryCall(_hours_path, parse_hours, most=1000),
    trades=TRADES,
    depth=DEPTH,
    subscribe=subscribe,
    parse=parse,
    budget=Budget(cost=600, seconds=5.0, ban_statuses=(403,)),
    recorded_as=("BYBIT",),
    ping=Ping('{"op":"ping"}', every=20.0),
)
