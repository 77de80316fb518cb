"""Binance: the `<symbol>@ticker` streams, one message per market and second, with the best book.

Binance.US speaks the same protocol on its own hosts.
"""

import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias
from urllib.parse import quote as escaped

import msgspec

from app.market.quotes import NAN, Quote
from jobs.venue import (
    Ack,
    Budget,
    Call,
    Event,
    HistoryCall,
    HourCandle,
    Listing,
    Refused,
    Renew,
    Subscription,
    Unknown,
    Venue,
)
from jobs.venues.binance.activity import DEPTH, TRADES
from jobs.wire import good_hours, good_rows, only_typed_errors

_STREAMS_PER_FRAME = 100

_TICKER = {"symbol": "s", "last": "c", "volume": "v", "turnover": "q", "time": "E"}
_TRADE = {"symbol": "s", "last": "p", "time": "E"}
_BOOK = {"symbol": "s", "bid": "b", "ask": "a", "update": "u"}
_DAY = {
    "last": "lastPrice",
    "bid": "bidPrice",
    "ask": "askPrice",
    "turnover": "quoteVolume",
    "time": "closeTime",
}


class _Ticker(msgspec.Struct, tag_field="e", tag="24hrTicker", rename=_TICKER | _BOOK, gc=False):
    symbol: str
    last: float
    bid: float
    ask: float
    volume: float
    turnover: float
    time: float


class _MiniTicker(msgspec.Struct, tag_field="e", tag="24hrMiniTicker", rename=_TICKER, gc=False):
    symbol: str
    last: float
    volume: float
    turnover: float
    time: float


class _Trade(msgspec.Struct, tag_field="e", tag="trade", rename=_TRADE):
    symbol: str
    last: float
    time: float


class _AggregateTrade(_Trade, tag="aggTrade"):
    pass


class _Shutdown(msgspec.Struct, tag_field="e", tag="serverShutdown"):
    pass


class _BookTicker(msgspec.Struct, rename=_BOOK):
    symbol: str
    bid: float
    ask: float
    update: int


_Payload: TypeAlias = (
    _Ticker | _MiniTicker | _Trade | _AggregateTrade | _Shutdown | list[_Ticker | _MiniTicker]
)
_TAGS = {"24hrTicker", "24hrMiniTicker", "trade", "aggTrade", "serverShutdown"}


class _Combined(msgspec.Struct, gc=False):
    data: _Payload


class _Refusal(msgspec.Struct, frozen=True):
    msg: str = ""


class _Other(msgspec.Struct, rename={"event": "e", "update": "u"}):
    """What tells the rarer messages apart: an envelope, an event type, or a request's id."""

    stream: str = ""
    data: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    event: str = ""
    update: int = 0
    id: int | str | None = None
    msg: str = ""
    error: _Refusal = _Refusal()


class _Symbol(msgspec.Struct, rename="camel"):
    symbol: str
    status: str
    base_asset: str
    quote_asset: str
    is_spot_trading_allowed: bool = True


class _ExchangeInfo(msgspec.Struct):
    symbols: msgspec.Raw


class _Day(msgspec.Struct, rename=_DAY):
    symbol: str
    last: float
    bid: float
    ask: float
    volume: float
    turnover: float
    time: float


_COMBINED = msgspec.json.Decoder(_Combined, strict=False)
_PAYLOAD: msgspec.json.Decoder[_Payload] = msgspec.json.Decoder(_Payload, strict=False)
_BOOK_TICKER = msgspec.json.Decoder(_BookTicker, strict=False)
_OTHER = msgspec.json.Decoder(_Other)
_EXCHANGE_INFO = msgspec.json.Decoder(_ExchangeInfo)
_SYMBOL = msgspec.json.Decoder(_Symbol)
_SYMBOLS = msgspec.json.Decoder(list[_Symbol])
_ROW = msgspec.json.Decoder(_Day, strict=False)
_ROWS = msgspec.json.Decoder(list[_Day], strict=False)


def subscribe(symbols: Sequence[str]) -> list[Subscription]:
    """One frame per hundred markets; each is confirmed by the id it carries."""
    return [
        _subscription(symbols[start : start + _STREAMS_PER_FRAME])
        for start in range(0, len(symbols), _STREAMS_PER_FRAME)
    ]


def parse(frame: bytes) -> Sequence[Event]:
    """A ticker gives one quote; combined and raw streams are read alike.

    Binance says 0 where an order book has no order.
    """
    try:
        row = _COMBINED.decode(frame).data
    except (ValueError, RecursionError):
        return _uncommon(frame)
    if type(row) is _Ticker:
        time = row.time / 1000
        bid, ask = row.bid or NAN, row.ask or NAN
        return (Quote(row.symbol, row.last, bid, ask, row.volume, row.turnover, time),)
    return _events(row)


