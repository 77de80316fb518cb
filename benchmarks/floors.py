"""The least that there is to do with a ticker frame: decode it, find its row, write nine numbers.

One call a frame, because frames come one by one; each venue's is written out and owes nothing to
the adapter that is measured against it.
"""

from array import array
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

import msgspec

from benchmarks import shapes
from benchmarks.shapes import NAN

Numbers: TypeAlias = "array[float]"


class Columns(NamedTuple):
    """What is written of each frame: the columns of the quote board."""

    last: Numbers
    bid: Numbers
    ask: Numbers
    volume: Numbers
    turnover: Numbers
    last_time: Numbers
    book_time: Numbers
    last_received: Numbers
    book_received: Numbers


Write: TypeAlias = Callable[[bytes, float], None]
"""Writes a frame to its row of the columns; the number is the time of receipt."""

Rows: TypeAlias = Mapping[str | int, int]
"""Row of each market, under the name that its frames carry."""


def columns(markets: int) -> Columns:
    """Empty columns for so many markets."""
    return Columns(*(array("d", bytes(8 * markets)) for _ in Columns._fields))


def binance(rows: Rows, to: Columns) -> Write:
    """The floor of `binance`."""
    decode = msgspec.json.Decoder(shapes.Binance, strict=False).decode
    last, bid, ask, volume, turnover, last_time, book_time, last_received, book_received = to

    def write(frame: bytes, received: float) -> None:
        d = decode(frame).data
        at = rows[d.s]
        last[at], bid[at], ask[at] = d.c, d.b, d.a
        volume[at], turnover[at] = d.v, d.q
        last_time[at] = book_time[at] = d.E / 1000
        last_received[at] = book_received[at] = received

    return write


def bitfinex(rows: Rows, to: Columns) -> Write:
    """The floor of `bitfinex`."""
    decode = msgspec.json.Decoder(shapes.Bitfinex, strict=False).decode
    last, bid, ask, volume, turnover, last_time, book_time, last_received, book_received = to

    def write(frame: bytes, received: float) -> None:
        m = decode(frame)
        d = m.data
        at = rows[m.channel]
        last[at], bid[at], ask[at] = d.last, d.bid, d.ask
        volume[at], turnover[at] = d.volume, NAN
        last_time[at] = book_time[at] = NAN
        last_received[at] = book_received[at] = received

    return write


def bitstamp(rows: Rows, to: Columns) -> Write:
    """The floor of `bitstamp`."""
    decode = msgspec.json.Decoder(shapes.Bitstamp, strict=False).decode
    last, bid, ask, volume, turnover, last_time, book_time, last_received, book_received = to

    def write(frame: bytes, received: float) -> None:
        m = decode(frame)
        d = m.data
        at = rows[m.channel]
        last[at], bid[at], ask[at] = d.price_str, NAN, NAN
        volume[at], turnover[at] = NAN, NAN
        last_time[at] = book_time[at] = d.microtimestamp / 1e6
        last_received[at] = book_received[at] = received

    return write


def bybit(rows: Rows, to: Columns) -> Write:
    """The floor of `bybit`, whose prices and books come in messages of their own."""
    decode = msgspec.json.Decoder(shapes.Bybit, strict=False).decode
    decode_book = msgspec.json.Decoder(shapes.BybitBook, strict=False).decode
    last, bid, ask, volume, turnover, last_time, book_time, last_received, book_received = to

    def write(frame: bytes, received: float) -> None:
        if frame.startswith(b'{"topic":"orderbook'):
            m = decode_book(frame)
            b = m.data
            at = rows[b.s]
            last[at], bid[at], ask[at] = NAN, b.b[0].price, b.a[0].price
            volume[at], turnover[at] = NAN, NAN
        else:
            m = decode(frame)
            d = m.data
            at = rows[d.symbol]
            last[at], bid[at], ask[at] = d.last_price, NAN, NAN
            volume[at], turnover[at] = d.volume24h, d.turnover24h
        last_time[at] = book_time[at] = m.ts / 1000
        last_received[at] = book_received[at] = received

    return write


def coinbase(rows: Rows, to: Columns) -> Write:
    """The floor of `coinbase`."""
    decode = msgspec.json.Decoder(shapes.Coinbase, strict=False).decode
    last, bid, ask, volume, turnover, last_time, book_time, last_received, book_received = to

    def write(frame: bytes, received: float) -> None:
        d = decode(frame)
        at = rows[d.product_id]
        last[at], bid[at], ask[at] = d.price, d.best_bid, d.best_ask
        volume[at], turnover[at] = d.volume_24h, NAN
        last_time[at] = book_time[at] = d.time.timestamp()
        last_received[at] = book_received[at] = received

    return write


def crypto_com(rows: Rows, to: Columns) -> Write:
    """The floor of `crypto_com`."""
    decode = msgspec.json.Decoder(shapes.CryptoCom, strict=False).decode
    last, bid, ask, volume, turnover, last_time, book_time, last_received, book_received = to

    def write(frame: bytes, received: float) -> None:
        d = decode(frame).result.data[0]
        at = rows[d.i]
        last[at], bid[at], ask[at] = d.a, d.b, d.k
        volume[at], turnover[at] = d.v, NAN
        last_time[at] = book_time[at] = d.t / 1000
        last_received[at] = book_received[at] = received

    return write


