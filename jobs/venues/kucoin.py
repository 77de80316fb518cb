"""KuCoin: the `/market/ticker` topic, pushed every 100 ms while a book moves.

The stream address comes from a token call, and volumes only from the REST sweep. A market keeps
its first spelling when its asset is renamed: BCHSV-USDT is a market of BSV.
"""

from collections.abc import Sequence
from typing import Annotated, Literal
from urllib.parse import urlencode
from zlib import crc32

import msgspec

from app.market.quotes import NAN, Quote
from jobs.venue import (
    Ack,
    Budget,
    Call,
    Event,
    FrameError,
    Listing,
    Ping,
    Refused,
    StreamAddress,
    Subscription,
    TokenCall,
    Unknown,
    Venue,
)
from jobs.wire import good_rows, only_typed_errors

_SYMBOLS_PER_FRAME = 100


class _Ticker(msgspec.Struct, gc=False):
    class Data(msgspec.Struct, gc=False, rename="camel"):
        price: float
        best_bid: float | None
        best_ask: float | None
        sequence: int
        time: float

    subject: Literal["trade.ticker"]
    topic: str
    data: Data


class _Message(msgspec.Struct):
    type: str
    id: str = ""
    topic: str = ""
    subject: str = ""
    code: int = 0
    data: msgspec.Raw = msgspec.Raw(b"null")


class _Match(msgspec.Struct):
    symbol: str
    price: float
    time: float


class _Symbol(msgspec.Struct, rename="camel"):
    symbol: str
    base_currency: str
    quote_currency: str
    enable_trading: bool


class _Symbols(msgspec.Struct):
    data: msgspec.Raw


class _Row(msgspec.Struct, rename="camel"):
    symbol: str
    last: float
    buy: float | None = None
    sell: float | None = None
    vol: float = NAN
    vol_value: float = NAN


class _Tickers(msgspec.Struct):
    class Data(msgspec.Struct):
        ticker: msgspec.Raw
        time: float = NAN

    data: Data


class _Bullet(msgspec.Struct):
    class Data(msgspec.Struct, rename="camel"):
        class Server(msgspec.Struct, rename="camel"):
            endpoint: str
            ping_interval: Annotated[float, msgspec.Meta(gt=0)]

        token: str
        instance_servers: Annotated[list[Server], msgspec.Meta(min_length=1)]

    data: Data


_TICKER = msgspec.json.Decoder(_Ticker, strict=False)
_MESSAGE = msgspec.json.Decoder(_Message, strict=False)
_MATCH = msgspec.json.Decoder(_Match, strict=False)
_TEXT = msgspec.json.Decoder(str)
_SYMBOLS = msgspec.json.Decoder(_Symbols)
_SYMBOL = msgspec.json.Decoder(_Symbol)
_SYMBOL_LIST = msgspec.json.Decoder(list[_Symbol])
_TICKERS = msgspec.json.Decoder(_Tickers, strict=False)
_ROW = msgspec.json.Decoder(_Row, strict=False)
_ROWS = msgspec.json.Decoder(list[_Row], strict=False)
_BULLET = msgspec.json.Decoder(_Bullet, strict=False)


def subscribe(symbols: Sequence[str]) -> list[Subscription]:
    """One frame a hundred markets: the venue silently ignores what goes beyond."""
    return [
        _subscription(tuple(symbols[start : start + _SYMBOLS_PER_FRAME]))
        for start in range(0, len(symbols), _SYMBOLS_PER_FRAME)
    ]


def parse(frame: bytes) -> Sequence[Event]:
    """A ticker gives last price, best bid and best ask; its market is named in the topic only."""
    try:
        ticker = _TICKER.decode(frame)
    except (msgspec.ValidationError, UnicodeDecodeError, RecursionError):
        return _other(frame)
    data = ticker.data
    return (
        Quote(
            ticker.topic.removeprefix("/market/ticker:"),
            data.price,
            data.best_bid or NAN,
            data.best_ask or NAN,
            NAN,
            NAN,
            data.time / 1000,
            data.sequence,
        ),
    )


@only_typed_errors
def parse_token(body: bytes) -> StreamAddress:
    """Where to connect; the connection id is unique because the token is."""
    data = _BULLET.decode(body).data
    server = data.instance_servers[0]
    query = urlencode({"token": data.token, "connectId": crc32(data.token.encode())})
    # Half of the interval leaves room for one lost ping before the venue hangs up.
    return StreamAddress(f"{server.endpoint}?{query}", server.ping_interval / 2000)


@only_typed_errors
def parse_markets(body: bytes) -> list[Listing]:
    """The `/symbols` list, of either version of the API."""
    rows = good_rows(_SYMBOL_LIST, _SYMBOL, _SYMBOLS.decode(body).data)
    return [
        Listing(row.symbol, row.base_currency, row.quote_currency, row.enable_trading)
        for row in rows
    ]


@only_typed_errors
def parse_tickers(body: bytes) -> list[Quote]:
    """The `allTickers` snapshot; all rows share its time."""
    data = _TICKERS.decode(body).data
    return [
        Quote(
            row.symbol,
            row.last,
            row.buy or NAN,
            row.sell or NAN,
            row.vol,
            row.vol_value,
            data.time / 1000,
        )
        for row in good_rows(_ROWS, _ROW, data.ticker)
    ]


def _subscription(symbols: tuple[str, ...]) -> Subscription:
    topic = f"/market/ticker:{','.join(symbols)}"
    key = str(crc32(topic.encode()))
    frame = {
        "id": key,
        "type": "subscribe",
        "topic": topic,
        "privateChannel": False,
        "response": True,
    }
    return Subscription(msgspec.json.encode(frame).decode(), symbols, (key,))


@only_typed_errors
def _other(frame: bytes) -> Sequence[Event]:
    message = _MESSAGE.decode(frame)
    if message.type == "ack":
        return (Ack(message.id),)
    if message.type == "error":
        return (Refused(message.id, f"{message.code}: {_TEXT.decode(message.data)}"),)
    if message.type in {"welcome", "pong"}:
        return ()
    if message.subject == "trade.ticker":
        raise FrameError("a ticker must carry topic, price, bestBid, bestAsk, sequence and time")
    if message.subject == "trade.l3match":
        # Its sequence counts trades, the ticker's counts book changes, so it is left out.
        match = _MATCH.decode(message.data)
        return (Quote(match.symbol, match.price, time=match.time / 1e9),)
    return (Unknown(message.topic.partition(":")[0] or message.type),)


KUCOIN = Venue(
    name="kucoin",
    title="KuCoin",
    operator="kucoin",
    docs="https://www.kucoin.com/docs-new/websocket-api/base-info/introduction",
    home="https://www.kucoin.com",
    stream_url="wss://ws-api-spot.kucoin.com",
    rest_url="https://api.kucoin.com",
    markets=Call("/api/v2/symbols", every=3600, cost=4),
    parse_markets=parse_markets,
    tickers=Call("/api/v1/market/allTickers", every=30, cost=15),
    parse_tickers=parse_tickers,
    subscribe=subscribe,
    parse=parse,
    budget=Budget(cost=2000, seconds=30.0),
    recorded_as=("KUCOIN",),
    aliases={"BCHSV": "BSV"},
    token=TokenCall("/api/v1/bullet-public", parse_token),
    ping=Ping('{"id":"1","type":"ping"}', every=9.0),
    symbols_per_connection=300,
    # The connection counts only after the welcome message, which comes within milliseconds.
    settle_seconds=1.0,
    silence_after=20.0,
)
