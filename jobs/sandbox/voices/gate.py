"""Gate as it speaks: WebSocket v4 requests with an id, `spot.tickers`, pairs and tickers."""

from collections.abc import Mapping, Sequence

import msgspec

from jobs.sandbox.voice import Book, Heard, Route, Voice


class _Request(msgspec.Struct, omit_defaults=True):
    channel: str
    event: str = ""
    id: int | None = None
    payload: list[str] = []


def _pairs(books: Sequence[Book], query: Mapping[str, str], now: float) -> bytes:
    return msgspec.json.encode(
        [
            {
                "id": book.symbol,
                "base": book.base,
                "base_name": book.base,
                "quote": book.quote,
                "quote_name": book.quote,
                "fee": "0.2",
                "min_quote_amount": "3",
                "max_quote_amount": "5000000",
                "amount_precision": 8,
                "precision": 8,
                "trade_status": "tradable",
                "sell_start": 0,
                "buy_start": 0,
                "type": "normal",
            }
            for book in books
        ]
    )


def _tickers(books: Sequence[Book], query: Mapping[str, str], now: float) -> bytes:
    sizes = {"lowest_size": "1", "highest_size": "1"}
    return msgspec.json.encode([_ticker(book) | sizes for book in books])


def _ticker(book: Book) -> dict[str, str]:
    return {
        "currency_pair": book.symbol,
        "last": f"{book.last:.12g}",
        "lowest_ask": f"{book.ask:.12g}",
        "highest_bid": f"{book.bid:.12g}",
        "change_percentage": f"{100 * (book.last / book.open - 1):.4f}",
        "base_volume": f"{book.volume:.8f}",
        "quote_volume": f"{book.volume * book.last:.12g}",
        "high_24h": f"{book.high:.12g}",
        "low_24h": f"{book.low:.12g}",
    }


def _hear(frame: str, now: float) -> Heard:
    try:
        request = msgspec.json.decode(frame, type=_Request)
    except msgspec.MsgspecError:
        return _refusal(_Request(""), now, 1, "invalid request body format")
    if request.channel == "spot.ping":
        return Heard((_stamped({"channel": "spot.pong", "event": "", "result": None}, now),))
    if request.channel != "spot.tickers":
        return _refusal(request, now, 2, f"unknown channel {request.channel}")
    replies = (_answer(request, now, {"result": {"status": "success"}}),)
    if request.event == "subscribe":
        return Heard(replies, subscribe=tuple(request.payload))
    if request.event == "unsubscribe":
        return Heard(replies, unsubscribe=tuple(request.payload))
    return _refusal(request, now, 2, f"unknown event {request.event}")


def _refusal(request: _Request, now: float, code: int, message: str) -> Heard:
    error = {"error": {"code": code, "message": message}, "result": None}
    return Heard((_answer(request, now, error),))


def _answer(request: _Request, now: float, outcome: Mapping[str, object]) -> bytes:
    """The request comes back with its outcome; the id only if it had one."""
    trace = f"{round(now * 1000):032x}"
    names = {"conn_id": trace[-16:], "trace_id": trace, "requestId": trace}
    return _stamped({**names, **msgspec.to_builtins(request), **outcome}, now)


def _say(book: Book) -> bytes:
    update = {"channel": "spot.tickers", "event": "update", "result": _ticker(book)}
    return _stamped(update, book.time)


def _stamped(message: Mapping[str, object], now: float) -> bytes:
    return msgspec.json.encode({"time": int(now), "time_ms": round(now * 1000), **message})


GATE = Voice(
    name="gate",
    quotes=("USDT", "ETH", "BTC", "USDC"),
    breadth=0.9,
    share=0.06,
    symbol=lambda base, quote: f"{base}_{quote}",
    routes=(
        Route("GET", "/api/v4/spot/currency_pairs", _pairs),
        Route("GET", "/api/v4/spot/tickers", _tickers),
    ),
    hear=_hear,
    say=_say,
)
