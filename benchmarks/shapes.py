"""Ticker frames as the venues document them, with nothing in them beside what a quote needs."""

from datetime import datetime
from typing import Literal

import msgspec

NAN = float("nan")
_OKX = {"inst_id": "instId", "bid_px": "bidPx", "ask_px": "askPx", "vol_ccy24h": "volCcy24h"}


class Coinbase(msgspec.Struct, tag_field="type", tag="ticker", gc=False):
    product_id: str
    sequence: int
    price: float
    best_bid: float
    best_ask: float
    volume_24h: float
    time: datetime


class Gemini(msgspec.Struct, tag_field="type", tag="trade", gc=False):
    symbol: str
    price: float
    timestamp: float
    event_id: int


class Upbit(msgspec.Struct, gc=False):
    ty: Literal["ticker", "trade"]
    cd: str
    tp: float
    tms: float
    atv24h: float = NAN
    atp24h: float = NAN


class Binance(msgspec.Struct, gc=False):
    class Data(msgspec.Struct, tag_field="e", tag="24hrTicker", gc=False):
        s: str
        c: float
        b: float
        a: float
        v: float
        q: float
        E: float

    data: Data


class Kraken(msgspec.Struct, tag_field="channel", tag="ticker", gc=False):
    class Row(msgspec.Struct, gc=False):
        symbol: str
        last: float
        bid: float
        ask: float
        volume: float
        timestamp: datetime

    data: list[Row]


class Okx(msgspec.Struct, gc=False):
    class Arg(msgspec.Struct, gc=False):
        channel: Literal["tickers"]

    class Row(msgspec.Struct, rename=_OKX, gc=False):
        inst_id: str
        last: float
        bid_px: float
        ask_px: float
        vol24h: float
        vol_ccy24h: float
        ts: float

    arg: Arg
    data: list[Row]


class CryptoCom(msgspec.Struct, gc=False):
    class Result(msgspec.Struct, tag_field="channel", tag="ticker", gc=False):
        class Row(msgspec.Struct, gc=False):
            i: str
            a: float
            b: float
            k: float
            v: float
            t: float

        data: list[Row]

    result: Result


class Gate(msgspec.Struct, gc=False):
    class Row(msgspec.Struct, gc=False):
        currency_pair: str
        last: float
        highest_bid: float
        lowest_ask: float
        base_volume: float
        quote_volume: float

    channel: Literal["spot.tickers"]
    event: Literal["update"]
    time: float
    result: Row


class Htx(msgspec.Struct, gc=False):
    class Tick(msgspec.Struct, rename="camel", gc=False):
        last_price: float
        bid: float
        ask: float
        amount: float
        vol: float

    ch: str
    ts: float
    tick: Tick


class Bitfinex(msgspec.Struct, array_like=True, gc=False):
    class Data(msgspec.Struct, array_like=True, gc=False):
        bid: float
        bid_size: float
        ask: float
        ask_size: float
        change: float
        change_relative: float
        last: float
        volume: float

    channel: int
    data: Data


class Bitstamp(msgspec.Struct, gc=False):
    class Trade(msgspec.Struct, gc=False):
        id: int
        price_str: float
        microtimestamp: float

    event: Literal["trade"]
    channel: str
    data: Trade


class Kucoin(msgspec.Struct, gc=False):
    class Tick(msgspec.Struct, rename="camel", gc=False):
        price: float
        best_bid: float
        best_ask: float
        sequence: int
        time: float

    subject: Literal["trade.ticker"]
    topic: str
    data: Tick


class Bybit(msgspec.Struct, gc=False):
    class Day(msgspec.Struct, rename="camel", gc=False):
        symbol: str
        last_price: float
        volume24h: float
        turnover24h: float

    type: Literal["snapshot"]
    ts: float
    data: Day


class BybitBook(msgspec.Struct, gc=False):
    class Best(msgspec.Struct, gc=False):
        class Level(msgspec.Struct, array_like=True, gc=False):
            price: float

        s: str
        b: list[Level]
        a: list[Level]

    type: Literal["snapshot"]
    ts: float
    data: Best
