"""Upbit: the `ticker` channel in the SIMPLE format, whose keys are abbreviations.

Symbols name the quote first: BTC-ETH is ether priced in bitcoin. Korean won is under capital
controls. A later request replaces the earlier one, so a connection is asked once, for all.
"""

from collections.abc import Sequence

import msgspec

from app.market.quotes import NAN, Quote
from jobs.venue import (
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

_SHORT = {
    "symbol": "cd",
    "last": "tp",
    "volume": "atv24h",
    "turnover": "atp24h",
    "time": "tms",
    "levels": "obu",
    "bid": "bp",
    "ask": "ap",
}


class _Ticker(msgspec.Struct, tag_field="ty", tag="ticker", rename=_SHORT, gc=False):
    symbol: str
    last: float
    volume: float | None
    turnover: float | None
    time: float


class _Trade(msgspec.Struct, tag_field="ty", tag="trade", rename=_SHORT, gc=False):
    symbol: str
    last: float
    time: float


class _Book(msgspec.Struct, tag_field="ty", tag="orderbook", rename=_SHORT):
    class Level(msgspec.Struct, rename=_SHORT, gc=False):
        bid: float
        ask: float

    symbol: str
    levels: list[Level]
    time: float


class _Other(msgspec.Struct, rename={"type": "ty"}):
    class Error(msgspec.Struct):
        name: str
        message: str = ""

    type: str = ""
    status: str = ""
    error: Error | None = None


class _Market(msgspec.Struct):
    market: str


_MESSAGE = msgspec.json.Decoder(_Ticker | _Trade | _Book, strict=False)
_KNOWN_TYPES = {"ticker", "trade", "orderbook"}
_OTHER = msgspec.json.Decoder(_Other)
_MARKETS = msgspec.json.Decoder(list[_Market])
_MARKET = msgspec.json.Decoder(_Market)


def subscribe(symbols: Sequence[str]) -> list[Subscription]:
    """One frame for all; the venue confirms nothing."""
    request = [
        {"ticket": "marketcap"},
        {"type": "ticker", "codes": list(symbols)},
        {"format": "SIMPLE"},
    ]
    return [Subscription(msgspec.json.encode(request).decode(), tuple(symbols))]


def parse(frame: bytes) -> Sequence[Event]:
    """A ticker, a trade and an order book give one quote each, with what they tell."""
    try:
        message = _MESSAGE.decode(frame)
    except (ValueError, RecursionError):
        return _uncommon(frame)
    time = message.time / 1000
    if type(message) is _Ticker:
        volume = NAN if message.volume is None else message.volume
        turnover = NAN if message.turnover is None else message.turnover
        return (Quote(message.symbol, message.last, volume=volume, turnover=turnover, time=time),)
    if type(message) is _Trade:
        return (Quote(message.symbol, message.last, time=time),)
    return [
        Quote(message.symbol, bid=level.bid, ask=level.ask, time=time)
        for level in message.levels[:1]
    ]


@only_typed_errors
def parse_markets(body: bytes) -> list[Listing]:
    """The `/v1/market/all` list; names without a dash are left out."""
    pairs = [row.market.split("-") for row in good_rows(_MARKETS, _MARKET, body)]
    return [Listing("-".join(pair), pair[1], pair[0]) for pair in pairs if len(pair) == 2]


@only_typed_errors
def _uncommon(frame: bytes) -> Sequence[Event]:
    other = _OTHER.decode(frame)
    if other.type in _KNOWN_TYPES:
        # The second decoding says what was wrong with the message.
        _MESSAGE.decode(frame)
    if other.error is not None:
        return (Refused("", f"{other.error.name}: {other.error.message}"),)
    if other.type:
        return (Unknown(other.type),)
    if not other.status:
        raise FrameError("expected a type, a status or an error")
    return ()


UPBIT = Venue(
    name="upbit",
    title="Upbit",
    operator="upbit",
    docs="https://docs.upbit.com/kr/reference/websocket-ticker",
    home="https://upbit.com",
    stream_url="wss://api.upbit.com/websocket/v1",
    rest_url="https://api.upbit.com",
    markets=Call("/v1/market/all", every=3600),
    parse_markets=parse_markets,
    subscribe=subscribe,
    parse=parse,
    budget=Budget(cost=10, seconds=1.0),
    recorded_as=("UPBIT",),
    ping=Ping("PING", every=60.0),
    symbols_per_connection=500,
    connections=5,
    frames_per_second=1.0,
)
