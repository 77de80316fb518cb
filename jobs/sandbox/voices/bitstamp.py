"""Bitstamp as it speaks: `bts:` events, `live_trades_…` channels, pairs and tickers over REST."""

from collections.abc import Mapping, Sequence

import msgspec

from jobs.sandbox.voice import Book, Heard, Route, Voice

_TRADES = "live_trades_"


class _Request(msgspec.Struct):
    class Data(msgspec.Struct):
        channel: str = ""

    event: str
    data: Data = msgspec.field(default_factory=Data)


def _pairs(books: Sequence[Book], query: Mapping[str, str], now: float) -> bytes:
    return msgspec.json.encode(
        [
            {
                "name": f"{book.base}/{book.quote}",
                "url_symbol": book.symbol,
                "base_decimals": 8,
                "counter_decimals": 8,
                "instant_order_counter_decimals": 8,
                "minimum_order": f"10.00 {book.quote}",
                "trading": "Enabled",
                "instant_and_market_orders": "Enabled",
                "description": f"{book.base} / {book.quote}",
            }
            for book in books
        ]
    )


def _tickers(books: Sequence[Book], query: Mapping[str, str], now: float) -> bytes:
    return msgspec.json.encode([_ticker(book, now) for book in books])


def _ticker(book: Book, now: float) -> dict[str, str]:
    return {
        "timestamp": str(int(now)),
        "open": f"{book.open:.12g}",
        "high": f"{book.high:.12g}",
        "low": f"{book.low:.12g}",
        "last": f"{book.last:.12g}",
        "volume": f"{book.volume:.8f}",
        "vwap": f"{(book.open + book.last) / 2:.12g}",
        "bid": f"{book.bid:.12g}",
        "ask": f"{book.ask:.12g}",
        "side": "0",
        "open_24": f"{book.open:.12g}",
        "percent_change_24": f"{100 * (book.last / book.open - 1):.2f}",
        "market_type": "SPOT",
        "pair": f"{book.base}/{book.quote}",
        "market": f"{book.base}/{book.quote}",
    }


def _hear(frame: str, now: float) -> Heard:
    try:
        request = msgspec.json.decode(frame, type=_Request)
    except msgspec.MsgspecError:
        return _refusal("Incorrect JSON format.")
    channel = request.data.channel
    if request.event == "bts:heartbeat":
        return Heard((_event("bts:heartbeat", "", {"status": "success"}),))
    if not channel.startswith(_TRADES):
        return _refusal("Bad subscription string.")
    symbol = (channel.removeprefix(_TRADES),)
    if request.event == "bts:subscribe":
        return Heard((_event("bts:subscription_succeeded", channel, {}),), subscribe=symbol)
    if request.event == "bts:unsubscribe":
        return Heard((_event("bts:unsubscription_succeeded", channel, {}),), unsubscribe=symbol)
    return _refusal("Bad event.")


def _refusal(message: str) -> Heard:
    return Heard((_event("bts:error", "", {"code": None, "message": message}),))


def _event(event: str, channel: str, data: Mapping[str, str | None]) -> bytes:
    return msgspec.json.encode({"event": event, "channel": channel, "data": data})


def _say(book: Book) -> bytes:
    price = f"{book.last:.12g}"
    trade = {
        "id": book.sequence,
        "timestamp": str(int(book.time)),
        "amount": 0.01,
        "amount_str": "0.01000000",
        "price": msgspec.Raw(price.encode()),
        "price_str": price,
        "type": 0,
        "microtimestamp": str(round(book.time * 1e6)),
        "buy_order_id": 2 * book.sequence,
        "sell_order_id": 2 * book.sequence + 1,
    }
    return msgspec.json.encode(
        {"data": trade, "channel": f"{_TRADES}{book.symbol}", "event": "trade"}
    )


BITSTAMP = Voice(
    name="bitstamp",
    quotes=("USD", "EUR", "BTC", "USDT", "USDC", "GBP"),
    breadth=0.12,
    share=0.02,
    symbol=lambda base, quote: f"{base}{quote}".lower(),
    routes=(
        Route("GET", "/api/v2/trading-pairs-info/", _pairs),
        Route("GET", "/api/v2/ticker/", _tickers),
    ),
    hear=_hear,
    say=_say,
)
