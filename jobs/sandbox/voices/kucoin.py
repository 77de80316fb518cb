"""KuCoin as it speaks: a token before the stream, topics, acknowledgements by id."""

from collections.abc import Mapping, Sequence
from zlib import crc32

import msgspec

from jobs.sandbox.voice import Book, Heard, Route, Voice

_TOPIC = "/market/ticker:"
_SYMBOLS_PER_FRAME = 100
# Symbols keep the ticker under which their base was listed first.
_FIRST_LISTED_AS = {"BSV": "BCHSV"}


class _Request(msgspec.Struct):
    type: str
    id: str | int = ""
    topic: str = ""


def _symbol(base: str, quote: str) -> str:
    return f"{_FIRST_LISTED_AS.get(base, base)}-{quote}"


def _bullet(books: Sequence[Book], query: Mapping[str, str], now: float) -> bytes:
    server = {
        "endpoint": "{stream}",
        "encrypt": True,
        "protocol": "websocket",
        "pingInterval": 18000,
        "pingTimeout": 10000,
    }
    token = f"{crc32(repr(now).encode()):08x}=="
    return _success({"token": token, "instanceServers": [server]})


def _symbols(books: Sequence[Book], query: Mapping[str, str], now: float) -> bytes:
    return _success(
        [
            {
                "symbol": book.symbol,
                "name": f"{book.base}-{book.quote}",
                "baseCurrency": book.base,
                "quoteCurrency": book.quote,
                "feeCurrency": book.quote,
                "market": book.quote,
                "baseMinSize": "0.00001",
                "quoteMinSize": "0.1",
                "baseMaxSize": "10000000000",
                "quoteMaxSize": "99999999",
                "baseIncrement": "0.00000001",
                "quoteIncrement": "0.000001",
                "priceIncrement": "0.00000001",
                "priceLimitRate": "0.1",
                "minFunds": "0.1",
                "isMarginEnabled": False,
                "enableTrading": True,
            }
            for book in books
        ]
    )


def _tickers(books: Sequence[Book], query: Mapping[str, str], now: float) -> bytes:
    return _success({"time": round(now * 1000), "ticker": [_row(book) for book in books]})


def _row(book: Book) -> dict[str, str]:
    return {
        "symbol": book.symbol,
        "symbolName": f"{book.base}-{book.quote}",
        "buy": f"{book.bid:.12g}",
        "bestBidSize": "1",
        "sell": f"{book.ask:.12g}",
        "bestAskSize": "1",
        "changeRate": f"{book.last / book.open - 1:.4f}",
        "changePrice": f"{book.last - book.open:.12g}",
        "high": f"{book.high:.12g}",
        "low": f"{book.low:.12g}",
        "vol": f"{book.volume:.8f}",
        "volValue": f"{book.volume * book.last:.12g}",
        "last": f"{book.last:.12g}",
        "averagePrice": f"{(book.open + book.last) / 2:.12g}",
        "takerFeeRate": "0.001",
        "makerFeeRate": "0.001",
        "takerCoefficient": "1",
        "makerCoefficient": "1",
    }


def _success(data: object) -> bytes:
    return msgspec.json.encode({"code": "200000", "data": data})


def _hear(frame: str, now: float) -> Heard:
    try:
        request = msgspec.json.decode(frame, type=_Request)
    except msgspec.MsgspecError:
        return _refusal("", 400, "message is invalid")
    key = str(request.id)
    if request.type == "ping":
        return Heard((msgspec.json.encode({"id": key, "type": "pong"}),))
    if request.type not in {"subscribe", "unsubscribe"}:
        return _refusal(key, 415, "command type is invalid")
    if not request.topic.startswith(_TOPIC):
        return _refusal(key, 404, f"topic {request.topic} is not found")
    symbols = tuple(request.topic.removeprefix(_TOPIC).split(","))
    if len(symbols) > _SYMBOLS_PER_FRAME:
        return _refusal(key, 509, "exceed max subscription count limitation of 100 per time")
    replies = (msgspec.json.encode({"id": key, "type": "ack"}),)
    if request.type == "subscribe":
        return Heard(replies, subscribe=symbols)
    return Heard(replies, unsubscribe=symbols)


def _refusal(key: str, code: int, reason: str) -> Heard:
    answer = {"id": key, "type": "error", "code": code, "data": reason}
    return Heard((msgspec.json.encode(answer),))


def _say(book: Book) -> bytes:
    ticker = {
        "bestAsk": f"{book.ask:.12g}",
        "bestAskSize": "1",
        "bestBid": f"{book.bid:.12g}",
        "bestBidSize": "1",
        "price": f"{book.last:.12g}",
        "sequence": str(book.sequence),
        "size": "0.01",
        "time": round(book.time * 1000),
    }
    return msgspec.json.encode(
        {
            "topic": f"{_TOPIC}{book.symbol}",
            "type": "message",
            "subject": "trade.ticker",
            "data": ticker,
        }
    )


def _welcome(now: float) -> tuple[bytes]:
    return (msgspec.json.encode({"id": f"{crc32(repr(now).encode()):08x}", "type": "welcome"}),)


KUCOIN = Voice(
    name="kucoin",
    quotes=("USDT", "BTC", "USDC", "ETH"),
    breadth=0.75,
    share=0.04,
    symbol=_symbol,
    routes=(
        Route("POST", "/api/v1/bullet-public", _bullet),
        Route("GET", "/api/v2/symbols", _symbols),
        Route("GET", "/api/v1/market/allTickers", _tickers),
    ),
    hear=_hear,
    say=_say,
    greeting=_welcome,
    close_on_silence=28.0,
)
