"""HTX (once Huobi): the `market.<symbol>.ticker` channel, in gzip frames.

Trades, best bid and ask, and whole books are understood where they were recorded. The venue
spells tickers in lower case; the market list gives them in upper case, as everybody else does.
"""

import zlib
from collections.abc import Sequence

import msgspec

from app.market.quotes import NAN, Quote
from jobs.venue import (
    Ack,
    Budget,
    Call,
    Event,
    FrameError,
    Listing,
    Refused,
    Reply,
    Subscription,
    Unknown,
    Venue,
)
from jobs.wire import good_rows, only_typed_errors

MAX_FRAME = 8 * 1024 * 1024
"""Bytes that one frame may unpack to; the largest order book takes a hundredth of it."""


class _Tick(
    msgspec.Struct,
    rename={"last": "lastPrice", "volume": "amount", "turnover": "vol"},
    gc=False,
):
    last: float
    bid: float
    ask: float
    volume: float
    turnover: float


class _Ticker(msgspec.Struct, gc=False):
    ch: str
    ts: float
    tick: _Tick


class _Other(msgspec.Struct, rename={"reason": "err-msg"}):
    ch: str = ""
    ts: float = NAN
    tick: msgspec.Raw = msgspec.Raw(b"null")
    update: bool = False
    ping: int | None = None
    id: str | int | None = None
    status: str = ""
    subbed: str = ""
    reason: str = ""


class _Trades(msgspec.Struct):
    class Trade(msgspec.Struct):
        price: float
        ts: float

    data: list[Trade]


class _Level(msgspec.Struct, array_like=True):
    price: float


class _Book(msgspec.Struct):
    bids: list[_Level]
    asks: list[_Level]


class _Best(msgspec.Struct):
    bid: float
    ask: float


class _Symbol(msgspec.Struct, rename={"base": "base-currency", "quote": "quote-currency"}):
    symbol: str
    base: str
    quote: str
    state: str


class _Row(msgspec.Struct, rename={"last": "close", "volume": "amount", "turnover": "vol"}):
    symbol: str
    last: float
    volume: float
    turnover: float
    bid: float = NAN
    ask: float = NAN


class _Answer(msgspec.Struct):
    data: msgspec.Raw
    ts: float = NAN


_TICKER = msgspec.json.Decoder(_Ticker, strict=False)
_OTHER = msgspec.json.Decoder(_Other, strict=False)
_TRADES = msgspec.json.Decoder(_Trades, strict=False)
_BOOK = msgspec.json.Decoder(_Book, strict=False)
_BEST = msgspec.json.Decoder(_Best, strict=False)
_ANSWER = msgspec.json.Decoder(_Answer, strict=False)
_SYMBOLS = msgspec.json.Decoder(list[_Symbol])
_SYMBOL = msgspec.json.Decoder(_Symbol)
_ROWS = msgspec.json.Decoder(list[_Row], strict=False)
_ROW = msgspec.json.Decoder(_Row, strict=False)


def gunzip(frame: bytes) -> bytes:
    """The frame unpacked; raises FrameError if it is no single gzip member of at most 8 MiB."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        message = unpacker.decompress(frame, MAX_FRAME)
    except zlib.error as error:
        raise FrameError(f"expected a gzip frame: {error}") from error
    if not unpacker.eof or unpacker.unused_data:
        raise FrameError(f"expected one gzip member of at most {MAX_FRAME} bytes unpacked")
    return message


def subscribe(symbols: Sequence[str]) -> list[Subscription]:
    """One frame a market, whose topic is its id, so that a refusal names the market."""
    topics = [(symbol, f"market.{symbol}.ticker") for symbol in symbols]
    return [
        Subscription(msgspec.json.encode({"sub": topic, "id": topic}).decode(), (symbol,), (topic,))
        for symbol, topic in topics
    ]


def parse(frame: bytes) -> Sequence[Event]:
    """A ticker gives one quote with its book; a ping gives the pong to send."""
    try:
        message = _TICKER.decode(frame)
    except (ValueError, RecursionError):
        return _uncommon(frame)
    try:
        _, symbol, kind = message.ch.split(".")
    except ValueError:
        kind = symbol = ""
    if kind != "ticker":
        raise FrameError(f"expected market.<symbol>.ticker, got {message.ch!r}")
    tick, time = message.tick, message.ts / 1000
    return (Quote(symbol, tick.last, tick.bid, tick.ask, tick.volume, tick.turnover, time),)


@only_typed_errors
def parse_markets(body: bytes) -> list[Listing]:
    """The `/v1/common/symbols` list."""
    return [
        Listing(row.symbol, row.base.upper(), row.quote.upper(), row.state == "online")
        for row in good_rows(_SYMBOLS, _SYMBOL, _ANSWER.decode(body).data)
    ]


@only_typed_errors
def parse_tickers(body: bytes) -> list[Quote]:
    """The `/market/tickers` list, dated by the answer's own time."""
    answer = _ANSWER.decode(body)
    time = answer.ts / 1000
    return [
        Quote(row.symbol, row.last, row.bid, row.ask, row.volume, row.turnover, time)
        for row in good_rows(_ROWS, _ROW, answer.data)
    ]


@only_typed_errors
def _uncommon(frame: bytes) -> Sequence[Event]:
    message = _OTHER.decode(frame)
    if message.ch:
        return _channel(message)
    if message.ping is not None:
        return (Reply(f'{{"pong":{message.ping}}}'),)
    if message.status == "error":
        return (Refused("" if message.id is None else str(message.id), message.reason),)
    if message.subbed:
        return (Ack(message.subbed),)
    if not message.status:
        raise FrameError("expected a channel, a ping or a status")
    return (Unknown(message.status),)


def _channel(message: _Other) -> Sequence[Event]:
    symbol, _, kind = message.ch.removeprefix("market.").partition(".")
    time = message.ts / 1000
    if kind == "ticker":
        raise FrameError("expected last price, bid, ask, amount and vol in a ticker")
    if kind == "trade.detail":
        newest = max(_TRADES.decode(message.tick).data, key=lambda trade: trade.ts, default=None)
        return (Quote(symbol, newest.price, time=newest.ts / 1000),) if newest else ()
    if kind == "bbo":
        best = _BEST.decode(message.tick)
        return (Quote(symbol, bid=best.bid, ask=best.ask, time=time),)
    if kind == "depth.step0" and not message.update:
        book = _BOOK.decode(message.tick)
        bid = book.bids[0].price if book.bids else NAN
        ask = book.asks[0].price if book.asks else NAN
        return (Quote(symbol, bid=bid, ask=ask, time=time),) if book.bids or book.asks else ()
    return (Unknown(kind),)


HTX = Venue(
    name="htx",
    title="HTX",
    operator="htx",
    docs="https://www.htx.com/en-us/opend/newApiPages/",
    home="https://www.htx.com",
    stream_url="wss://api.huobi.pro/ws",
    rest_url="https://api.huobi.pro",
    markets=Call("/v1/common/symbols", every=3600),
    parse_markets=parse_markets,
    tickers=Call("/market/tickers", every=60),
    parse_tickers=parse_tickers,
    subscribe=subscribe,
    parse=parse,
    budget=Budget(cost=10, seconds=1.0),
    recorded_as=("HUOBI",),
    inflate=gunzip,
    connections=10,
    frames_per_second=10.0,
)
