"""Kraken: the `ticker` channel of WebSocket v2, one message per change of the best book.

Recordings of 2021 speak WebSocket v1, in arrays, and say XBT where v2 says BTC.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Annotated, TypeAlias, TypeVar

import msgspec

from app.market.quotes import NAN, Quote
from jobs.venue import (
    Ack,
    Budget,
    Call,
    Era,
    Event,
    FrameError,
    Listing,
    Refused,
    Renew,
    Subscription,
    Unknown,
    Venue,
)
from jobs.venues.kraken.activity import DEPTH, TRADES
from jobs.venues.kraken.history import HISTORY
from jobs.wire import only_typed_errors

Row = TypeVar("Row")

_Time: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]


class _Row(msgspec.Struct, gc=False):
    symbol: str
    bid: float
    ask: float
    last: float = NAN
    volume: float = NAN
    timestamp: _Time | None = None


class _Ticker(msgspec.Struct, tag_field="channel", tag="ticker", gc=False):
    data: list[_Row]


class _Heartbeat(msgspec.Struct, tag_field="channel", tag="heartbeat", gc=False):
    pass


class _Trade(msgspec.Struct, tag_field="channel", tag="trade"):
    class Row(msgspec.Struct):
        symbol: str
        price: float
        timestamp: _Time

    data: list[Row]


class _Status(msgspec.Struct, tag_field="channel", tag="status"):
    class Row(msgspec.Struct):
        system: str

    data: list[Row]


class _Other(msgspec.Struct):
    """An answer to a request of ours, or a channel that we did not ask for."""

    class Result(msgspec.Struct, frozen=True):
        channel: str = ""
        symbol: str = ""

    channel: str = ""
    method: str = ""
    success: bool = True
    error: str = ""
    symbol: str = ""
    result: Result = Result()


class _Answer(msgspec.Struct):
    error: list[str] = []
    result: dict[str, msgspec.Raw] = {}


class _Pair(msgspec.Struct):
    base: str
    quote: str
    status: str
    aclass_base: str = "currency"
    execution_venue: str = "international"


class _PairV1(msgspec.Struct):
    wsname: str


class _Level(msgspec.Struct, array_like=True):
    price: float


class _Volume(msgspec.Struct, array_like=True):
    today: float
    day: float


class _Day(msgspec.Struct):
    """A market as REST and WebSocket v1 tell it."""

    a: _Level
    b: _Level
    c: _Level
    v: _Volume


class _TradeV1(msgspec.Struct, array_like=True):
    price: float
    volume: float
    time: float


class _EventV1(msgspec.Struct, rename="camel"):
    event: str
    pair: str = ""
    status: str = ""
    error_message: str = ""


_Message: TypeAlias = _Ticker | _Heartbeat | _Trade | _Status
_MESSAGE: msgspec.json.Decoder[_Message] = msgspec.json.Decoder(_Message)
_OTHER = msgspec.json.Decoder(_Other)
_KNOWN_CHANNELS = {"ticker", "heartbeat", "trade", "status"}
_ENDING = {"maintenance", "cancel_only"}
_ANSWER = msgspec.json.Decoder(_Answer)
_PAIR = msgspec.json.Decoder(_Pair)
_PAIR_V1 = msgspec.json.Decoder(_PairV1)
_DAY = msgspec.json.Decoder(_Day, strict=False)
_MESSAGE_V1: msgspec.json.Decoder[_EventV1 | list[msgspec.Raw]] = msgspec.json.Decoder(
    _EventV1 | list[msgspec.Raw]
)
_TEXT = msgspec.json.Decoder(str)
_TRADES_V1 = msgspec.json.Decoder(list[_TradeV1], strict=False)


def subscribe(symbols: Sequence[str]) -> list[Subscription]:
    """One frame for all: each market is confirmed by its own message."""
    # By default a ticker comes with each trade only, and the book of a quiet market grows old.
    asked = {"channel": "ticker", "symbol": list(symbols), "event_trigger": "bbo"}
    frame = msgspec.json.encode({"method": "subscribe", "params": asked}).decode()
    return [Subscription(frame, tuple(symbols), tuple(symbols))]


def parse(frame: bytes) -> Sequence[Event]:
    """A ticker gives one quote per market that it names, in practice one.

    Kraken says 0 where an order book has no order.
    """
    try:
        message = _MESSAGE.decode(frame)
    except (ValueError, RecursionError):
        return _uncommon(frame)
    if type(message) is not _Ticker:
        return _events(message)
    quotes: list[Quote] = []
    for row in message.data:
        time = NAN if row.timestamp is None else row.timestamp.timestamp()
        bid, ask = row.bid or NAN, row.ask or NAN
        quotes.append(Quote(row.symbol, row.last, bid, ask, row.volume, NAN, time))
    return quotes


@only_typed_errors
def parse_markets(body: bytes) -> list[Listing]:
    """The `AssetPairs` map with new asset names: its keys are what the stream calls a market."""
    return [
        Listing(symbol, pair.base, pair.quote, pair.status == "online")
        for symbol, pair in _rows(body, _PAIR)
        if pair.aclass_base == "currency" and pair.execution_venue == "international"
    ]


@only_typed_errors
def parse_tickers(body: bytes) -> list[Quote]:
    """The `Ticker` map with new asset names: prices and volume, no time."""
    return [_day_quote(symbol, day) for symbol, day in _rows(body, _DAY)]


@only_typed_errors
def parse_v1(frame: bytes) -> Sequence[Event]:
    """WebSocket v1: arrays that end with the channel and the pair, or objects with an event."""
    message = _MESSAGE_V1.decode(frame)
    return _event_v1(message) if isinstance(message, _EventV1) else _channel_v1(message)


@only_typed_errors
def parse_markets_v1(body: bytes) -> list[Listing]:
    """The `AssetPairs` map of 2021; dark pools have no stream name and are left out."""
    listings: list[Listing] = []
    for _, pair in _rows(body, _PAIR_V1):
        base, _, quote = pair.wsname.partition("/")
        listings.append(Listing(pair.wsname, base, quote))
    return listings


def _rows(body: bytes, row: msgspec.json.Decoder[Row]) -> Iterator[tuple[str, Row]]:
    answer = _ANSWER.decode(body)
    if answer.error:
        raise FrameError(f"an answer without errors is expected: {', '.join(answer.error)}")
    for symbol, raw in answer.result.items():
        try:
            yield symbol, row.decode(raw)
        except (msgspec.ValidationError, UnicodeDecodeError):
            continue


def _day_quote(symbol: str, day: _Day) -> Quote:
    return Quote(symbol, day.c.price, day.b.price or NAN, day.a.price or NAN, day.v.day)


def _events(message: _Message) -> Sequence[Event]:
    if isinstance(message, _Trade):
        return [
            Quote(row.symbol, row.price, time=row.timestamp.timestamp()) for row in message.data
        ]
    if isinstance(message, _Status):
        return [Renew(row.system) for row in message.data if row.system in _ENDING]
    return ()


@only_typed_errors
def _uncommon(frame: bytes) -> Sequence[Event]:
    other = _OTHER.decode(frame)
    if other.channel in _KNOWN_CHANNELS:
        # The second decoding says what was wrong with the message.
        return _events(_MESSAGE.decode(frame))
    if other.error:
        return (Refused(other.symbol, other.error),)
    if other.method == "subscribe" and other.result.channel == "ticker":
        return (Ack(other.result.symbol),)
    if other.method in ("unsubscribe", "pong"):
        return ()
    return (Unknown(other.channel or other.method or "message"),)


def _channel_v1(message: list[msgspec.Raw]) -> Sequence[Event]:
    if len(message) < 4:
        raise FrameError("a channel message of at least four items is expected")
    payload, channel, symbol = message[1], _TEXT.decode(message[-2]), _TEXT.decode(message[-1])
    if channel == "ticker":
        return (_day_quote(symbol, _DAY.decode(payload)),)
    if channel == "trade":
        trades = _TRADES_V1.decode(payload)
        return [Quote(symbol, trade.price, time=trade.time) for trade in trades]
    return (Unknown(channel),)


def _event_v1(message: _EventV1) -> Sequence[Event]:
    if message.error_message:
        return (Refused(message.pair, message.error_message),)
    if message.event == "subscriptionStatus" and message.status == "subscribed":
        return (Ack(message.pair),)
    if message.event == "systemStatus" and message.status in _ENDING:
        return (Renew(message.status),)
    if message.event in ("heartbeat", "pong", "systemStatus", "subscriptionStatus"):
        return ()
    return (Unknown(message.event),)


KRAKEN = Venue(
    name="kraken",
    title="Kraken",
    operator="kraken",
    docs="https://docs.kraken.com/api/docs/websocket-v2/ticker",
    home="https://www.kraken.com",
    stream_url="wss://ws.kraken.com/v2",
    rest_url="https://api.kraken.com",
    markets=Call("/0/public/AssetPairs?assetVersion=1", every=3600),
    parse_markets=parse_markets,
    tickers=Call("/0/public/Ticker?assetVersion=1", every=60),
    parse_tickers=parse_tickers,
    history=HISTORY,
    trades=TRADES,
    depth=DEPTH,
    subscribe=subscribe,
    parse=parse,
    budget=Budget(cost=10, seconds=10.0),
    recorded_as=("KRAKEN",),
    aliases={"XBT": "BTC", "XDG": "DOGE"},
    frames_per_second=2.0,
    # A heartbeat comes every second in which nothing else does.
    silence_after=5.0,
    eras=(Era(date(2024, 1, 1), parse_v1, parse_markets_v1),),
)
