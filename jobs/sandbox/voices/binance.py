"""Binance as it speaks: `exchangeInfo`, `ticker/24hr`, and combined `<symbol>@ticker` streams."""

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

_HOUR_MS = 3_600_000
_DAY_MS = 86_400_000


class _Request(msgspec.Struct):
    method: str
    params: list[str] = []
    id: int | str | None = None


def _exchange_info(books: Sequence[Book], query: Mapping[str, str], now: float) -> bytes:
    return msgspec.json.encode(
        {
            "timezone": "UTC",
            "serverTime": round(now * 1000),
            "rateLimits": [
                {
                    "rateLimitType": "REQUEST_WEIGHT",
                    "interval": "MINUTE",
                    "intervalNum": 1,
                    "limit": 6000,
                }
            ],
            "exchangeFilters": [],
            "symbols": [_symbol(book) for book in books],
        }
    )


def _symbol(book: Book) -> dict[str, object]:
    return {
        "symbol": book.symbol,
        "status": "TRADING",
        "baseAsset": book.base,
        "baseAssetPrecision": 8,
        "quoteAsset": book.quote,
        "quotePrecision": 8,
        "quoteAssetPrecision": 8,
        "orderTypes": ["LIMIT", "LIMIT_MAKER", "MARKET", "STOP_LOSS_LIMIT", "TAKE_PROFIT_LIMIT"],
        "icebergAllowed": True,
        "ocoAllowed": True,
        "quoteOrderQtyMarketAllowed": True,
        "allowTrailingStop": True,
        "cancelReplaceAllowed": True,
        "isSpotTradingAllowed": True,
        "isMarginTradingAllowed": False,
        "filters": [],
        "permissions": [],
        "permissionSets": [["SPOT"]],
    }


def _tickers(books: Sequence[Book], query: Mapping[str, str], now: float) -> bytes:
    return msgspec.json.encode([_day(book) for book in books])


def _day(book: Book) -> dict[str, str | int]:
    return {
        "symbol": book.symbol,
        "priceChange": decimal_text(book.last - book.open),
        "priceChangePercent": _percent(book),
        "weightedAvgPrice": decimal_text(book.last),
        "prevClosePrice": decimal_text(book.open),
        "lastPrice": decimal_text(book.last),
        "lastQty": "0.01000000",
        "bidPrice": decimal_text(book.bid),
        "bidQty": "1.00000000",
        "askPrice": decimal_text(book.ask),
        "askQty": "1.00000000",
        "openPrice": decimal_text(book.open),
        "highPrice": decimal_text(book.high),
        "lowPrice": decimal_text(book.low),
        "volume": decimal_text(book.volume),
        "quoteVolume": decimal_text(book.volume * book.last),
        "openTime": round(book.time * 1000) - _DAY_MS,
        "closeTime": round(book.time * 1000),
        "firstId": 0,
        "lastId": book.sequence,
        "count": book.sequence + 1,
    }


def _klines(hours: Hours, query: Mapping[str, str], now: float) -> bytes:
    """Oldest first; from the start, if one is given, and else up to the end."""
    if query.get("interval") != "1h":
        return b'{"code":-1120,"msg":"Invalid interval."}'
    limit = min(int(query.get("limit", 500)), 1000)
    until = int(query.get("endTime", now * 1000)) // 1000 + 1
    since = int(query.get("startTime", (until - limit * 3600) * 1000)) / 1000
    told = hours(query.get("symbol", ""), ceil(since), until)
    if told is None:
        return b'{"code":-1121,"msg":"Invalid symbol."}'
    return msgspec.json.encode([_kline(hour) for hour in told[:limit]])


def _kline(hour: Hour) -> list[int | str]:
    prices = (hour.open, hour.high, hour.low, hour.close)
    traded, half = hour.volume * hour.close, hour.volume / 2
    return [
        hour.time * 1000,
        *(decimal_text(price) for price in prices),
        decimal_text(hour.volume),
        hour.time * 1000 + _HOUR_MS - 1,
        decimal_text(traded),
        100,
        decimal_text(half),
        decimal_text(traded / 2),
        "0",
    ]