@only_typed_errors
def parse_markets(body: bytes) -> list[Listing]:
    """The `exchangeInfo` answer."""
    rows = good_rows(_SYMBOLS, _SYMBOL, _EXCHANGE_INFO.decode(body).symbols)
    return [
        Listing(
            row.symbol,
            row.base_asset,
            row.quote_asset,
            row.status == "TRADING" and row.is_spot_trading_allowed,
        )
        for row in rows
    ]


@only_typed_errors
def parse_tickers(body: bytes) -> list[Quote]:
    """The `ticker/24hr` list of all markets."""
    return [_quote(row) for row in good_rows(_ROWS, _ROW, body)]


@only_typed_errors
def parse_hours(body: bytes) -> list[HourCandle]:
    """The `klines` list, oldest first."""
    return good_hours(body)


def _hours_path(symbol: str, since: int, until: int) -> str:
    span = f"startTime={since * 1000}&endTime={until * 1000 - 1}&limit=1000"
    return f"/api/v3/klines?symbol={escaped(symbol)}&interval=1h&{span}"


def _subscription(symbols: Sequence[str]) -> Subscription:
    streams = [f"{symbol.lower()}@ticker" for symbol in symbols]
    number = zlib.crc32("/".join(streams).encode())
    frame = {"method": "SUBSCRIBE", "params": streams, "id": number}
    return Subscription(msgspec.json.encode(frame).decode(), tuple(symbols), (str(number),))


def _events(payload: _Payload) -> Sequence[Event]:
    if isinstance(payload, list):
        return [_quote(row) for row in payload]
    if isinstance(payload, _Shutdown):
        return (Renew("serverShutdown"),)
    return (_quote(payload),)


def _quote(row: _Ticker | _MiniTicker | _Trade | _Day) -> Quote:
    time = row.time / 1000
    if isinstance(row, _Ticker | _Day):
        bid, ask = row.bid or NAN, row.ask or NAN
        return Quote(row.symbol, row.last, bid, ask, row.volume, row.turnover, time)
    if isinstance(row, _MiniTicker):
        return Quote(row.symbol, row.last, volume=row.volume, turnover=row.turnover, time=time)
    return Quote(row.symbol, row.last, time=time)


@only_typed_errors
def _uncommon(frame: bytes) -> Sequence[Event]:
    return _events(_PAYLOAD.decode(frame)) if frame[:1] == b"[" else _other(frame)


def _other(message: bytes | msgspec.Raw, stream: str = "") -> Sequence[Event]:
    other = _OTHER.decode(message)
    if other.data is not msgspec.UNSET:
        return _other(other.data, other.stream)
    if other.event in _TAGS:
        return _events(_PAYLOAD.decode(message))
    if other.event:
        return (Unknown(other.event),)
    if other.update:
        # A book ticker has neither an event type nor a time: its update number orders it.
        book = _BOOK_TICKER.decode(message)
        bid, ask = book.bid or NAN, book.ask or NAN
        return (Quote(book.symbol, bid=bid, ask=ask, sequence=book.update),)
    return _answer(other, stream)


def _answer(other: _Other, stream: str) -> Sequence[Event]:
    key = "" if other.id is None else str(other.id)
    reason = other.msg or other.error.msg
    if reason:
        return (Refused(key, reason),)
    return (Ack(key),) if key else (Unknown(stream.partition("@")[2] or "message"),)


BINANCE = Venue(
    name="binance",
    title="Binance",
    operator="binance",
    docs="https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams",
    home="https://www.binance.com",
    stream_url="wss://data-stream.binance.vision/stream",
    rest_url="https://data-api.binance.vision",
    markets=Call("/api/v3/exchangeInfo", every=3600, cost=20),
    parse_markets=parse_markets,
    tickers=Call("/api/v3/ticker/24hr", every=60, cost=80),
    parse_tickers=parse_tickers,
    history=HistoryCall(_hours_path, parse_hours, most=1000, cost=2),
    trades=TRADES,
    depth=DEPTH,
    subscribe=subscribe,
    parse=parse,
    budget=Budget(
        cost=6000, seconds=60.0, used_header="x-mbx-used-weight-1m", ban_statuses=(418, 403)
    ),
    recorded_as=("BINANCE",),
    symbols_per_connection=400,
    # The limit is five messages a second, and our pongs count too.
    frames_per_second=3.0,
)

BINANCE_US = replace(
    BINANCE,
    name="binance_us",
    title="Binance.US",
    operator="binance_us",
    docs="https://docs.binance.us/#websocket-streams",
    home="https://www.binance.us",
    stream_url="wss://stream.binance.us:9443/stream",
    rest_url="https://api.binance.us",
    budget=replace(BINANCE.budget, cost=1200),
    recorded_as=("BINANCE_US",),
)