def gate(rows: Rows, to: Columns) -> Write:
    """The floor of `gate`."""
    decode = msgspec.json.Decoder(shapes.Gate, strict=False).decode
    last, bid, ask, volume, turnover, last_time, book_time, last_received, book_received = to

    def write(frame: bytes, received: float) -> None:
        m = decode(frame)
        d = m.result
        at = rows[d.currency_pair]
        last[at], bid[at], ask[at] = d.last, d.highest_bid, d.lowest_ask
        volume[at], turnover[at] = d.base_volume, d.quote_volume
        last_time[at] = book_time[at] = m.time
        last_received[at] = book_received[at] = received

    return write


def gemini(rows: Rows, to: Columns) -> Write:
    """The floor of `gemini`."""
    decode = msgspec.json.Decoder(shapes.Gemini, strict=False).decode
    last, bid, ask, volume, turnover, last_time, book_time, last_received, book_received = to

    def write(frame: bytes, received: float) -> None:
        d = decode(frame)
        at = rows[d.symbol]
        last[at], bid[at], ask[at] = d.price, NAN, NAN
        volume[at], turnover[at] = NAN, NAN
        last_time[at] = book_time[at] = d.timestamp / 1000
        last_received[at] = book_received[at] = received

    return write


def htx(rows: Rows, to: Columns) -> Write:
    """The floor of `htx`."""
    decode = msgspec.json.Decoder(shapes.Htx, strict=False).decode
    last, bid, ask, volume, turnover, last_time, book_time, last_received, book_received = to

    def write(frame: bytes, received: float) -> None:
        m = decode(frame)
        d = m.tick
        at = rows[m.ch]
        last[at], bid[at], ask[at] = d.last_price, d.bid, d.ask
        volume[at], turnover[at] = d.amount, d.vol
        last_time[at] = book_time[at] = m.ts / 1000
        last_received[at] = book_received[at] = received

    return write


def kraken(rows: Rows, to: Columns) -> Write:
    """The floor of `kraken`."""
    decode = msgspec.json.Decoder(shapes.Kraken, strict=False).decode
    last, bid, ask, volume, turnover, last_time, book_time, last_received, book_received = to

    def write(frame: bytes, received: float) -> None:
        d = decode(frame).data[0]
        at = rows[d.symbol]
        last[at], bid[at], ask[at] = d.last, d.bid, d.ask
        volume[at], turnover[at] = d.volume, NAN
        last_time[at] = book_time[at] = d.timestamp.timestamp()
        last_received[at] = book_received[at] = received

    return write


def kucoin(rows: Rows, to: Columns) -> Write:
    """The floor of `kucoin`."""
    decode = msgspec.json.Decoder(shapes.Kucoin, strict=False).decode
    last, bid, ask, volume, turnover, last_time, book_time, last_received, book_received = to

    def write(frame: bytes, received: float) -> None:
        m = decode(frame)
        d = m.data
        at = rows[m.topic]
        last[at], bid[at], ask[at] = d.price, d.best_bid, d.best_ask
        volume[at], turnover[at] = NAN, NAN
        last_time[at] = book_time[at] = d.time / 1000
        last_received[at] = book_received[at] = received

    return write


def okx(rows: Rows, to: Columns) -> Write:
    """The floor of `okx`."""
    decode = msgspec.json.Decoder(shapes.Okx, strict=False).decode
    last, bid, ask, volume, turnover, last_time, book_time, last_received, book_received = to

    def write(frame: bytes, received: float) -> None:
        d = decode(frame).data[0]
        at = rows[d.inst_id]
        last[at], bid[at], ask[at] = d.last, d.bid_px, d.ask_px
        volume[at], turnover[at] = d.vol24h, d.vol_ccy24h
        last_time[at] = book_time[at] = d.ts / 1000
        last_received[at] = book_received[at] = received

    return write


def upbit(rows: Rows, to: Columns) -> Write:
    """The floor of `upbit`."""
    decode = msgspec.json.Decoder(shapes.Upbit, strict=False).decode
    last, bid, ask, volume, turnover, last_time, book_time, last_received, book_received = to

    def write(frame: bytes, received: float) -> None:
        d = decode(frame)
        at = rows[d.cd]
        last[at], bid[at], ask[at] = d.tp, NAN, NAN
        volume[at], turnover[at] = d.atv24h, d.atp24h
        last_time[at] = book_time[at] = d.tms / 1000
        last_received[at] = book_received[at] = received

    return write


FLOORS: Mapping[str, Callable[[Rows, Columns], Write]] = {
    "binance": binance,
    "binance_us": binance,
    "bitfinex": bitfinex,
    "bitstamp": bitstamp,
    "bybit": bybit,
    "coinbase": coinbase,
    "crypto_com": crypto_com,
    "gate": gate,
    "gemini": gemini,
    "htx": htx,
    "kraken": kraken,
    "kucoin": kucoin,
    "okx": okx,
    "upbit": upbit,
}
"""By venue; Binance.US speaks as Binance does."""
