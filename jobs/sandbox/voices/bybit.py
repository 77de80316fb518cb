"""Bybit v5 spot as it speaks: instruments and tickers, and the topics of price and of book."""

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

_TOPICS_PER_REQUEST = 10
_CONNECTION = "d9avt8shteepr00gfc1g-4zd1x"


class _Request(msgspec.Struct):
    op: str
    args: list[str] = []
    req_id: str = ""


def _instruments(books: Sequence[Book], query: Mapping[str, str], now: float) -> bytes:
    return _answer(query, [_instrument(book) for book in books], now)


def _instrument(book: Book) -> dict[str, object]:
    return {
        "symbol": book.symbol,
        "baseCoin": book.base,
        "quoteCoin": book.quote,
        "innovation": "0",
        "status": "Trading",
        "marginTrading": "none",
        "stTag": "0",
        "lotSizeFilter": {
            "basePrecision": "0.000001",
            "quotePrecision": "0.0000001",
            "minOrderQty": "0.000001",
            "maxOrderQty": "230",
            "minOrderAmt": "5",
            "maxOrderAmt": "8000000",
        },
        "priceFilter": {"tickSize": "0.00000001"},
        "riskParameters": {"priceLimitRatioX": "0.05", "priceLimitRatioY": "0.1"},
        "symbolType": "",
    }


def _tickers(books: Sequence[Book], query: Mapping[str, str], now: float) -> bytes:
    return _answer(query, [_day(book) | _best(book) for book in books], now)


def _day(book: Book) -> dict[str, str]:
    return {
        "symbol": book.symbol,
        "lastPrice": decimal_text(book.last),
        "highPrice24h": decimal_text(book.high),
        "lowPrice24h": decimal_text(book.low),
        "prevPrice24h": decimal_text(book.open),
        "volume24h": decimal_text(book.volume),
        "turnover24h": decimal_text(book.volume * book.last),
        "price24hPcnt": f"{book.last / book.open - 1:.4f}",
        "usdIndexPrice": "",
    }


def _best(book: Book) -> dict[str, str]:
    return {
        "bid1Price": decimal_text(book.bid),
        "bid1Size": "1",
        "ask1Price": decimal_text(book.ask),
        "ask1Size": "1",
    }


def _answer(query: Mapping[str, str], rows: Sequence[object], now: float) -> bytes:
    time = round(now * 1000)
    if query.get("category") != "spot":
        return _refused("params error: Category is invalid", now)
    result = {"category": "spot", "list": rows}
    answer = {"retCode": 0, "retMsg": "OK", "result": result, "retExtInfo": None, "time": time}
    return msgspec.json.encode(answer)


def _kline(hours: Hours, query: Mapping[str, str], now: float) -> bytes:
    """Newest first."""
    if query.get("interval") != "60":
        return _refused("Invalid period!", now)
    limit = min(int(query.get("limit", 200)), 1000)
    until = int(query.get("end", now * 1000)) // 1000 + 1
    since = int(query.get("start", (until - limit * 3600) * 1000)) / 1000
    told = hours(query.get("symbol", ""), ceil(since), until)
    if told is None:
        return _refused("Not supported symbols", now)
    rows = [_hour(hour) for hour in reversed(told)][:limit]
    return _answer(query, rows, now)


def _hour(hour: Hour) -> list[str]:
    numbers = (hour.open, hour.high, hour.low, hour.close, hour.volume, hour.volume * hour.close)
    return [str(hour.time * 1000), *(decimal_text(number) for number in numbers)]


def _recent_trade(deals: Deals, query: Mapping[str, str], now: float) -> bytes:
    """Newest first, and of a spot market no more than 60."""
    symbol = query.get("symbol", "")
    told = deals(symbol, min(int(query.get("limit", 60)), 60))
    if told is None:
        return _refused("Not supported symbols", now)
    return _answer(query, [_trade(deal, symbol) for deal in reversed(told)], now)


