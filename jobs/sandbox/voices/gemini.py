"""Gemini as it speaks: `/v1/symbols`, `/v1/pricefeed`, and market data v2 without its books."""

from collections.abc import Mapping, Sequence

import msgspec

from jobs.sandbox.voice import Book, Heard, Route, Voice


class _Request(msgspec.Struct):
    class Feed(msgspec.Struct):
        name: str
        symbols: list[str]

    type: str
    subscriptions: list[Feed]


_REQUEST = msgspec.json.Decoder(_Request)


def _symbols(books: Sequence[Book], query: Mapping[str, str], now: float) -> bytes:
    return msgspec.json.encode([book.symbol.lower() for book in books])


def _prices(books: Sequence[Book], query: Mapping[str, str], now: float) -> bytes:
    return msgspec.json.encode(
        [
            {
                "pair": book.symbol,
                "price": f"{book.last:.12g}",
                "percentChange24h": f"{book.last / book.open - 1:.4f}",
            }
            for book in books
        ]
    )


def _hear(frame: str, now: float) -> Heard:
    try:
        request = _REQUEST.decode(frame)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return _refusal("InvalidJson")
    feeds = [feed for feed in request.subscriptions if feed.name == "l2"]
    # The real feed does not know its own symbols in lower case.
    asked = tuple(symbol for feed in feeds for symbol in feed.symbols if symbol.isupper())
    if not asked:
        return _refusal("NoValidTradingPairs")
    if request.type == "unsubscribe":
        return Heard(unsubscribe=asked)
    return Heard(subscribe=asked)


def _refusal(reason: str) -> Heard:
    return Heard((msgspec.json.encode({"reason": reason, "result": "error"}).decode(),))


def _say(book: Book) -> bytes:
    return msgspec.json.encode(
        {
            "type": "trade",
            "symbol": book.symbol,
            "event_id": book.sequence,
            "timestamp": round(book.time * 1000),
            "price": f"{book.last:.12g}",
            "quantity": "0.01",
            "side": "buy" if book.sequence % 2 else "sell",
            "tid": book.sequence,
        }
    )


def _heartbeat(now: float) -> bytes:
    return msgspec.json.encode({"type": "heartbeat", "timestamp": round(now * 1000)})


GEMINI = Voice(
    name="gemini",
    quotes=("USD", "EUR", "GBP", "BTC"),
    breadth=0.06,
    share=0.01,
    symbol=lambda base, quote: f"{base}{quote}".upper(),
    routes=(Route("GET", "/v1/symbols", _symbols), Route("GET", "/v1/pricefeed", _prices)),
    hear=_hear,
    say=_say,
    heartbeat=_heartbeat,
    heartbeat_every=5.0,
)
