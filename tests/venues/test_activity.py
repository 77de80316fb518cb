"""Recent trades and order books as five venues tell them, on payloads of their documentation."""

from dataclasses import dataclass
from math import inf

import msgspec
import pytest

from jobs.venue import DepthCall, FrameError, Level, OrderBook, Trade, TradesCall
from jobs.venues import VENUES

pytestmark = pytest.mark.unit

BOOK = OrderBook(
    bids=[Level(36_500.5, 1.25), Level(36_400.0, 2.0)],
    asks=[Level(36_501.0, 0.5), Level(36_600.75, 3.0)],
)
TIMES = (1_700_002_800.125, 1_700_002_801.5)


@dataclass(frozen=True)
class Told:
    """What one venue answers for two trades and BOOK."""

    symbol: str
    ids: tuple[str, str]
    trades_path: str
    trades: bytes
    bad_trades: bytes
    """The same with a first trade that has no price."""
    book_path: str
    book: bytes
    most: float
    refusal: bytes

    @property
    def heard(self) -> list[Trade]:
        """The trades, the newest last."""
        older, newer = zip(self.ids, TIMES, strict=True)
        return [
            Trade(older[0], 36_500.5, 0.125, older[1]),
            Trade(newer[0], 36_501.0, 2.0, newer[1]),
        ]


BINANCE = Told(
    symbol="BTCUSDT",
    ids=("26129", "26130"),
    trades_path="/api/v3/aggTrades?symbol=BTCUSDT&limit=1000",
    trades=b'[{"a":26129,"p":"36500.50","q":"0.12500000","f":27781,"l":27781,"T":1700002800125,'
    b'"m":true,"M":true},{"a":26130,"p":"36501.00","q":"2.00000000","f":27782,"l":27790,'
    b'"T":1700002801500,"m":false,"M":true}]',
    bad_trades=b'[{"a":26129,"p":null,"q":"1","T":1700002800125},'
    b'{"a":26130,"p":"36501.00","q":"2.00000000","T":1700002801500}]',
    book_path="/api/v3/depth?symbol=BTCUSDT&limit=500",
    book=b'{"lastUpdateId":1027024,"bids":[["36500.50","1.25000000"],["36400.00","2.0"]],'
    b'"asks":[["36501.00","0.50000000"],["36600.75","3.0"]]}',
    most=500,
    refusal=b'{"code":-1121,"msg":"Invalid symbol."}',
)
COINBASE = Told(
    symbol="BTC-USD",
    ids=("73", "74"),
    trades_path="/products/BTC-USD/trades?limit=1000",
    trades=b'[{"time":"2023-11-14T23:00:01.5Z","trade_id":74,"price":"36501.00","size":"2.0",'
    b'"side":"buy"},{"time":"2023-11-14T23:00:00.125000Z","trade_id":73,"price":"36500.50",'
    b'"size":"0.12500000","side":"sell"}]',
    bad_trades=b'[{"time":"2023-11-14T23:00:01.5Z","trade_id":74,"price":"36501.00","size":"2.0"},'
    b'{"time":"2023-11-14T23:00:00Z","trade_id":73,"size":"1"}]',
    book_path="/products/BTC-USD/book?level=2",
    book=b'{"bids":[["36500.50","1.25",3],["36400","2",1]],"asks":[["36501","0.5",1],'
    b'["36600.75","3",7]],"sequence":13051505638,"auction_mode":false,"auction":null,'
    b'"time":"2023-11-14T23:00:01.500000Z"}',
    most=inf,
    refusal=b'{"message":"NotFound"}',
)
KRAKEN = Told(
    symbol="BTC/USD",
    ids=("61044952", "61044953"),
    trades_path="/0/public/Trades?pair=BTC%2FUSD&count=1000&assetVersion=1",
    trades=b'{"error":[],"result":{"BTC/USD":['
    b'["36500.50000","0.12500000",1700002800.125,"b","m","",61044952],'
    b'["36501.00000","2.00000000",1700002801.5,"s","l","",61044953]],'
    b'"last":"1700002801500000000"}}',
    bad_trades=b'{"error":[],"result":{"BTC/USD":[["-"],'
    b'["36501.00000","2.00000000",1700002801.5,"s","l","",61044953]],"last":"1"}}',
    book_path="/0/public/Depth?pair=BTC%2FUSD&count=500&assetVersion=1",
    book=b'{"error":[],"result":{"BTC/USD":{"asks":[["36501.00000","0.500",1700002800],'
    b'["36600.75000","3.000",1700002790]],"bids":[["36500.50000","1.250",1700002801],'
    b'["36400.00000","2.000",1700002700]]}}}',
    most=500,
    refusal=b'{"error":["EQuery:Unknown asset pair"]}',
)
OKX = Told(
    symbol="BTC-USDT",
    ids=("242720720", "242720721"),
    trades_path="/api/v5/market/trades?instId=BTC-USDT&limit=500",
    trades=b'{"code":"0","msg":"","data":[{"instId":"BTC-USDT","side":"sell","sz":"2","source":"0",'
    b'"px":"36501","tradeId":"242720721","ts":"1700002801500"},{"instId":"BTC-USDT","side":"buy",'
    b'"sz":"0.125","source":"0","px":"36500.5","tradeId":"242720720","ts":"1700002800125"}]}',
    bad_trades=b'{"code":"0","msg":"","data":[{"sz":"2","px":"36501","tradeId":"242720721",'
    b'"ts":"1700002801500"},{"sz":"2","px":"","tradeId":"242720720","ts":"1700002800125"}]}',
    book_path="/api/v5/market/books?instId=BTC-USDT&sz=400",
    book=b'{"code":"0","msg":"","data":[{"asks":[["36501","0.5","0","1"],["36600.75","3","0","4"]],'
    b'"bids":[["36500.5","1.25","0","2"],["36400","2","0","1"]],"ts":"1700002801500",'
    b'"seqId":3235851742}]}',
    most=400,
    refusal=b'{"code":"51001","data":[],"msg":"Instrument ID does not exist"}',
)
BYBIT = Told(
    symbol="BTCUSDT",
    ids=("2100000000007764263", "2100000000007764264"),
    trades_path="/v5/market/recent-trade?category=spot&symbol=BTCUSDT&limit=60",
    trades=b'{"retCode":0,"retMsg":"OK","result":{"category":"spot","list":['
    b'{"execId":"2100000000007764264","symbol":"BTCUSDT","price":"36501.00","size":"2",'
    b'"side":"Sell","time":"1700002801500","isBlockTrade":false},'
    b'{"execId":"2100000000007764263","symbol":"BTCUSDT","price":"36500.50","size":"0.125",'
    b'"side":"Buy","time":"1700002800125","isBlockTrade":false}]},'
    b'"retExtInfo":{},"time":1700002802000}',
    bad_trades=b'{"retCode":0,"retMsg":"OK","result":{"category":"spot","list":['
    b'{"execId":"2100000000007764264","price":"36501.00","size":"2","time":"1700002801500"},'
    b'{"execId":7}]}}',
    book_path="/v5/market/orderbook?category=spot&symbol=BTCUSDT&limit=200",
    book=b'{"retCode":0,"retMsg":"OK","result":{"s":"BTCUSDT","a":[["36501","0.5"],'
    b'["36600.75","3"]],"b":[["36500.50","1.25"],["36400","2"]],"ts":1700002801500,"u":18521288,'
    b'"seq":7961638724,"cts":1700002801499},"retExtInfo":{},"time":1700002802000}',
    most=200,
    refusal=b'{"retCode":10001,"retMsg":"Not supported symbols","result":{},"time":1700002802000}',
)

