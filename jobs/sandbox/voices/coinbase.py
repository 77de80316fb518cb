"""Coinbase Exchange as it speaks: `/products`, `/products/stats`, and the ticker channel."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from math import ceil, floor

import msgspec

from jobs.sandbox.voice import (
    Book,
    Deals,
    DepthRoute,
    Heard,
    HistoryRoute,
    Hours,
    Ladders,
    Route,
    TradesRoute,
    Voice,
    decimal_text,
)

_MOST_HOURS = 300


def _products(books: Sequence[Book], query: Mapping[str, str], now: float) -> bytes:
    return msgspec.json.encode(
        [
            {
                "id": book.symbol,
                "base_currency": book.base,
                "quote_currency": book.quote,
                "display_name": f"{book.base}/{book.quote}",
                "status": "online",
                "trading_disabled": False,
            }
            for book in books
        ]
    )


def _stats(books: Sequence[Book], query: Mapping[str, str], now: float) -> bytes:
    return msgspec.json.encode({book.symbol: {"stats_24hour": _day(book)} for book in books})


def _day(book: Book) -> dict[str, str]:
    return {
        "open": f"{book.open:.12g}",
        "high": f"{book.high:.12g}",
        "low": f"{book.low:.12g}",
        "last": f"{book.last:.12g}",
        "volume": f"{book.volume:.8f}",
    }


def _candles(hours: Hours, query: Mapping[str, str], now: float) -> bytes:
    """Newest first: [time, low, high, open, close, volume]; the range is inclusive."""
    if query.get("granularity") != "3600":
        return b'{"message":"Unsupported granularity"}'
    end, start = _time(query.get("end")), _time(query.get("start"))
    if end is None or start is None:
        end, start = now, now - (_MOST_HOURS - 1) * 3600
    if (end - start) / 3600 > _MOST_HOURS:
        return b'{"message":"granularity too small for the requested time range"}'
    told = hours(query["symbol"], ceil(start), floor(end) + 1)
    if told is None:
        return b'{"message":"NotFound"}'
    return msgspec.json.encode(
        [
            (hour.time, hour.low, hour.high, hour.open, hour.close, hour.volume)
            for hour in reversed(told)
        ]
    )


def _trades(deals: Deals, query: Mapping[str, str], now: float) -> bytes:
    """Newest first; the side is that of the order that was waiting."""
    told = deals(query["symbol"], min(int(query.get("limit", 1000)), 1000))
    if told is None:
        return b'{"message":"NotFound"}'
    return msgspec.json.encode(
        [
            {
                "trade_id": deal.id,
                "side": "sell" if deal.buys else "buy",
                "size": decimal_text(deal.size),
                "price": decimal_text(deal.price),
                "time": datetime.fromtimestamp(deal.time, UTC).isoformat().replace("+00:00", "Z"),
            }
            for deal in reversed(told)
        ]
    )


def _book(ladders: Ladders, query: Mapping[str, str], now: float) -> bytes:
    """Level 1 is the best price alone, level 2 all of them, each with its number of orders."""
    told = ladders(query["symbol"], 10_000 if query.get("level") == "2" else 1)
    if told is None:
        return b'{"message":"NotFound"}'
    bids, asks = (
        [(decimal_text(price), decimal_text(size), 1) for price, size in side]
        for side in (told.bids, told.asks)
    )
    book = {"bids": bids, "asks": asks, "sequence": round(now * 1000), "auction_mode": False}
    time = datetime.fromtimestamp(now, UTC).isoformat().replace("+00:00", "Z")
    return msgspec.json.encode(book | {"auction": None, "time": time})


def _time(text: str | None) -> float | None:
    return None if text is None else datetime.fromisoformat(text).timestamp()


def _hear(frame: str, now: float) -> Heard:
    try:
        message = msgspec.json.decode(frame, type=dict[str, object])
        asked = msgspec.convert(message.get("product_ids"), list[str])
    except msgspec.MsgspecError:
        return Heard(('{"type":"error","message":"Malformed JSON"}',))
    if message.get("type") == "unsubscribe":
        return Heard(unsubscribe=tuple(asked))
    answer = {"type": "subscriptions", "channels": [{"name": "ticker", "product_ids": asked}]}
    return Heard((msgspec.json.encode(answer).decode(),), subscribe=tuple(asked))


def _say(book: Book) -> bytes:
    return msgspec.json.encode(
        {
            "type": "ticker",
            "sequence": book.sequence,
            "product_id": book.symbol,
            "price": f"{book.last:.12g}",
            "open_24h": f"{book.open:.12g}",
            "volume_24h": f"{book.volume:.8f}",
            "low_24h": f"{book.low:.12g}",
            "high_24h": f"{book.high:.12g}",
            "volume_30d": f"{book.volume * 30:.8f}",
            "best_bid": f"{book.bid:.12g}",
            "best_bid_size": "1.00000000",
            "best_ask": f"{book.ask:.12g}",
            "best_ask_size": "1.00000000",
            "side": "buy",
            "time": datetime.fromtimestamp(book.time, UTC).isoformat().replace("+00:00", "Z"),
            "trade_id": book.sequence,
            "last_size": "0.01000000",
        }
    )


COINBASE = Voice(
    name="coinbase",
    quotes=("USD", "EUR", "GBP", "BTC"),
    settles={"USD": "USDC"},
    breadth=0.35,
    share=0.12,
    symbol=lambda base, quote: f"{base}-{quote}",
    routes=(Route("GET", "/products", _products), Route("GET", "/products/stats", _stats)),
    history=HistoryRoute("/products/{symbol}/candles", _candles),
    trades=TradesRoute("/products/{symbol}/trades", _trades),
    depth=DepthRoute("/products/{symbol}/book", _book),
    hear=_hear,
    say=_say,
)
