"""Bitstamp: `live_trades_<symbol>` gives the last price; the REST sweep brings book and volume.

There is no ticker channel. `order_book_<symbol>` repeats a hundred levels a side to tell two
numbers, so it is understood where somebody recorded it and never asked for.
"""

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
    Listing,
    Ping,
    Refused,
    Renew,
    Subscription,
    Unknown,
    Venue,
)
from jobs.wire import good_rows, only_typed_errors


class _Trade(msgspec.Struct, gc=False):
    class Data(msgspec.Struct, gc=False):
        id: int
        price_str: float
        microtimestamp: float

    event: Literal["trade"]
    channel: str
    data: Data


class _Message(msgspec.Struct):
    event: str
    channel: str = ""
    data: msgspec.Raw = msgspec.Raw(b"{}")


class _Error(msgspec.Struct):
    message: str = ""


class _Level(msgspec.Struct, array_like=True):
    price: float


class _Book(msgspec.Struct):
    bids: list[_Level]
    asks: list[_Level]
    microtimestamp: float


class _Pair(msgspec.Struct):
    name: str
    url_symbol: str
    trading: str


class _Ticker(msgspec.Struct):
    pair: str
    last: float
    bid: float
    ask: float
    volume: float
    timestamp: float
    market_type: str = "SPOT"


_TRADE = msgspec.json.Decoder(_Trade, strict=False)
_MESSAGE = msgspec.json.Decoder(_Message)
_ERROR = msgspec.json.Decoder(_Error)
_BOOK = msgspec.json.Decoder(_Book, strict=False)
_PAIR = msgspec.json.Decoder(_Pair)
_PAIRS = msgspec.json.Decoder(list[_Pair])
_TICKER = msgspec.json.Decoder(_Ticker, strict=False)
_TICKERS = msgspec.json.Decoder(list[_Ticker], strict=False)
_SILENT = {"bts:heartbeat", "bts:unsubscription_succeeded"}


def subscribe(symbols: Sequence[str]) -> list[Subscription]:
    """One frame a market, as the venue wants it; the channel is named in the confirmation."""
    return [_subscription(symbol, f"live_trades_{symbol}") for symbol in symbols]


def parse(frame: bytes) -> Sequence[Event]:
    """A trade gives its price; its id grows with time, so it serves as the sequence."""
    try:
        trade = _TRADE.decode(frame)
    except (msgspec.ValidationError, UnicodeDecodeError, RecursionError):
        return _other(frame)
    data = trade.data
    return (
        Quote(
            trade.channel.removeprefix("live_trades_"),
            data.price_str,
            time=data.microtimestamp / 1e6,
            sequence=data.id,
        ),
    )


@only_typed_errors
def parse_markets(body: bytes) -> list[Listing]:
    """The trading pairs without the perpetuals, whose names end in -PERP."""
    rows = good_rows(_PAIRS, _PAIR, body)
    pairs = [(row, row.name.partition("/")) for row in rows if not row.name.endswith("-PERP")]
    return [
        Listing(row.url_symbol, base, quote, row.trading == "Enabled")
        for row, (base, _, quote) in pairs
    ]


@only_typed_errors
def parse_tickers(body: bytes) -> list[Quote]:
    """The tickers of all spot pairs, whose names are spelled as the stream does."""
    return [
        Quote(
            row.pair.replace("/", "").lower(),
            row.last,
            row.bid,
            row.ask,
            row.volume,
            time=row.timestamp,
        )
        for row in good_rows(_TICKERS, _TICKER, body)
        if row.market_type == "SPOT"
    ]


def _subscription(symbol: str, channel: str) -> Subscription:
    frame = {"event": "bts:subscribe", "data": {"channel": channel}}
    return Subscription(msgspec.json.encode(frame).decode(), (symbol,), (channel,))


@only_typed_errors
def _other(frame: bytes) -> Sequence[Event]:
    message = _MESSAGE.decode(frame)
    if message.event == "bts:subscription_succeeded":
        return (Ack(message.channel),)
    if message.event == "bts:request_reconnect":
        return (Renew(message.event),)
    if message.event == "bts:error":
        return (Refused(message.channel, _ERROR.decode(message.data).message),)
    if message.event in _SILENT:
        return ()
    if message.event == "trade":
        raise FrameError("a trade must carry channel, id, price_str and microtimestamp")
    if message.event == "data" and message.channel.startswith("order_book_"):
        return (_book(message),)
    return (Unknown(message.channel.rpartition("_")[0] or message.event),)


def _book(message: _Message) -> Quote:
    book = _BOOK.decode(message.data)
    return Quote(
        message.channel.removeprefix("order_book_"),
        bid=book.bids[0].price if book.bids else NAN,
        ask=book.asks[0].price if book.asks else NAN,
        time=book.microtimestamp / 1e6,
    )


BITSTAMP = Venue(
    name="bitstamp",
    title="Bitstamp",
    operator="bitstamp",
    docs="https://www.bitstamp.net/websocket/v2/",
    home="https://www.bitstamp.net",
    stream_url="wss://ws.bitstamp.net",
    rest_url="https://www.bitstamp.net",
    markets=Call("/api/v2/trading-pairs-info/", every=3600),
    parse_markets=parse_markets,
    tickers=Call("/api/v2/ticker/", every=30),
    parse_tickers=parse_tickers,
    subscribe=subscribe,
    parse=parse,
    budget=Budget(cost=10_000, seconds=600.0),
    recorded_as=("BITSTAMP",),
    ping=Ping('{"event":"bts:heartbeat"}', every=5.0),
    frames_per_second=10.0,
    silence_after=15.0,
)