def _trade(deal: Deal, symbol: str) -> dict[str, object]:
    return {
        "execId": str(2_100_000_000_000_000_000 + deal.id),
        "symbol": symbol,
        "price": decimal_text(deal.price),
        "size": decimal_text(deal.size),
        "side": "Buy" if deal.buys else "Sell",
        "time": str(round(deal.time * 1000)),
        "isBlockTrade": False,
        "isRPITrade": False,
        "seq": str(deal.id),
    }


def _orderbook(ladders: Ladders, query: Mapping[str, str], now: float) -> bytes:
    symbol, time = query.get("symbol", ""), round(now * 1000)
    told = ladders(symbol, min(int(query.get("limit", 1)), 200))
    if told is None or query.get("category") != "spot":
        return _refused("Not supported symbols", now)
    bids, asks = (
        [(decimal_text(price), decimal_text(size)) for price, size in side]
        for side in (told.bids, told.asks)
    )
    result = {"s": symbol, "a": asks, "b": bids, "ts": time, "u": time, "seq": time, "cts": time}
    answer = {"retCode": 0, "retMsg": "OK", "result": result, "retExtInfo": dict[str, str]()}
    return msgspec.json.encode(answer | {"time": time})


def _refused(message: str, now: float) -> bytes:
    refusal = {"retCode": 10001, "retMsg": message, "result": dict[str, str]()}
    return msgspec.json.encode(refusal | {"time": round(now * 1000)})


def _hear(frame: str, now: float) -> Heard:
    try:
        request = msgspec.json.decode(frame, type=_Request)
    except (ValueError, RecursionError):
        return Heard((_told(None, "Failed to decode incoming data", success=False),))
    if request.op == "ping":
        return Heard((_told(request, "pong", success=True),))
    if request.op not in ("subscribe", "unsubscribe"):
        return Heard((_told(request, "error:invalid op", success=False),))
    if len(request.args) > _TOPICS_PER_REQUEST:
        return Heard((_told(request, "args size >10", success=False),))
    reply = (_told(request, request.op, success=True),)
    # A market is told on both topics in turn, so asking for one of them asks for the market.
    symbols = tuple(dict.fromkeys(topic.rpartition(".")[2] for topic in request.args))
    if request.op == "subscribe":
        return Heard(reply, subscribe=symbols)
    return Heard(reply, unsubscribe=symbols)


def _told(request: _Request | None, message: str, *, success: bool) -> bytes:
    answer: dict[str, object] = {"success": success, "ret_msg": message, "conn_id": _CONNECTION}
    if request and request.req_id:
        answer["req_id"] = request.req_id
    return msgspec.json.encode(answer | {"op": request.op if request else ""})


def _say(book: Book) -> bytes:
    """One of the two topics: the price where the sequence number is odd, else the book."""
    time = round(book.time * 1000)
    if book.sequence % 2:
        message = {"topic": f"tickers.{book.symbol}", "ts": time, "type": "snapshot"}
        return msgspec.json.encode(message | {"cs": book.sequence, "data": _day(book)})
    best = {
        "s": book.symbol,
        "b": [[decimal_text(book.bid), "1"]],
        "a": [[decimal_text(book.ask), "1"]],
        "u": book.sequence,
        "seq": book.sequence,
    }
    message = {"topic": f"orderbook.1.{book.symbol}", "ts": time, "type": "snapshot"}
    return msgspec.json.encode(message | {"data": best, "cts": time})


BYBIT = Voice(
    name="bybit",
    quotes=("USDT", "USDC", "BTC", "EUR"),
    breadth=0.45,
    share=0.13,
    symbol=lambda base, quote: f"{base}{quote}",
    routes=(
        Route("GET", "/v5/market/instruments-info", _instruments),
        Route("GET", "/v5/market/tickers", _tickers),
    ),
    history=HistoryRoute("/v5/market/kline", _kline),
    trades=TradesRoute("/v5/market/recent-trade", _recent_trade),
    depth=DepthRoute("/v5/market/orderbook", _orderbook),
    hear=_hear,
    say=_say,
    close_on_silence=600.0,
)
