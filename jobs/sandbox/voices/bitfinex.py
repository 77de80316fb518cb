"""Bitfinex as it speaks: events as objects, data as arrays under a channel number.

The number of a channel is a checksum of its symbol, because nothing is remembered here. For the
same reason an unsubscription, which names only the number, is confirmed but changes nothing.
"""

from collections.abc import Mapping, Sequence
from zlib import crc32

import msgspec

from jobs.sandbox.voice import Book, Heard, Route, Voice

# Common ticker → the three letters that Bitfinex gave it.
_ALIASES = {
    "ALGO": "ALG",
    "AMPL": "AMP",
    "ATOM": "ATO",
    "DASH": "DSH",
    "IOTA": "IOT",
    "MANA": "MNA",
    "QTUM": "QTM",
    "TUSD": "TSD",
    "USDC": "UDC",
    "USDT": "UST",
    "WBTC": "WBT",
}
_FUNDING: tuple[object, ...] = (
    *("fUSD", 0.00035, 0.00034, 30, 3.9e7, 0.00036, 2, 2.1e5),
    *(-1e-05, -0.0278, 0.00035, 1.6e8, 0.0006, 0.0001, None, None, 5.1e6),
)


class _Request(msgspec.Struct, omit_defaults=True, rename={"number": "chanId"}):
    event: str
    channel: str = ""
    symbol: str = ""
    number: int | None = None
    flags: int = 0
    cid: int | str | None = None


def _symbol(base: str, quote: str) -> str:
    colon = "" if len(base) == len(quote) == 3 else ":"
    return f"t{base}{colon}{quote}"


def _number(symbol: str) -> int:
    return crc32(symbol.encode())


def _pairs(books: Sequence[Book], query: Mapping[str, str], now: float) -> bytes:
    return msgspec.json.encode([[book.symbol[1:] for book in books]])


def _tickers(books: Sequence[Book], query: Mapping[str, str], now: float) -> bytes:
    rows: list[object] = [[book.symbol, *_ticker(book)] for book in books]
    return msgspec.json.encode([*rows, _FUNDING])


def _ticker(book: Book) -> list[float]:
    change = book.last - book.open
    return [
        *(book.bid, 1.5, book.ask, 2.5),
        *(change, change / book.open),
        *(book.last, book.volume, book.high, book.low),
    ]


def _hear(frame: str, now: float) -> Heard:
    try:
        request = msgspec.json.decode(frame, type=_Request)
    except msgspec.MsgspecError:
        return _refusal("event: invalid", 10000)
    if request.event == "subscribe":
        return _subscribed(request)
    if request.event == "unsubscribe":
        return _answer({"event": "unsubscribed", "status": "OK", "chanId": request.number})
    if request.event == "ping":
        return _answer({"event": "pong", "ts": round(now * 1000), "cid": request.cid})
    if request.event == "conf":
        return _answer({"event": "conf", "status": "OK", "flags": request.flags})
    return _refusal(f"event: invalid ({request.event})", 10000)


def _subscribed(request: _Request) -> Heard:
    asked = {"channel": request.channel, "symbol": request.symbol, "pair": request.symbol[1:]}
    if request.channel != "ticker":
        return _refusal("channel: unknown", 10300, asked)
    if not request.symbol.startswith("t"):
        return _refusal("symbol: invalid", 10300, asked)
    event = {"event": "subscribed", "chanId": _number(request.symbol), **asked}
    return Heard((msgspec.json.encode(event),), subscribe=(request.symbol,))


def _refusal(reason: str, code: int, asked: Mapping[str, str] | None = None) -> Heard:
    return _answer({**(asked or {}), "event": "error", "msg": reason, "code": code})


def _answer(event: Mapping[str, object]) -> Heard:
    return Heard((msgspec.json.encode(event),))


def _say(book: Book) -> bytes:
    return msgspec.json.encode([_number(book.symbol), _ticker(book)])


def _info(now: float) -> tuple[bytes]:
    event = {
        "event": "info",
        "version": 2,
        "serverId": "00000000-0000-4000-8000-000000000000",
        "platform": {"status": 1},
    }
    return (msgspec.json.encode(event),)


BITFINEX = Voice(
    name="bitfinex",
    quotes=("USD", "USDT", "BTC", "EUR"),
    breadth=0.2,
    share=0.02,
    symbol=_symbol,
    routes=(
        Route("GET", "/v2/conf/pub:list:pair:exchange", _pairs),
        Route("GET", "/v2/tickers", _tickers),
    ),
    hear=_hear,
    say=_say,
    aliases=_ALIASES,
    greeting=_info,
    heartbeat=lambda now: b'[0,"hb"]',
    heartbeat_every=15.0,
)