TOLD = {
    "binance": BINANCE,
    "binance_us": BINANCE,
    "bybit": BYBIT,
    "coinbase": COINBASE,
    "kraken": KRAKEN,
    "okx": OKX,
}

each_venue = pytest.mark.parametrize(("name", "told"), TOLD.items(), ids=TOLD.keys())


def calls(name: str) -> tuple[TradesCall, DepthCall]:
    trades, depth = VENUES[name].trades, VENUES[name].depth
    assert trades is not None
    assert depth is not None
    return trades, depth


def test_these_venues_tell_their_trades_and_their_books():
    assert {name for name, venue in VENUES.items() if venue.trades} == TOLD.keys()
    assert {name for name, venue in VENUES.items() if venue.depth} == TOLD.keys()


@each_venue
def test_the_documented_trades_come_with_the_newest_last(name: str, told: Told):
    trades, _ = calls(name)

    assert trades.parse(told.trades) == told.heard
    assert trades.path(told.symbol) == told.trades_path


@each_venue
def test_the_documented_book_comes_with_its_best_prices_first(name: str, told: Told):
    _, depth = calls(name)

    assert depth.parse(told.book) == BOOK
    assert depth.path(told.symbol) == told.book_path
    assert depth.most == told.most


@each_venue
def test_a_bad_trade_costs_no_other(name: str, told: Told):
    trades, _ = calls(name)

    assert trades.parse(told.bad_trades) == told.heard[1:]


@each_venue
def test_a_refusal_is_a_typed_error(name: str, told: Told):
    for call in calls(name):
        with pytest.raises((FrameError, msgspec.MsgspecError)):
            call.parse(told.refusal)


@each_venue
@pytest.mark.parametrize(
    "body", [b"", b"null", b"\xff[]", b"[" * 100_000, b'{"result":{"a":' * 9_000, b'{"data":1}']
)
def test_a_malformed_body_is_a_typed_error(name: str, told: Told, body: bytes):
    for call in calls(name):
        with pytest.raises((FrameError, msgspec.MsgspecError)):
            call.parse(body)


def test_derivatives_that_bybit_tells_under_the_same_symbol_are_refused():
    trades, _ = calls("bybit")

    with pytest.raises(FrameError, match="category spot"):
        trades.parse(BYBIT.trades.replace(b'"category":"spot"', b'"category":"linear"'))