def _agg_trades(deals: Deals, query: Mapping[str, str], now: float) -> bytes:
    """Oldest first; every trade is an aggregate of one."""
    told = deals(query.get("symbol", ""), min(int(query.get("limit", 500)), 1000))
    if told is None:
        return b'{"code":-1121,"msg":"Invalid symbol."}'
    return msgspec.json.encode([_agg_trade(deal) for deal in told])


def _agg_trade(deal: Deal) -> dict[str, object]:
    return {
        "a": deal.id,
        "p": decimal_text(deal.price),
        "q": decimal_text(deal.size),
        "f": deal.id,
        "l": deal.id,
        "T": round(deal.time * 1000),
        "m": not deal.buys,
        "M": True,
    }


def _depth(ladders: Ladders, query: Mapping[str, str], now: float) -> bytes:
    told = ladders(query.get("symbol", ""), min(int(query.get("limit", 100)), 5000))
    if told is None:
        return b'{"code":-1121,"msg":"Invalid symbol."}'
    bids, asks = (
        [[decimal_text(price), decimal_text(size)] for price, size in side]
        for side in (told.bids, told.asks)
    )
    return msgspec.json.encode({"lastUpdateId": round(now * 1000), "bids": bids, "asks": asks})


def _hear(frame: str, now: float) -> Heard:
    try:
        request = msgspec.json.decode(frame, type=_Request)
    except msgspec.ValidationError:
        return _refusal(2, "Invalid request: missing field `method` at line 1 column 1")
    except (ValueError, RecursionError):
        return _refusal(3, "Invalid JSON: expected value at line 1 column 1")
    streams = [name.partition("@") for name in request.params]
    symbols = tuple(symbol.upper() for symbol, _, kind in streams if kind == "ticker")
    done = msgspec.json.encode({"result": None, "id": request.id})
    if request.method == "SUBSCRIBE":
        return Heard((done,), subscribe=symbols)
    if request.method == "UNSUBSCRIBE":
        return Heard((done,), unsubscribe=symbols)
    return _refusal(2, f"Invalid request: unknown variant `{request.method}`")


def _refusal(code: int, message: str) -> Heard:
    return Heard((msgspec.json.encode({"code": code, "msg": message}),))


def _say(book: Book) -> bytes:
    time = round(book.time * 1000)
    data = {
        "e": "24hrTicker",
        "E": time,
        "s": book.symbol,
        "p": decimal_text(book.last - book.open),
        "P": _percent(book),
        "w": decimal_text(book.last),
        "x": decimal_text(book.open),
        "c": decimal_text(book.last),
        "Q": "0.01000000",
        "b": decimal_text(book.bid),
        "B": "1.00000000",
        "a": decimal_text(book.ask),
        "A": "1.00000000",
        "o": decimal_text(book.open),
        "h": decimal_text(book.high),
        "l": decimal_text(book.low),
        "v": decimal_text(book.volume),
        "q": decimal_text(book.volume * book.last),
        "O": time - _DAY_MS,
        "C": time,
        "F": 0,
        "L": book.sequence,
        "n": book.sequence + 1,
    }
    return msgspec.json.encode({"stream": f"{book.symbol.lower()}@ticker", "data": data})


def _percent(book: Book) -> str:
    return f"{100 * (book.last / book.open - 1):.3f}"


BINANCE = Voice(
    name="binance",
    quotes=("USDT", "USDC", "BTC", "ETH", "EUR", "TRY"),
    breadth=0.45,
    share=0.38,
    symbol=lambda base, quote: f"{base}{quote}",
    routes=(
        Route("GET", "/api/v3/exchangeInfo", _exchange_info),
        Route("GET", "/api/v3/ticker/24hr", _tickers),
    ),
    history=HistoryRoute("/api/v3/klines", _klines),
    trades=TradesRoute("/api/v3/aggTrades", _agg_trades),
    depth=DepthRoute("/api/v3/depth", _depth),
    hear=_hear,
    say=_say,
)
