"""Kraken as it speaks: `AssetPairs` and `Ticker` with new asset names, and WebSocket v2."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
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

_MOST_HOURS = 720
_OLD_NAMES = {"BTC": "XBT", "DOGE": "XDG"}
"""What REST still says in `altname` and `wsname`, and what WebSocket v2 refuses."""


class _Request(msgspec.Struct):
    class Params(msgspec.Struct, frozen=True):
        channel: str = ""
        symbol: list[str] = []
        event_trigger: str = "trades"

    method: str
    params: Params = Params()
    req_id: int | None = None


def _pairs(books: Sequence[Book], query: Mapping[str, str], now: float) -> bytes:
    return _result(query, {book.symbol: _pair(book) for book in books})


def _pair(book: Book) -> dict[str, object]:
    base, quote = (_OLD_NAMES.get(ticker, ticker) for ticker in (book.base, book.quote))
    return {
        "altname": f"{base}{quote}",
        "wsname": f"{base}/{quote}",
        "aclass_base": "currency",
        "base": book.base,
        "aclass_quote": "currency",
        "quote": book.quote,
        "lot": "unit",
        "cost_decimals": 5,
        "pair_decimals": 8,
        "lot_decimals": 8,
        "lot_multiplier": 1,
        "leverage_buy": [],
        "leverage_sell": [],
        "fees": [],
        "fees_maker": [],
        "fee_volume_currency": "USD",
        "margin_call": 80,
        "margin_stop": 40,
        "ordermin": "0.0001",
        "costmin": "0.5",
        "tick_size": "0.00000001",
        "status": "online",
        "execution_venue": "international",
    }


def _tickers(books: Sequence[Book], query: Mapping[str, str], now: float) -> bytes:
    return _result(query, {book.symbol: _day(book) for book in books})


def _day(book: Book) -> dict[str, object]:
    volume = decimal_text(book.volume)
    return {
        "a": [decimal_text(book.ask), "1", "1.000"],
        "b": [decimal_text(book.bid), "1", "1.000"],
        "c": [decimal_text(book.last), "0.01000000"],
        "v": [decimal_text(book.volume / 2), volume],
        "p": [decimal_text(book.last), decimal_text(book.last)],
        "t": [book.sequence, book.sequence],
        "l": [decimal_text(book.low), decimal_text(book.low)],
        "h": [decimal_text(book.high), decimal_text(book.high)],
        "o": decimal_text(book.open),
    }


def _ohlc(hours: Hours, query: Mapping[str, str], now: float) -> bytes:
    """Oldest first; the last one is the running hour, whatever was asked for."""
    if query.get("interval") != "60":
        return b'{"error":["EGeneral:Invalid arguments"]}'
    symbol, since = query.get("pair", ""), int(query.get("since", 0))
    told = hours(symbol, int(now) - _MOST_HOURS * 3600, ceil(now))
    if told is None:
        return b'{"error":["EQuery:Unknown asset pair"]}'
    kept = [hour for hour in told[:-1] if hour.time > since]
    rows = [_hour(hour) for hour in (*kept, *told[-1:])]
    return _result(query, {symbol: rows, "last": kept[-1].time if kept else since})


def _hour(hour: Hour) -> list[int | str]:
    prices = (hour.open, hour.high, hour.low, hour.close, (hour.high + hour.low) / 2)
    return [hour.time, *(decimal_text(price) for price in prices), decimal_text(hour.volume), 100]


def _trades(deals: Deals, query: Mapping[str, str], now: float) -> bytes:
    """Oldest first; `last` is the time of the newest one in nanoseconds."""
    symbol = query.get("pair", "")
    told = deals(symbol, min(int(query.get("count", 1000)), 1000))
    if told is None:
        return b'{"error":["EQuery:Unknown asset pair"]}'
    last = str(round(told[-1].time * 1e9))
    return _result(query, {symbol: [_trade(deal) for deal in told], "last": last})


def _trade(deal: Deal) -> list[object]:
    side, kind = "b" if deal.buys else "s", "m"
    return [decimal_text(deal.price), decimal_text(deal.size), deal.time, side, kind, "", deal.id]


def _depth(ladders: Ladders, query: Mapping[str, str], now: float) -> bytes:
    symbol = query.get("pair", "")
    told = ladders(symbol, min(int(query.get("count", 100)), 500))
    if told is None:
        return b'{"error":["EQuery:Unknown asset pair"]}'
    bids, asks = (
        [[decimal_text(price), decimal_text(size), int(now)] for price, size in side]
        for side in (told.bids, told.asks)
    )
    return _result(query, {symbol: {"asks": asks, "bids": bids}})


def _result(query: Mapping[str, str], result: Mapping[str, object]) -> bytes:
    """The answer with the asset names of version 1, the only one that is simulated."""
    if query.get("assetVersion") != "1":
        return b'{"error":["EGeneral:Invalid arguments:assetVersion"]}'
    return msgspec.json.encode({"error": [], "result": result})


def _hear(frame: str, now: float) -> Heard:
    try:
        request = msgspec.json.decode(frame, type=_Request)
    except (ValueError, RecursionError):
        return Heard((_answer(None, now, error="Malformed request", success=False),))
    if request.method == "ping":
        return Heard((_answer(request, now),))
    if request.method not in ("subscribe", "unsubscribe"):
        return Heard((_answer(request, now, error="Unsupported method", success=False),))
    if request.params.channel != "ticker":
        return Heard((_answer(request, now, error="Unsupported channel", success=False),))
    listed = tuple(symbol for symbol in request.params.symbol if _is_new_name(symbol))
    replies = tuple(_confirmation(request, symbol, now) for symbol in request.params.symbol)
    if request.method == "subscribe":
        return Heard(replies, subscribe=listed)
    return Heard(replies, unsubscribe=listed)


def _is_new_name(symbol: str) -> bool:
    return "/" in symbol and not set(symbol.split("/")) & set(_OLD_NAMES.values())


def _confirmation(request: _Request, symbol: str, now: float) -> bytes:
    if not _is_new_name(symbol):
        error = f"Currency pair not supported {symbol}"
        return _answer(request, now, error=error, success=False, symbol=symbol)
    trigger = request.params.event_trigger
    result = {"channel": "ticker", "event_trigger": trigger, "snapshot": True, "symbol": symbol}
    return _answer(request, now, result=result, success=True)


def _answer(request: _Request | None, now: float, **parts: object) -> bytes:
    method = request.method if request else ""
    named = {"method": "pong" if method == "ping" else method} if method else {}
    numbered = {"req_id": request.req_id} if request and request.req_id is not None else {}
    times = {"time_in": _time(now), "time_out": _time(now)}
    return msgspec.json.encode(named | parts | times | numbered)


def _say(book: Book) -> bytes:
    row = {
        "symbol": book.symbol,
        "bid": book.bid,
        "bid_qty": 1.0,
        "ask": book.ask,
        "ask_qty": 1.0,
        "last": book.last,
        "volume": book.volume,
        "vwap": book.last,
        "low": book.low,
        "high": book.high,
        "change": book.last - book.open,
        "change_pct": round(100 * (book.last / book.open - 1), 2),
        "trades": book.sequence,
        "timestamp": _time(book.time),
    }
    return msgspec.json.encode({"channel": "ticker", "type": "update", "data": [row]})


def _greeting(now: float) -> tuple[bytes, ...]:
    status = {
        "version": "2.0.10",
        "system": "online",
        "api_version": "v2",
        "connection_id": 9471984923908980762,
    }
    return (msgspec.json.encode({"channel": "status", "type": "update", "data": [status]}),)


def _time(now: float) -> str:
    text = datetime.fromtimestamp(now, UTC).isoformat(timespec="microseconds")
    return text.replace("+00:00", "Z")


KRAKEN = Voice(
    name="kraken",
    quotes=("USD", "EUR", "BTC", "USDT", "GBP"),
    breadth=0.4,
    share=0.06,
    symbol=lambda base, quote: f"{base}/{quote}",
    routes=(
        Route("GET", "/0/public/AssetPairs", _pairs),
        Route("GET", "/0/public/Ticker", _tickers),
    ),
    history=HistoryRoute("/0/public/OHLC", _ohlc),
    trades=TradesRoute("/0/public/Trades", _trades),
    depth=DepthRoute("/0/public/Depth", _depth),
    hear=_hear,
    say=_say,
    greeting=_greeting,
    heartbeat=lambda now: b'{"channel":"heartbeat"}',
    heartbeat_every=1.0,
)
