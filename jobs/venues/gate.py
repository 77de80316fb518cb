"""Gate: the `spot.tickers` channel of WebSocket v4, with the best of the book and 24 h volumes.

A side of the book that is empty is an empty text in place of a price.
"""

from collections.abc import Sequence
from typing import Literal
from zlib import crc32

import msgspec

from app.market.quotes import NAN, Quote
from jobs.venue import (
    Ack,
    Budget,
    Call,
    Event,
    FrameError,
    Listing,
    Ping,
    Refused,
    Subscription,
    Unknown,
    Venue,
)
from jobs.wire import good_rows, only_typed_errors

# One unknown pair costs its whole frame, so a frame asks for few.
_SYMBOLS_PER_FRAME = 25


class _Row(msgspec.Struct, gc=False):
    currency_pair: str
    last: float
    highest_bid: float | Literal[""]
    lowest_ask: float | Literal[""]
    base_volume: float
    quote_volume: float


class _Ticker(msgspec.Struct, gc=False):
    channel: Literal["spot.tickers"]
    event: Literal["update"]
    time: float
    result: _Row
    time_ms: float = 0.0


class _Message(msgspec.Struct):
    class Error(msgspec.Struct):
        code: int
        message: str

    channel: str
    event: str | None = None
    id: int | None = None
    error: Error | None = None
    result: msgspec.Raw = msgspec.Raw(b"null")


class _Trade(msgspec.Struct):
    currency_pair: str
    price: float
    create_time_ms: float


class _Top(msgspec.Struct):
    symbol: str = msgspec.field(name="s")
    bid: float | Literal[""] = msgspec.field(name="b")
    ask: float | Literal[""] = msgspec.field(name="a")
    time: float = msgspec.field(name="t")


class _Pair(msgspec.Struct):
    id: str
    base: str
    quote: str
    trade_status: str


_TICKER = msgspec.json.Decoder(_Ticker, strict=False)
_MESSAGE = msgspec.json.Decoder(_Message)
_TRADE = msgspec.json.Decoder(_Trade, strict=False)
_TOP = msgspec.json.Decoder(_Top, strict=False)
_PAIR = msgspec.json.Decoder(_Pair)
_PAIRS = msgspec.json.Decoder(list[_Pair])
_ROW = msgspec.json.Decoder(_Row, strict=False)
_ROWS = msgspec.json.Decoder(list[_Row], strict=False)


def subscribe(symbols: Sequence[str]) -> list[Subscription]:
    """Frames whose id comes back in the confirmation."""
    return [
        _subscription(tuple(symbols[start : start + _SYMBOLS_PER_FRAME]))
        for start in range(0, len(symbols), _SYMBOLS_PER_FRAME)
    ]


def parse(frame: bytes) -> Sequence[Event]:
    """A ticker gives one quote; frames of 2021 tell their time in whole seconds only."""
    try:
        ticker = _TICKER.decode(frame)
    except (msgspec.ValidationError, UnicodeDecodeError, RecursionError):
        return _other(frame)
    return (_quote(ticker.result, ticker.time_ms / 1000 or ticker.time),)


@only_typed_errors
def parse_markets(body: bytes) -> list[Listing]:
    """The currency pairs; pairs that can only be sold count as closed."""
    return [
        Listing(row.id, row.base, row.quote, row.trade_status == "tradable")
        for row in good_rows(_PAIRS, _PAIR, body)
    ]


@only_typed_errors
def parse_tickers(body: bytes) -> list[Quote]:
    """The tickers of all pairs, which carry no time."""
    return [_quote(row, NAN) for row in good_rows(_ROWS, _ROW, body)]


def _quote(row: _Row, time: float) -> Quote:
    return Quote(
        row.currency_pair,
        row.last,
        row.highest_bid or NAN,
        row.lowest_ask or NAN,
        row.base_volume,
        row.quote_volume,
        time,
    )


def _subscription(symbols: tuple[str, ...]) -> Subscription:
    number = crc32(",".join(symbols).encode())
    frame = {
        # Only signed requests depend on their time; a constant keeps this function pure.
        "time": 0,
        "id": number,
        "channel": "spot.tickers",
        "event": "subscribe",
        "payload": symbols,
    }
    return Subscription(msgspec.json.encode(frame).decode(), symbols, (str(number),))


@only_typed_errors
def _other(frame: bytes) -> Sequence[Event]:
    message = _MESSAGE.decode(frame)
    key = "" if message.id is None else str(message.id)
    if message.error is not None:
        return (Refused(key, f"{message.error.code}: {message.error.message}"),)
    if message.event == "subscribe":
        return (Ack(key),) if key else ()
    if message.event == "update":
        return _update(message)
    if message.channel == "spot.pong" or message.event == "unsubscribe":
        return ()
    return (Unknown(message.channel),)


def _update(message: _Message) -> Sequence[Event]:
    if message.channel == "spot.trades":
        trade = _TRADE.decode(message.result)
        return (Quote(trade.currency_pair, trade.price, time=trade.create_time_ms / 1000),)
    if message.channel == "spot.book_ticker":
        top = _TOP.decode(message.result)
        quote = Quote(top.symbol, bid=top.bid or NAN, ask=top.ask or NAN, time=top.time / 1000)
        return (quote,)
    if message.channel == "spot.tickers":
        raise FrameError("a ticker must carry time, currency_pair, last, best prices and volumes")
    return (Unknown(message.channel),)


GATE = Venue(
    name="gate",
    title="Gate",
    operator="gate",
    docs="https://www.gate.com/docs/developers/apiv4/ws/en/",
    home="https://www.gate.com",
    stream_url="wss://api.gateio.ws/ws/v4/",
    rest_url="https://api.gateio.ws",
    markets=Call("/api/v4/spot/currency_pairs", every=3600),
    parse_markets=parse_markets,
    tickers=Call("/api/v4/spot/tickers", every=30),
    parse_tickers=parse_tickers,
    subscribe=subscribe,
    parse=parse,
    budget=Budget(cost=200, seconds=10.0),
    recorded_as=("GATEIO",),
    ping=Ping('{"time":0,"channel":"spot.ping"}', every=5.0),
    silence_after=15.0,
)
