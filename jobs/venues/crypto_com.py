"""Crypto.com Exchange: the `ticker.<instrument>` channel of its API v1.

Its USD books are said to be a bundle of dollars and USDC. That is unproven, so `settles` says
nothing of it. The `vv` of a ticker counts in US dollars, not in the quote currency, and is
left alone. Before 2023 another API was spoken, which is read as an era of its own.
"""

from collections.abc import Sequence
from datetime import date
from zlib import crc32

import msgspec

from app.market.quotes import NAN, Quote
from jobs.venue import (
    Ack,
    Budget,
    Call,
    Era,
    Event,
    Listing,
    Parse,
    Refused,
    Reply,
    Subscription,
    Unknown,
    Venue,
)
from jobs.wire import good_rows, only_typed_errors


class _Ticker(
    msgspec.Struct,
    rename={"symbol": "i", "last": "a", "bid": "b", "ask": "k", "volume": "v", "time": "t"},
    gc=False,
):
    symbol: str
    last: float | None
    bid: float | None
    ask: float | None
    volume: float | None
    time: float


class _Trade(msgspec.Struct, rename={"symbol": "i", "price": "p", "time": "t"}, gc=False):
    symbol: str
    price: float
    time: float


class _Tickers(msgspec.Struct, tag_field="channel", tag="ticker", gc=False):
    data: list[_Ticker]


class _Trades(msgspec.Struct, tag_field="channel", tag="trade", gc=False):
    data: list[_Trade]


class _Message(msgspec.Struct, gc=False):
    result: _Tickers | _Trades


class _Other(msgspec.Struct):
    class Result(msgspec.Struct):
        channel: str = ""

    method: str
    id: int = -1
    code: int = 0
    message: str = ""
    result: Result | None = None


class _Instrument(
    msgspec.Struct, rename={"type": "inst_type", "base": "base_ccy", "quote": "quote_ccy"}
):
    symbol: str
    type: str
    base: str
    quote: str
    tradable: bool


class _Instrument2021(msgspec.Struct):
    instrument_name: str
    base_currency: str
    quote_currency: str


class _Answer(msgspec.Struct):
    class Result(msgspec.Struct):
        data: msgspec.Raw = msgspec.Raw(b"null")
        instruments: msgspec.Raw = msgspec.Raw(b"null")

    result: Result


_OTHER = msgspec.json.Decoder(_Other)
_ANSWER = msgspec.json.Decoder(_Answer)
_ROWS = msgspec.json.Decoder(list[_Ticker], strict=False)
_ROW = msgspec.json.Decoder(_Ticker, strict=False)
_INSTRUMENTS = msgspec.json.Decoder(list[_Instrument])
_INSTRUMENT = msgspec.json.Decoder(_Instrument)
_INSTRUMENTS_2021 = msgspec.json.Decoder(list[_Instrument2021])
_INSTRUMENT_2021 = msgspec.json.Decoder(_Instrument2021)


def subscribe(symbols: Sequence[str]) -> list[Subscription]:
    """One frame a market, numbered by its channel's name: a confirmation tells only the number."""
    return [_subscription(symbol, f"ticker.{symbol}") for symbol in symbols]


def _reader(push: msgspec.json.Decoder[_Message]) -> Parse:
    """How frames are read whose prices this decoder understands."""

    @only_typed_errors
    def uncommon(frame: bytes) -> Sequence[Event]:
        other = _OTHER.decode(frame)
        if other.result and other.result.channel in ("ticker", "trade"):
            # The second decoding says what was wrong with the message.
            push.decode(frame)
        return _control(other)

    def parse(frame: bytes) -> Sequence[Event]:
        """A ticker gives a quote with its book; of trades in one frame the newest counts."""
        try:
            result = push.decode(frame).result
        except (ValueError, RecursionError):
            return uncommon(frame)
        if isinstance(result, _Tickers):
            return _quotes(result.data)
        newest = max(result.data, key=lambda trade: trade.time, default=None)
        return (Quote(newest.symbol, newest.price, time=newest.time / 1000),) if newest else ()

    return parse


parse = _reader(msgspec.json.Decoder(_Message, strict=False))
parse_2021 = _reader(msgspec.json.Decoder(_Message))


@only_typed_errors
def parse_markets(body: bytes) -> list[Listing]:
    """The spot pairs of `public/get-instruments`."""
    rows = good_rows(_INSTRUMENTS, _INSTRUMENT, _ANSWER.decode(body).result.data)
    return [
        Listing(row.symbol, row.base, row.quote, row.tradable)
        for row in rows
        if row.type == "CCY_PAIR"
    ]


@only_typed_errors
def parse_markets_2021(body: bytes) -> list[Listing]:
    """The `public/get-instruments` list of the API v2, which held spot pairs only."""
    raw = _ANSWER.decode(body).result.instruments
    return [
        Listing(row.instrument_name, row.base_currency, row.quote_currency)
        for row in good_rows(_INSTRUMENTS_2021, _INSTRUMENT_2021, raw)
    ]


@only_typed_errors
def parse_tickers(body: bytes) -> list[Quote]:
    """The `public/get-tickers` list; derivatives are in it under names of their own."""
    return _quotes(good_rows(_ROWS, _ROW, _ANSWER.decode(body).result.data))


def _quotes(rows: list[_Ticker]) -> list[Quote]:
    quotes: list[Quote] = []
    for row in rows:
        last = NAN if row.last is None else row.last
        bid = NAN if row.bid is None else row.bid
        ask = NAN if row.ask is None else row.ask
        volume = NAN if row.volume is None else row.volume
        quotes.append(Quote(row.symbol, last, bid, ask, volume, NAN, row.time / 1000))
    return quotes


def _control(other: _Other) -> Sequence[Event]:
    if other.method == "public/heartbeat":
        return (Reply(f'{{"id":{other.id},"method":"public/respond-heartbeat"}}'),)
    if other.code:
        return (Refused(str(other.id), f"{other.code} {other.message}".strip()),)
    if other.result and other.result.channel:
        return (Unknown(other.result.channel),)
    return (Ack(str(other.id)) if other.method == "subscribe" else Unknown(other.method),)


def _subscription(symbol: str, channel: str) -> Subscription:
    number = crc32(channel.encode())
    frame = {"id": number, "method": "subscribe", "params": {"channels": [channel]}}
    return Subscription(msgspec.json.encode(frame).decode(), (symbol,), (str(number),))


CRYPTO_COM = Venue(
    name="crypto_com",
    title="Crypto.com Exchange",
    operator="crypto_com",
    docs="https://exchange-docs.crypto.com/exchange/v1/rest-ws/index.html",
    home="https://crypto.com/exchange",
    stream_url="wss://stream.crypto.com/exchange/v1/market",
    rest_url="https://api.crypto.com",
    markets=Call("/exchange/v1/public/get-instruments", every=3600),
    parse_markets=parse_markets,
    tickers=Call("/exchange/v1/public/get-tickers", every=60),
    parse_tickers=parse_tickers,
    subscribe=subscribe,
    parse=parse,
    budget=Budget(cost=100, seconds=1.0),
    recorded_as=("CRYPTO.COM",),
    settle_seconds=1.0,
    frames_per_second=20.0,
    silence_after=40.0,
    eras=(Era(date(2023, 1, 1), parse_2021, parse_markets_2021),),
)
