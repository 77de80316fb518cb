"""OKX as it speaks: spot `instruments` and `tickers`, and the `tickers` channel of API v5."""

from collections.abc import Mapping, Sequence
from math import ceil

import msgspec

from jobs.sandbox.voice import (
    Book,
    Deal,
    Deals,
    DepthRoute,
    Heard,
    HistoryRoute,
    Hour,
    Hours,
    Ladders,
    Route,
    TradesRoute,
    Voice,
    decimal_text,
)

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
        "last": decimal_text(book.last),
        "lastSz": "0.01",
        "askPx": decimal_text(book.ask),
        "askSz": "1",
        "bidPx": decimal_text(book.bid),
        "bidSz": "1",
        "open24h": decimal_text(book.open),
        "high24h": decimal_text(book.high),
        "low24h": decimal_text(book.low),
        "sodUtc0": decimal_text(book.open),
        "sodUtc8": decimal_text(book.open),
        "volCcy24h": decimal_text(book.volume * book.last),
        "vol24h": decimal_text(book.volume),
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
    return [str(hour.time * 1000), *(decimal_text(number) for number in prices), confirm]


def _trades(deals: Deals, query: Mapping[str, str], now: float) -> bytes:
    """Newest first."""
    symbol = query.get("instId", "")
    told = deals(symbol, min(int(query.get("limit", 100)), 500))
    if told is None:
        return b'{"code":"51001","data":[],"msg":"Instrument ID does not exist"}'
    rows = [_trade(deal, symbol) for deal in reversed(told)]
    return msgspec.json.encode({"code": "0", "msg": "", "data": rows})


def _trade(deal: Deal, symbol: str) -> dict[str, str]:
    return {
        "instId": symbol,
        "side": "buy" if deal.buys else "sell",
        "sz": decimal_text(deal.size),
        "source": "0",
        "px": decimal_text(deal.price),
        "tradeId": str(deal.id),
        "ts": str(round(deal.time * 1000)),
    }


def _books(ladders: Ladders, query: Mapping[str, str], now: float) -> bytes:
    """Levels of price, size, a retired number, and how many orders wait there."""
    told = ladders(query.get("instId", ""), min(int(query.get("sz", 1)), 400))
    if told is None:
        return b'{"code":"51001","data":[],"msg":"Instrument ID does not exist"}'
    bids, asks = (
        [(decimal_text(price), decimal_text(size), "0", "1") for price, size in side]
        for side in (told.bids, told.asks)
    )
    book = {"asks": asks, "bids": bids, "ts": str(round(now * 1000)), "seqId": round(now * 1000)}
    return msgspec.json.encode({"code": "0", "msg": "", "data": [book]})


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
    trades=TradesRoute("/api/v5/market/trades", _trades),
    depth=DepthRoute("/api/v5/market/books", _books),
    hear=_hear,
    say=_say,
    close_on_silence=30.0,
)
