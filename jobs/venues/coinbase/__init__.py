"""Coinbase Exchange: the `ticker` channel, one message a trade, with best bid and ask.

Its USD and USDC books have been one book since 2022, so USD is read as USDC.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

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
    Subscription,
    Unknown,
    Venue,
)
from jobs.venues.coinbase.activity import DEPTH, TRADES
from jobs.wire import good_rows, only_typed_errors


class _Ticker(msgspec.Struct, tag="ticker", gc=False):
    product_id: str
    sequence: int
    price: float
    best_bid: float
    best_ask: float
    volume_24h: float
    time: datetime


class _Subscriptions(msgspec.Struct, tag="subscriptions"):
    class Channel(msgspec.Struct):
        name: str
        product_ids: list[str]

    channels: list[Channel]


class _Error(msgspec.Struct, tag="error"):
    message: str
    reason: str = ""


class _Heartbeat(msgspec.Struct, tag="heartbeat"):
    pass


class _Kind(msgspec.Struct):
    type: str


class _Product(msgspec.Struct):
    id: str
    base_currency: str
    quote_currency: str
    status: str


class _Stats(msgspec.Struct):
    class Day(msgspec.Struct):
        last: float
        volume: float

    stats_24hour: Day


class _Hour(msgspec.Struct, array_like=True, gc=False):
    time: int
    low: float
    high: float
    open: float
    close: float
    volume: float


_MESSAGE = msgspec.json.Decoder(_Ticker | _Subscriptions | _Error | _Heartbeat, strict=False)
_KIND = msgspec.json.Decoder(_Kind)
_PRODUCTS = msgspec.json.Decoder(list[_Product])
_STATS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_STAT = msgspec.json.Decoder(_Stats, strict=False)
_HOUR = msgspec.json.Decoder(_Hour, strict=False)
_HOURS = msgspec.json.Decoder(list[_Hour], strict=False)
_KNOWN_KINDS = {"ticker", "subscriptions", "error", "heartbeat"}


def subscribe(symbols: Sequence[str]) -> list[Subscription]:
    """One frame for all: the confirmation lists each product."""
    frame = {"type": "subscribe", "product_ids": list(symbols), "channels": ["ticker"]}
    return [Subscription(msgspec.json.encode(frame).decode(), tuple(symbols), tuple(symbols))]


def parse(frame: bytes) -> Sequence[Event]:
    """A ticker gives one quote; a confirmation gives an Ack for each product."""
    try:
        message = _MESSAGE.decode(frame)
    except (ValueError, RecursionError):
        return _uncommon(frame)
    if type(message) is _Ticker:
        return (
            Quote(
                message.product_id,
                message.price,
                message.best_bid,
                message.best_ask,
                message.volume_24h,
                NAN,
                message.time.timestamp(),
                message.sequence,
            ),
        )
    return _control(message)


@only_typed_errors
def parse_markets(body: bytes) -> list[Listing]:
    """The `/products` list."""
    return [
        Listing(row.id, row.base_currency, row.quote_currency, row.status == "online")
        for row in _PRODUCTS.decode(body)
    ]


@only_typed_errors
def parse_tickers(body: bytes) -> list[Quote]:
    """The `/products/stats` map: last price and volume, no book and no time."""
    quotes: list[Quote] = []
    for symbol, raw in _STATS.decode(body).items():
        try:
            day = _STAT.decode(raw).stats_24hour
        except msgspec.ValidationError:
            continue
        quotes.append(Quote(symbol, day.last, volume=day.volume))
    return quotes


@only_typed_errors
def parse_hours(body: bytes) -> list[HourCandle]:
    """The candles of one product, newest first; hours without a trade are missing."""
    return [
        HourCandle(row.time, row.open, row.high, row.low, row.close, row.volume)
        for row in good_rows(_HOURS, _HOUR, body)
    ]


def _hours_path(symbol: str, since: int, until: int) -> str:
    # The end is inclusive: the last second of the last hour asked for.
    start, end = (
        f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}" for at in (since, until - 1)
    )
    return f"/products/{symbol}/candles?granularity=3600&start={start}&end={end}"


@only_typed_errors
def _uncommon(frame: bytes) -> Sequence[Event]:
    kind = _KIND.decode(frame).type
    if kind in _KNOWN_KINDS:
        # The second decoding says what was wrong with the message.
        _MESSAGE.decode(frame)
    return (Unknown(kind),)


def _control(message: _Subscriptions | _Error | _Heartbeat | _Ticker) -> Sequence[Event]:
    if isinstance(message, _Subscriptions):
        tickers = [channel for channel in message.channels if channel.name == "ticker"]
        return [Ack(symbol) for channel in tickers for symbol in channel.product_ids]
    if isinstance(message, _Error):
        return (Refused("", f"{message.message}: {message.reason}"),)
    return ()


COINBASE = Venue(
    name="coinbase",
    title="Coinbase Exchange",
    operator="coinbase",
    docs="https://docs.cdp.coinbase.com/exchange/websocket-feed/channels",
    home="https://exchange.coinbase.com",
    stream_url="wss://ws-feed.exchange.coinbase.com",
    rest_url="https://api.exchange.coinbase.com",
    markets=Call("/products", every=3600),
    parse_markets=parse_markets,
    tickers=Call("/products/stats", every=60),
    parse_tickers=parse_tickers,
    history=HistoryCall(_hours_path, parse_hours, most=300),
    trades=TRADES,
    depth=DEPTH,
    subscribe=subscribe,
    parse=parse,
    budget=Budget(cost=8, seconds=1.0),
    recorded_as=("COINBASE",),
    settles={"USD": "USDC"},
    symbols_per_connection=100,
    frames_per_second=8.0,
)
