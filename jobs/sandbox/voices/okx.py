"""OKX as it speaks: spot `instruments` and `tickers`, and the `tickers` channel of API v5."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import ceil

import msgspec

from jobs.sandbox.voice import Book, Heard, HistoryRoute, Hour, Hours, Route, Voice

_CONNECTION = "a4d3ae55"


class _Request(msgspec.Struct):
    class Arg(msgspec.Struct, rename={"symbol": "instId"}):
        channel: str
        symbol: str = ""

    op: str
    args: list[Arg]


def _instruments(books: Sequence[Book], query: Mapping[str, str], now: float) -> bytes:
    return _answer(query, [_instrument(book) for book in books])


def _instrument(book: Book) -> dict[str, str]:
    return {
        "alias": "",
        "auctionEndTime": "",
        "baseCcy": book.base,
        "category": "1",
        "ctMult": "",
        "ctType": "",
        "ctVal": "",
        "ctValCcy": "",
        "expTime": "",
        "instFamily": "",
        "instId": book.symbol,
        "instType": "SPOT",
        "lever": "",
        "listTime": "1548133413000",
        "lotSz": "0.00000001",
        "maxLmtSz": "9999999999",
        "maxMktSz": "1000000",
        "minSz": "0.00001",
        "optType": "",
        "quoteCcy": book.quote,
        "ruleType": "normal",
        "settleCcy": "",
        "state": "live",
        "stk": "",
        "tickSz": "0.00000001",
        "uly": "",
    }


def _tickers(books: Sequence[Book], query: Mapping[str, str], now: float) -> bytes:
    return _answer(query, [_day(book) for book in books])


def _day(book: Book) -> dict[str, str]:
    return {
        "instType": "SPOT",
        "instId": book.symbol,
        "last": _text(book.last),
        "lastSz": "0.01",
        "askPx": _text(book.ask),
        "askSz": "1",
        "bidPx": _text(book.bid),
        "bidSz": "1",
        "open24h": _text(book.open),
        "high24h": _text(book.high),
        "low24h": _text(book.low),
        "sodUtc0": _text(book.open),
        "sodUtc8": _text(book.open),
        "volCcy24h": _text(book.volume * book.last),
        "vol24h": _text(book.volume),
        "ts": str(round(book.time * 1000)),
    }


def _answer(query: Mapping[str, str], rows: list[dict[str, str]]) -> bytes:
    if query.get("instType") != "SPOT":
        return b'{"code":"51000","data":[],"msg":"Parameter instType  error"}'
    return msgspec.json.encode({"code": "0", "data": rows, "msg": ""})


def _candles(hours: Hours, query: Mapping[str, str], now: float) -> bytes:
    """Newest first: earlier than `after` and later than `before`, both exclusive."""
    if query.get("bar") != "1H":
        return b'{"code":"51000","data":[],"msg":"Parameter bar error"}'
    limit = min(int(query.get("limit", 100)), 300)
    until = int(query.get("after", now * 1000))
    since = int(query.get("before", until - limit * 3_600_000)) + 1
    told = hours(query.get("instId", ""), ceil(since / 1000), ceil(until / 1000))
    if told is None:
        return b'{"code":"51001","data":[],"msg":"Instrument ID does not exist"}'
    rows = [_candle(hour, now) for hour in reversed(told)][:limit]
    return msgspec.json.encode({"code": "0", "msg": "", "data": rows})


def _candle(hour: Hour, now: float) -> list[str]:
    traded = hour.volume * hour.close
    prices = (hour.open, hour.high, hour.low, hour.close, hour.volume, traded, traded)
    confirm = "1" if hour.time + 3600 <= now else "0"
    return [str(hour.time * 1000), *(_text(number) for number in prices), confirm]


def _hear(frame: str, now: float) -> Heard:
    if frame == "ping":
        return Heard(("pong",))
    try:
        request = msgspec.json.decode(frame, type=_Request)
    except (ValueError, RecursionError):
        return Heard((_error("60012", f"Invalid request: {frame[:100]!a}"),))
    if request.op not in ("subscribe", "unsubscribe"):
        return Heard((_error("60012", f"Invalid request: {frame[:100]!a}"),))
    asked = [arg for arg in request.args if arg.channel == "tickers" and arg.symbol]
    symbols = tuple(arg.symbol for arg in asked)
    replies = tuple(_confirmation(request.op, arg) for arg in request.args)
    if request.op == "subscribe":
        return Heard(replies, subscribe=symbols)
    return Heard(replies, unsubscribe=symbols)


def _confirmation(op: str, arg: _Request.Arg) -> bytes:
    if arg.channel == "tickers" and arg.symbol:
        return msgspec.json.encode({"event": op, "arg": arg, "connId": _CONNECTION})
    named = f"Wrong URL or channel:{arg.channel},instId:{arg.symbol} doesn't exist."
    advice = "Please use the correct URL, channel and parameters referring to API document."
    return _error("60018", f"{named} {advice}")


def _error(code: str, message: str) -> bytes:
    frame = {"event": "error", "code": code, "msg": message, "connId": _CONNECTION}
    return msgspec.json.encode(frame)


def _say(book: Book) -> bytes:
    arg = {"channel": "tickers", "instId": book.symbol}
    return msgspec.json.encode({"arg": arg, "data": [_day(book)]})


def _text(number: float) -> str:
    """All digits of the number, never with an exponent."""
    text = repr(number)
    return format(Decimal(text), "f") if "e" in text else text


OKX = Voice(
    name="okx",
    quotes=("USDT", "USDC", "BTC", "EUR"),
    breadth=0.4,
    share=0.12,
    symbol=lambda base, quote: f"{base}-{quote}",
    routes=(
        Route("GET", "/api/v5/public/instruments", _instruments),
        Route("GET", "/api/v5/market/tickers", _tickers),
    ),
    history=HistoryRoute("/api/v5/market/history-candles", _candles),
    hear=_hear,
    say=_say,
    close_on_silence=30.0,
)
