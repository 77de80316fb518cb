"""OKX: the `tickers` channel of API v5, with the best book, ten times a second at most."""

import re
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
    Renew,
    Subscription,
    Unknown,
    Venue,
)
from jobs.venues.okx.activity import DEPTH, TRADES
from jobs.wire import good_rows, only_typed_errors

_DAY = {
    "symbol": "instId",
    "bid": "bidPx",
    "ask": "askPx",
    "volume": "vol24h",
    "turnover": "volCcy24h",
    "time": "ts",
}


class _Day(msgspec.Struct, rename=_DAY, gc=False):
    symbol: str
    last: float
    bid: float
    ask: float
    volume: float
    turnover: float
    time: float


class _Tickers(msgspec.Struct, gc=False):
    class Arg(msgspec.Struct, gc=False):
        channel: Literal["tickers"]

    arg: Arg
    data: list[_Day]


class _Trades(msgspec.Struct):
    class Row(msgspec.Struct, rename={"symbol": "instId", "last": "px", "time": "ts"}):
        symbol: str
        last: float
        time: float

    data: list[Row]


class _Other(msgspec.Struct):
    """What tells the rarer messages apart: the channel of the data, or an event."""

    class Arg(msgspec.Struct, rename={"symbol": "instId"}, frozen=True):
        channel: str = ""
        symbol: str = ""

    arg: Arg = Arg()
    event: str = ""
    msg: str = ""


class _Answer(msgspec.Struct):
    data: msgspec.Raw
    code: str = "0"
    msg: str = ""


class _Instrument(msgspec.Struct, rename="camel"):
    inst_id: str
    inst_type: str
    base_ccy: str
    quote_ccy: str
    state: str


class _Hour(msgspec.Struct, array_like=True, gc=False):
    time: int
    open: float
    high: float
    low: float
    close: float
    volume: float
    volume_in_currency: float
    volume_in_quote: float
    confirm: int


_TICKERS = msgspec.json.Decoder(_Tickers, strict=False)
_TRADES = msgspec.json.Decoder(_Trades, strict=False)
_OTHER = msgspec.json.Decoder(_Other)
_ANSWER = msgspec.json.Decoder(_Answer)
_INSTRUMENT = msgspec.json.Decoder(_Instrument)
_INSTRUMENTS = msgspec.json.Decoder(list[_Instrument])
_ROW = msgspec.json.Decoder(_Day, strict=False)
_ROWS = msgspec.json.Decoder(list[_Day], strict=False)
_HOUR = msgspec.json.Decoder(_Hour, strict=False)
_HOURS = msgspec.json.Decoder(list[_Hour], strict=False)
_NAMED_SYMBOL = re.compile(r"instId:([^\s,]+)")


def subscribe(symbols: Sequence[str]) -> list[Subscription]:
    """One frame for all: each market is confirmed by its own message."""
    asked = [{"channel": "tickers", "instId": symbol} for symbol in symbols]
    frame = msgspec.json.encode({"op": "subscribe", "args": asked}).decode()
    return [Subscription(frame, tuple(symbols), tuple(symbols))]


def parse(frame: bytes) -> Sequence[Event]:
    """A ticker gives one quote per market that it names, in practice one."""
    try:
        days = _TICKERS.decode(frame).data
    except (ValueError, RecursionError):
        return _uncommon(frame)
    return _quotes(days)


@only_typed_errors
def parse_markets(body: bytes) -> list[Listing]:
    """The spot markets of the instruments list."""
    return [
        Listing(row.inst_id, row.base_ccy, row.quote_ccy, row.state == "live")
        for row in good_rows(_INSTRUMENTS, _INSTRUMENT, _list(body))
        if row.inst_type == "SPOT"
    ]


@only_typed_errors
def parse_tickers(body: bytes) -> list[Quote]:
    """The tickers of all markets of one instrument type."""
    return _quotes(good_rows(_ROWS, _ROW, _list(_without_gaps(body))))


@only_typed_errors
def parse_hours(body: bytes) -> list[HourCandle]:
    """The confirmed candles of one market, newest first."""
    return [
        HourCandle(row.time // 1000, row.open, row.high, row.low, row.close, row.volume)
        for row in good_rows(_HOURS, _HOUR, _list(body))
        if row.confirm
    ]


def _hours_path(symbol: str, since: int, until: int) -> str:
    # OKX pages backwards: "after" means earlier than, "before" later than, both exclusive.
    span = f"after={until * 1000}&before={since * 1000 - 1}&limit=300"
    return f"/api/v5/market/history-candles?instId={symbol}&bar=1H&{span}"


def _quotes(days: list[_Day]) -> list[Quote]:
    quotes: list[Quote] = []
    for row in days:
        bid, ask, time = row.bid or NAN, row.ask or NAN, row.time / 1000
        quotes.append(Quote(row.symbol, row.last, bid, ask, row.volume, row.turnover, time))
    return quotes


def _list(body: bytes) -> msgspec.Raw:
    answer = _ANSWER.decode(body)
    if answer.code != "0":
        raise FrameError(f"an answer with code 0 is expected: {answer.code} {answer.msg}")
    return answer.data


def _without_gaps(message: bytes) -> bytes:
    """The same message with NaN where OKX says "" for a number that it does not have."""
    return message.replace(b':""', b':"nan"')


@only_typed_errors
def _uncommon(frame: bytes) -> Sequence[Event]:
    if frame == b"pong":
        return ()
    other = _OTHER.decode(frame)
    if other.event:
        return _event(other)
    if other.arg.channel == "tickers":
        return _quotes(_TICKERS.decode(_without_gaps(frame)).data)
    if other.arg.channel == "trades":
        rows = _TRADES.decode(frame).data
        return [Quote(row.symbol, row.last, time=row.time / 1000) for row in rows]
    return (Unknown(other.arg.channel or "message"),)


def _event(other: _Other) -> Sequence[Event]:
    if other.event == "subscribe":
        return (Ack(other.arg.symbol),) if other.arg.channel == "tickers" else ()
    if other.event == "error":
        named = _NAMED_SYMBOL.search(other.msg)
        return (Refused(other.arg.symbol or (named[1] if named else ""), other.msg),)
    if other.event == "notice":
        # The one notice there is announces a service upgrade, a minute ahead.
        return (Renew(other.msg),)
    return () if other.event == "unsubscribe" else (Unknown(other.event),)


OKX = Venue(
    name="okx",
    title="OKX",
    operator="okx",
    docs="https://www.okx.com/docs-v5/en/#order-book-trading-market-data-ws-tickers-channel",
    home="https://www.okx.com",
    stream_url="wss://ws.okx.com:8443/ws/v5/public",
    rest_url="https://www.okx.com",
    markets=Call("/api/v5/public/instruments?instType=SPOT", every=3600),
    parse_markets=parse_markets,
    tickers=Call("/api/v5/market/tickers?instType=SPOT", every=60),
    parse_tickers=parse_tickers,
    history=HistoryCall(_hours_path, parse_hours, most=300),
    trades=TRADES,
    depth=DEPTH,
    subscribe=subscribe,
    parse=parse,
    budget=Budget(cost=20, seconds=2.0),
    recorded_as=("OKX",),
    # OKX asks for a ping before 30 silent seconds; this one also answers our watchdog.
    ping=Ping("ping", every=8.0),
    frames_per_second=3.0,
)
