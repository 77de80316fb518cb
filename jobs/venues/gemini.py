"""Gemini: trades of the `l2` feed of market data v2, which has no ticker channel.

The feed repeats the order book as changes, and a parser keeps no state, so only trades become
quotes. Symbols are spelled in upper case, as this feed wants them; the venue's market list and
its newer stream (read here, not asked for) spell them in lower case.
"""

from collections.abc import Collection, Sequence

import msgspec

from app.market.quotes import NAN, Quote
from jobs.venue import (
    Budget,
    Call,
    Event,
    FrameError,
    Listing,
    Refused,
    Subscription,
    Unknown,
    Venue,
)
from jobs.wire import good_rows, only_typed_errors


class _Trade(msgspec.Struct, tag="trade", gc=False):
    symbol: str
    price: float
    timestamp: float
    event_id: int = 0
    side: str = ""


class _Updates(msgspec.Struct, tag="l2_updates", gc=False):
    trades: msgspec.Raw = msgspec.Raw(b"[]")


class _Heartbeat(msgspec.Struct, tag="heartbeat"):
    pass


class _Other(msgspec.Struct, rename={"event": "e"}):
    type: str = ""
    event: str = ""
    result: str = ""
    reason: str = ""


class _Newer(
    msgspec.Struct, rename={"symbol": "s", "time": "E", "last": "p", "bid": "b", "ask": "a"}
):
    symbol: str
    time: float
    last: float = NAN
    bid: float = NAN
    ask: float = NAN


class _Price(msgspec.Struct):
    pair: str
    price: float


_MESSAGE = msgspec.json.Decoder(_Trade | _Updates | _Heartbeat, strict=False)
_KNOWN_TYPES = {"trade", "l2_updates", "heartbeat"}
_TRADES = msgspec.json.Decoder(list[_Trade], strict=False)
_TRADE = msgspec.json.Decoder(_Trade, strict=False)
_OTHER = msgspec.json.Decoder(_Other)
_NEWER = msgspec.json.Decoder(_Newer, strict=False)
_SYMBOLS = msgspec.json.Decoder(list[str])
_SYMBOL = msgspec.json.Decoder(str)
_PRICES = msgspec.json.Decoder(list[_Price], strict=False)
_PRICE = msgspec.json.Decoder(_Price, strict=False)

_DOLLARS = ("RLUSD", "GUSD")
_QUOTES = (
    *_DOLLARS,
    *("USDC", "USDT"),
    *("USD", "EUR", "GBP", "SGD", "BTC", "ETH", "BCH", "LTC", "FIL", "DAI"),
)


def subscribe(symbols: Sequence[str]) -> list[Subscription]:
    """One frame for all; the venue confirms nothing."""
    frame = {"type": "subscribe", "subscriptions": [{"name": "l2", "symbols": list(symbols)}]}
    return [Subscription(msgspec.json.encode(frame).decode(), tuple(symbols))]


def parse(frame: bytes) -> Sequence[Event]:
    """A trade gives its price, the first book message the price of its newest trade."""
    try:
        message = _MESSAGE.decode(frame)
    except (ValueError, RecursionError):
        return _uncommon(frame)
    if type(message) is _Trade:
        return _priced(message)
    return _updated(bytes(message.trades)) if isinstance(message, _Updates) else ()


@only_typed_errors
def parse_markets(body: bytes) -> list[Listing]:
    """The `/v1/symbols` list; names that end in none of the quote currencies are left out."""
    symbols = [symbol.upper() for symbol in good_rows(_SYMBOLS, _SYMBOL, body)]
    listed = frozenset(symbols)
    return [
        Listing(symbol, symbol.removesuffix(quote), quote)
        for symbol in symbols
        if (quote := _quote(symbol, listed))
    ]


@only_typed_errors
def parse_tickers(body: bytes) -> list[Quote]:
    """The `/v1/pricefeed` list: last price only."""
    return [Quote(row.pair.upper(), row.price) for row in good_rows(_PRICES, _PRICE, body)]


def _priced(trade: _Trade) -> Sequence[Event]:
    # Block trades are agreed off the book, so their price is nobody else's.
    if trade.side == "block":
        return ()
    time, sequence = trade.timestamp / 1000, trade.event_id
    return (Quote(trade.symbol, trade.price, NAN, NAN, NAN, NAN, time, sequence),)


@only_typed_errors
def _updated(rows: bytes) -> Sequence[Event]:
    trades = good_rows(_TRADES, _TRADE, rows)
    return _priced(max(trades, key=lambda trade: trade.timestamp)) if trades else ()


@only_typed_errors
def _uncommon(frame: bytes) -> Sequence[Event]:
    other = _OTHER.decode(frame)
    if other.type in _KNOWN_TYPES:
        # The second decoding says what was wrong with the message.
        _MESSAGE.decode(frame)
    return (_unasked(other, frame),)


def _unasked(other: _Other, frame: bytes) -> Event:
    if other.result == "error":
        return Refused("", other.reason)
    if kind := other.type or other.event:
        return Unknown(kind)
    newer = _NEWER.decode(frame)
    if newer.last != newer.last and newer.bid != newer.bid:
        raise FrameError("expected a trade or a best bid and ask, got neither")
    return Quote(newer.symbol.upper(), newer.last, newer.bid, newer.ask, time=newer.time / 1e9)


def _quote(symbol: str, listed: Collection[str]) -> str:
    """The quote currency at the end of the symbol, "" if there is none that we know.

    PAXGUSD is PAXG/USD and BTCGUSD is BTC/GUSD: a quote that itself ends in USD counts only
    where the rest is a base that the venue also lists against USD.
    """
    for quote in _QUOTES:
        base = symbol.removesuffix(quote)
        if base not in ("", symbol) and (quote not in _DOLLARS or f"{base}USD" in listed):
            return quote
    return ""


GEMINI = Venue(
    name="gemini",
    title="Gemini",
    operator="gemini",
    docs="https://developer.gemini.com/websocket/archived/v2",
    home="https://www.gemini.com",
    stream_url="wss://api.gemini.com/v2/marketdata",
    rest_url="https://api.gemini.com",
    markets=Call("/v1/symbols", every=3600),
    parse_markets=parse_markets,
    tickers=Call("/v1/pricefeed", every=60),
    parse_tickers=parse_tickers,
    subscribe=subscribe,
    parse=parse,
    budget=Budget(cost=120, seconds=60.0),
    recorded_as=("GEMINI",),
    connections=5,
    frames_per_second=0.2,
)
