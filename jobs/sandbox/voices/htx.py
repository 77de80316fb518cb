"""HTX as it speaks: `/v1/common/symbols`, `/market/tickers`, and the ticker topic in gzip."""

import gzip
from collections.abc import Mapping, Sequence

import msgspec

from jobs.sandbox.voice import Book, Heard, Route, Voice


class _Request(msgspec.Struct):
    sub: str | list[str] = ""
    unsub: str | list[str] = ""
    ping: int = 0
    pong: int = 0
    id: str | int | None = None


_REQUEST = msgspec.json.Decoder(_Request)


def _packed(message: Mapping[str, object]) -> bytes:
    return gzip.compress(msgspec.json.encode(message), compresslevel=1, mtime=0)


def _milliseconds(time: float) -> int:
    return round(time * 1000)


def _symbols(books: Sequence[Book], query: Mapping[str, str], now: float) -> bytes:
    rows = [
        {
            "base-currency": book.base.lower(),
            "quote-currency": book.quote.lower(),
            "price-precision": 8,
            "amount-precision": 4,
            "symbol-partition": "main",
            "symbol": book.symbol,
            "state": "online",
            "value-precision": 8,
            "min-order-value": 5,
            "api-trading": "enabled",
            "tags": "",
        }
        for book in books
    ]
    return msgspec.json.encode({"status": "ok", "data": rows})


def _tickers(books: Sequence[Book], query: Mapping[str, str], now: float) -> bytes:
    rows = [{"symbol": book.symbol, **_day(book)} for book in books]
    return msgspec.json.encode({"status": "ok", "ts": _milliseconds(now), "data": rows})


def _day(book: Book) -> dict[str, float | int]:
    return {
        "open": book.open,
        "high": book.high,
        "low": book.low,
        "close": book.last,
        "amount": book.volume,
        "vol": book.volume * book.last,
        "count": book.sequence,
        "bid": book.bid,
        "bidSize": 1.0,
        "ask": book.ask,
        "askSize": 1.0,
    }


def _hear(frame: str, now: float) -> Heard:
    try:
        request = _REQUEST.decode(frame)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return Heard((_error(None, "invalid request", now),))
    if request.ping:
        return Heard((_packed({"pong": request.ping}),))
    if request.pong:
        return Heard()
    topics = _topics(request.sub) + _topics(request.unsub)
    wrong = [topic for topic in topics if not _symbol(topic)]
    if wrong or not topics:
        return Heard((_error(request.id, f"invalid topic {' '.join(wrong)}".strip(), now),))
    return Heard(
        tuple(_confirmation(request, topic, now) for topic in topics),
        subscribe=tuple(_symbol(topic) for topic in _topics(request.sub)),
        unsubscribe=tuple(_symbol(topic) for topic in _topics(request.unsub)),
    )


def _topics(topics: str | list[str]) -> list[str]:
    return [topics] * bool(topics) if isinstance(topics, str) else topics


def _symbol(topic: str) -> str:
    """The market of a ticker topic; "" for any other topic."""
    symbol = topic.removeprefix("market.").removesuffix(".ticker")
    return symbol if topic == f"market.{symbol}.ticker" and symbol.isalnum() else ""


def _confirmation(request: _Request, topic: str, now: float) -> bytes:
    done = "subbed" if request.sub else "unsubbed"
    return _packed({"id": request.id, "status": "ok", done: topic, "ts": _milliseconds(now)})


def _error(number: str | int | None, reason: str, now: float) -> bytes:
    return _packed(
        {
            "status": "error",
            "ts": _milliseconds(now),
            "id": number,
            "err-code": "bad-request",
            "err-msg": reason,
        }
    )


def _say(book: Book) -> bytes:
    return _packed(
        {
            "ch": f"market.{book.symbol}.ticker",
            "ts": _milliseconds(book.time),
            "tick": {**_day(book), "lastPrice": book.last, "lastSize": 0.01},
        }
    )


HTX = Voice(
    name="htx",
    quotes=("USDT", "BTC", "ETH", "USDC"),
    breadth=0.5,
    share=0.05,
    symbol=lambda base, quote: f"{base}{quote}".lower(),
    routes=(
        Route("GET", "/v1/common/symbols", _symbols),
        Route("GET", "/market/tickers", _tickers),
    ),
    hear=_hear,
    say=_say,
    heartbeat=lambda now: _packed({"ping": _milliseconds(now)}),
    heartbeat_every=5.0,
    close_on_silence=10.0,
)
