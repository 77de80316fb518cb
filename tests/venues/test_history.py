"""Past hours as five venues tell them, on payloads written from their documentation."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import pytest

from jobs.venue import FrameError, HistoryCall, HourCandle, Venue
from jobs.venues import VENUES

pytestmark = pytest.mark.unit

HOUR = 3600
SINCE, UNTIL = 1_700_002_800, 1_700_002_800 + 168 * HOUR

FIRST = HourCandle(1_700_002_800, 36_500.5, 36_700.25, 36_400.0, 36_600.75, 12.5)
SECOND = HourCandle(1_700_006_400, 36_600.75, 36_650.0, 36_300.125, 36_310.0, 0.25)


@dataclass(frozen=True)
class Told:
    """What one venue answers for FIRST and SECOND, and how it calls a market."""

    symbol: str
    path: str
    body: bytes
    refusal: bytes
    bad: bytes
    """The same body with a first row that has no price."""


BINANCE = Told(
    symbol="BTCUSDT",
    path="/api/v3/klines?symbol=BTCUSDT&interval=1h&startTime=1700002800000"
    "&endTime=1700607599999&limit=1000",
    body=b'[[1700002800000,"36500.50","36700.25","36400.00","36600.75","12.5",1700006399999,'
    b'"456000.1",308,"6.1","222000.9","0"],'
    b'[1700006400000,"36600.75","36650.00","36300.125","36310.00","0.25",1700009999999,'
    b'"9000.5",12,"0.1","3600.2","0"]]',
    refusal=b'{"code":-1121,"msg":"Invalid symbol."}',
    bad=b'[[1700002800000,null,"36700.25","36400.00","36600.75","12.5",1700006399999],'
    b'[1700006400000,"36600.75","36650.00","36300.125","36310.00","0.25",1700009999999]]',
)
COINBASE = Told(
    symbol="BTC-USD",
    path="/products/BTC-USD/candles?granularity=3600&start=2023-11-14T23:00:00Z"
    "&end=2023-11-21T22:59:59Z",
    body=b"[[1700006400,36300.125,36650,36600.75,36310,0.25],"
    b"[1700002800,36400,36700.25,36500.5,36600.75,12.5]]",
    refusal=b'{"message":"NotFound"}',
    bad=b'[[1700006400,36300.125,36650,36600.75,36310,0.25],[1700002800,"-",36700.25,1,1,1]]',
)
KRAKEN = Told(
    symbol="BTC/USD",
    path="/0/public/OHLC?pair=BTC%2FUSD&interval=60&since=1700002799&assetVersion=1",
    body=b'{"error":[],"result":{"BTC/USD":['
    b'[1700002800,"36500.50","36700.25","36400.0","36600.75","36550.1","12.5",23],'
    b'[1700006400,"36600.75","36650.0","36300.125","36310.0","36400.4","0.25",4],'
    b'[1700010000,"36310.0","36311.0","36309.0","36310.5","36310.2","0.01",1]],'
    b'"last":1700006400}}',
    refusal=b'{"error":["EQuery:Unknown asset pair"]}',
    bad=b'{"error":[],"result":{"BTC/USD":[[1700002800,[],"1","1","1","1","1",1],'
    b'[1700006400,"36600.75","36650.0","36300.125","36310.0","36400.4","0.25",4],'
    b'[1700010000,"36310.0","36311.0","36309.0","36310.5","36310.2","0.01",1]],'
    b'"last":1700006400}}',
)
OKX = Told(
    symbol="BTC-USDT",
    path="/api/v5/market/history-candles?instId=BTC-USDT&bar=1H&after=1700607600000"
    "&before=1700002799999&limit=300",
    body=b'{"code":"0","msg":"","data":['
    b'["1700010000000","36310","36311","36309","36310.5","0.01","363.1","363.1","0"],'
    b'["1700006400000","36600.75","36650","36300.125","36310","0.25","9000","9000","1"],'
    b'["1700002800000","36500.5","36700.25","36400","36600.75","12.5","456000","456000","1"]]}',
    refusal=b'{"code":"51001","data":[],"msg":"Instrument ID does not exist"}',
    bad=b'{"code":"0","msg":"","data":['
    b'["1700006400000","36600.75","36650","36300.125","36310","0.25","9000","9000","1"],'
    b'["1700002800000","","36700.25","36400","36600.75","12.5","456000","456000","1"]]}',
)
BYBIT = Told(
    symbol="BTCUSDT",
    path="/v5/market/kline?category=spot&symbol=BTCUSDT&interval=60&start=1700002800000"
    "&end=1700607599999&limit=1000",
    body=b'{"retCode":0,"retMsg":"OK","result":{"symbol":"BTCUSDT","category":"spot","list":['
    b'["1700006400000","36600.75","36650","36300.125","36310","0.25","9000.5"],'
    b'["1700002800000","36500.5","36700.25","36400","36600.75","12.5","456000.1"]]},'
    b'"retExtInfo":{},"time":1700011000000}',
    refusal=b'{"retCode":10001,"retMsg":"Not supported symbols","result":{},"time":1700011000000}',
    bad=b'{"retCode":0,"retMsg":"OK","result":{"symbol":"BTCUSDT","category":"spot","list":['
    b'["1700006400000","36600.75","36650","36300.125","36310","0.25","9000.5"],'
    b'["1700002800000"]]},"retExtInfo":{},"time":1700011000000}',
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


def history(name: str) -> HistoryCall:
    call = VENUES[name].history
    assert call is not None
    return call


def by_time(candles: Sequence[HourCandle]) -> list[HourCandle]:
    return sorted(candles, key=lambda candle: candle.time)


def test_these_venues_tell_their_past():
    assert {name for name, venue in VENUES.items() if venue.history} == TOLD.keys()


@each_venue
def test_the_documented_answer_gives_exactly_its_closed_hours(name: str, told: Told):
    assert by_time(history(name).parse(told.body)) == [FIRST, SECOND]


@each_venue
def test_a_week_is_asked_for_without_the_running_hour(name: str, told: Told):
    assert history(name).path(told.symbol, SINCE, UNTIL) == told.path


@each_venue
def test_a_bad_row_costs_no_other(name: str, told: Told):
    assert by_time(history(name).parse(told.bad)) == [SECOND]


@each_venue
def test_a_refusal_is_a_typed_error(name: str, told: Told):
    with pytest.raises((FrameError, msgspec.MsgspecError)):
        history(name).parse(told.refusal)


@each_venue
@pytest.mark.parametrize(
    "body", [b"", b"null", b"\xff[]", b"[" * 100_000, b'{"result":{"a":' * 9_000, b'{"data":1}']
)
def test_a_malformed_body_is_a_typed_error(name: str, told: Told, body: bytes):
    with pytest.raises((FrameError, msgspec.MsgspecError)):
        history(name).parse(body)


def test_a_symbol_with_foreign_letters_is_escaped():
    path = history("binance").path("币安人生USDT", SINCE, UNTIL)

    assert "symbol=%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9FUSDT&" in path


def test_kraken_s_empty_answer_has_no_hours():
    body = b'{"error":[],"result":{"BTC/USD":[],"last":0}}'

    assert history("kraken").parse(body) == []


def test_kraken_s_answer_for_two_markets_is_refused():
    with pytest.raises(FrameError, match="not of 2"):
        history("kraken").parse(b'{"error":[],"result":{"A/USD":[],"B/USD":[],"last":0}}')


@pytest.mark.parametrize("venue", [VENUES[name] for name in TOLD], ids=TOLD.keys())
def test_a_week_takes_one_call_that_half_of_the_budget_allows(venue: Venue):
    assert venue.history is not None
    assert venue.history.most >= 168
    assert venue.history.cost <= venue.budget.cost / 2
