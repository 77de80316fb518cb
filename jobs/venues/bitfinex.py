"""Bitfinex: the `ticker` channel; data are arrays that a channel number ties to a market.

An array does not say its channel's kind, so only shapes that no other channel has are read: ten
numbers in a row are a ticker, and "te" announces a trade. Arrays may grow at their end.
"""

from collections.abc import Sequence
from typing import Literal

import msgspec

from app.market.quotes import NAN, Quote
from jobs.venue import (
    Ack,
    Alias,
    Budget,
    Call,
    Event,
    Listing,
    Ping,
    Refused,
    Renew,
    Subscription,
    Unknown,
    Venue,
)
from jobs.wire import good_rows, only_typed_errors

# The venue's own currency map (conf/pub:map:currency:sym) proves each of these.
_ALIASES = {
    "ALG": "ALGO",
    "AMP": "AMPL",
    "ATO": "ATOM",
    "DAT": "DATA",
    "DOG": "MDOGE",
    "DSH": "DASH",
    "EUS": "EURS",
    "EUT": "EURT",
    "IOT": "IOTA",
    "MNA": "MANA",
    "QTM": "QTUM",
    "RBT": "RBTC",
    "SNG": "SNGLS",
    "STJ": "STORJ",
    "TSD": "TUSD",
    "UDC": "USDC",
    "UST": "USDT",
    "VSY": "VSYS",
    "WBT": "WBTC",
    "XCH": "XCHF",
    "YGG": "YEED",
}
# The same map reads these two as TESTAAA and TESTBBB; the other paper currencies say it.
_PAPER = {"AAA", "BBB"}
_RENEWALS = {
    20051: "the stream restarts",
    20060: "maintenance begins",
    20061: "maintenance is over and all channels want new subscriptions",
}


class _Ticker(msgspec.Struct, array_like=True, gc=False):
    class Data(msgspec.Struct, array_like=True, gc=False):
        bid: float | None
        bid_size: float
        ask: float | None
        ask_size: float
        change: float
        change_relative: float
        last: float | None
        volume: float
        high: float
        low: float

    channel: int
    data: Data


class _Executed(msgspec.Struct, array_like=True):
    class Trade(msgspec.Struct, array_like=True):
        id: int
        time: float
        amount: float
        price: float

    channel: int
    kind: Literal["te"]
    trade: Trade


class _Array(msgspec.Struct, array_like=True):
    channel: int
    content: msgspec.Raw


class _Message(msgspec.Struct, rename={"number": "chanId"}):
    event: str
    symbol: str = ""
    pair: str = ""
    number: int = 0
    code: int = 0
    msg: str = ""


class _Lists(msgspec.Struct, array_like=True):
    pairs: msgspec.Raw


class _Row(msgspec.Struct, array_like=True):
    symbol: str
    bid: float | None
    bid_size: float | None
    ask: float | None
    ask_size: float | None
    change: float | None
    change_relative: float | None
    last: float
    volume: float


_TICKER = msgspec.json.Decoder(_Ticker)
_EXECUTED = msgspec.json.Decoder(_Executed)
_ARRAY = msgspec.json.Decoder(_Array)
_MESSAGE = msgspec.json.Decoder(_Message)
_LISTS = msgspec.json.Decoder(_Lists)
_PAIR = msgspec.json.Decoder(str)
_PAIRS = msgspec.json.Decoder(list[str])
_ROW = msgspec.json.Decoder(_Row)
_ROWS = msgspec.json.Decoder(list[_Row])
_SILENT = {"info", "conf", "pong", "unsubscribed"}


def subscribe(symbols: Sequence[str]) -> list[Subscription]:
    """One frame a market; the confirmation names the symbol and its channel number."""
    return [_subscription(symbol) for symbol in symbols]


def parse(frame: bytes) -> Sequence[Event]:
    """A ticker gives one quote under its channel number; the venue tells no time of it."""
    try:
        ticker = _TICKER.decode(frame)
    except (msgspec.ValidationError, UnicodeDecodeError, RecursionError):
        return _other(frame)
    data = ticker.data
    return (
        Quote(
            str(ticker.channel),
            data.last or NAN,
            data.bid or NAN,
            data.ask or NAN,
            data.volume,
        ),
    )


@only_typed_errors
def parse_markets(body: bytes) -> list[Listing]:
    """The exchange pairs, written BTCUSD or DOGE:USD, without paper trading and derivatives."""
    pairs = good_rows(_PAIRS, _PAIR, _LISTS.decode(body).pairs)
    return [listing for pair in pairs if (listing := _listing(pair)) is not None]


@only_typed_errors
def parse_tickers(body: bytes) -> list[Quote]:
    """The tickers of all spot pairs; rows of funding currencies begin with an f."""
    return [
        Quote(row.symbol, row.last, row.bid or NAN, row.ask or NAN, row.volume)
        for row in good_rows(_ROWS, _ROW, body)
        if row.symbol.startswith("t") and _listing(row.symbol[1:]) is not None
    ]


def _subscription(symbol: str) -> Subscription:
    frame = {"event": "subscribe", "channel": "ticker", "symbol": symbol}
    return Subscription(msgspec.json.encode(frame).decode(), (symbol,), (symbol,))


def _listing(pair: str) -> Listing | None:
    base, colon, quote = pair.partition(":")
    if not colon and len(pair) == 6:
        base, quote = pair[:3], pair[3:]
    paper = base in _PAPER or base.startswith("TEST")
    if not quote or paper or base.endswith("F0"):
        return None
    return Listing(f"t{pair}", base, quote)


@only_typed_errors
def _other(frame: bytes) -> Sequence[Event]:
    if frame.lstrip().startswith(b"["):
        return _array(frame)
    message = _MESSAGE.decode(frame)
    if message.event == "subscribed" and message.symbol.startswith("t"):
        return (Ack(message.symbol), Alias(str(message.number), message.symbol))
    if message.event == "error":
        key = message.symbol or (message.pair and f"t{message.pair}")
        return (Refused(key, f"{message.code}: {message.msg}"),)
    if message.event == "info" and message.code in _RENEWALS:
        return (Renew(_RENEWALS[message.code]),)
    return () if message.event in _SILENT else (Unknown(message.event),)


def _array(frame: bytes) -> Sequence[Event]:
    content = bytes(_ARRAY.decode(frame).content)
    if content == b'"te"':
        executed = _EXECUTED.decode(frame)
        trade = executed.trade
        return (Quote(str(executed.channel), trade.price, time=trade.time / 1000),)
    # A "tu" repeats the "te" before it, with what only the traders need.
    return () if content in {b'"hb"', b'"tu"'} else (Unknown("data"),)


BITFINEX = Venue(
    name="bitfinex",
    title="Bitfinex",
    operator="bitfinex",
    docs="https://docs.bitfinex.com/docs/ws-general",
    home="https://www.bitfinex.com",
    stream_url="wss://api-pub.bitfinex.com/ws/2",
    rest_url="https://api-pub.bitfinex.com",
    markets=Call("/v2/conf/pub:list:pair:exchange", every=3600),
    parse_markets=parse_markets,
    tickers=Call("/v2/tickers?symbols=ALL", every=30),
    parse_tickers=parse_tickers,
    subscribe=subscribe,
    parse=parse,
    budget=Budget(cost=30, seconds=60.0),
    recorded_as=("BITFINEX",),
    aliases=_ALIASES,
    ping=Ping('{"event":"ping","cid":1}', every=5.0),
    symbols_per_connection=25,
    connections=10,
    silence_after=15.0,
)
