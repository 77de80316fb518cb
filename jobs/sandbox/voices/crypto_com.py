"""Crypto.com Exchange as it speaks: instruments, tickers and the ticker channel of API v1."""

from collections.abc import Mapping, Sequence

import msgspec

from jobs.sandbox.voice import Book, Heard, Route, Voice


class _Request(msgspec.Struct):
    class Params(msgspec.Struct):
        channels: list[str]

    method: str
    id: int = -1
    params: Params | None = None


_REQUEST = msgspec.json.Decoder(_Request)


def _instruments(books: Sequence[Book], query: Mapping[str, str], now: float) -> bytes:
    rows = [
        {
            "symbol": book.symbol,
            "inst_type": "CCY_PAIR",
            "display_name": f"{book.base}/{book.quote}",
            "base_ccy": book.base,
            "quote_ccy": book.quote,
            "quote_decimals": 8,
            "quantity_decimals": 4,
            "price_tick_size": "0.00000001",
            "qty_tick_size": "0.0001",
            "max_leverage": "50",
            "tradable": True,
            "expiry_timestamp_ms": 0,
        }
        for book in books
    ]
    return _answer("public/get-instruments", {"data": rows})


def _tickers(books: Sequence[Book], query: Mapping[str, str], now: float) -> bytes:
    return _answer("public/get-tickers", {"data": [_row(book) for book in books]})


def _answer(method: str, result: Mapping[str, object]) -> bytes:
    return msgspec.json.encode({"id": -1, "method": method, "code": 0, "result": result})


def _row(book: Book) -> dict[str, str | int]:
    return {
        "h": f"{book.high:.12g}",
        "l": f"{book.low:.12g}",
        "a": f"{book.last:.12g}",
        "c": f"{book.last / book.open - 1:.4f}",
        "b": f"{book.bid:.12g}",
        "bs": "1.0000",
        "k": f"{book.ask:.12g}",
        "ks": "1.0000",
        "i": book.symbol,
        "v": f"{book.volume:.12g}",
        "vv": f"{book.volume * book.last:.2f}",
        "oi": "0",
        "t": round(book.time * 1000),
    }


def _hear(frame: str, now: float) -> Heard:
    try:
        request = _REQUEST.decode(frame)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return Heard((_error(-1, "ERROR", 40001, "Bad request", frame),))
    if request.method == "public/respond-heartbeat":
        return Heard()
    if request.method not in ("subscribe", "unsubscribe"):
        return Heard((_error(request.id, request.method, 40002, "Method not found", frame),))
    channels = request.params.channels if request.params else []
    asked = tuple(name.removeprefix("ticker.") for name in channels if name.startswith("ticker."))
    if len(asked) != len(channels) or not asked:
        return Heard((_error(request.id, request.method, 40003, "Unknown channel", frame),))
    confirmed = msgspec.json.encode({"id": request.id, "method": request.method, "code": 0})
    if request.method == "unsubscribe":
        return Heard((confirmed.decode(),), unsubscribe=asked)
    return Heard((confirmed.decode(),), subscribe=asked)


def _error(number: int, method: str, code: int, message: str, original: str) -> str:
    answer = {
        "id": number,
        "method": method,
        "code": code,
        "message": message,
        "original": original.encode(errors="replace").decode(),
    }
    return msgspec.json.encode(answer).decode()


def _say(book: Book) -> bytes:
    return _answer(
        "subscribe",
        {
            "instrument_name": book.symbol,
            "subscription": f"ticker.{book.symbol}",
            "channel": "ticker",
            "data": [_row(book)],
        },
    )


def _heartbeat(now: float) -> bytes:
    return msgspec.json.encode({"id": round(now * 1000), "method": "public/heartbeat", "code": 0})


CRYPTO_COM = Voice(
    name="crypto_com",
    quotes=("USD", "USDT", "EUR", "BTC"),
    breadth=0.3,
    share=0.03,
    symbol=lambda base, quote: f"{base}_{quote}",
    routes=(
        Route("GET", "/exchange/v1/public/get-instruments", _instruments),
        Route("GET", "/exchange/v1/public/get-tickers", _tickers),
    ),
    hear=_hear,
    say=_say,
    heartbeat=_heartbeat,
    heartbeat_every=30.0,
    close_on_silence=40.0,
)
