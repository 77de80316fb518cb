"""Bybit, on recorded frames and on payloads written from its documentation."""

import gzip
import json
import zlib
from collections.abc import Iterator
from random import Random

import msgspec
import pytest

from app.market.quotes import Quote
from jobs.venue import Ack, Event, FrameError, Listing, Refused, Subscription, Unknown
from jobs.venues.bybit import BYBIT, parse_tickers
from tests.recordings import answers, recorded, samples

CAPTURE = "ws/bybit/2026-08-09_BYBIT.jsonl.gz"

TICKER = (
    b'{"topic":"tickers.BTCUSDT","ts":1673853746003,"type":"snapshot","cs":2588407389,'
    b'"data":{"symbol":"BTCUSDT","lastPrice":"21109.77","highPrice24h":"21426.99",'
    b'"lowPrice24h":"20575","prevPrice24h":"20704.93","volume24h":"6780.866843",'
    b'"turnover24h":"141946527.22907118","price24hPcnt":"0.0196","usdIndexPrice":""}}'
)
BOOK = (
    b'{"topic":"orderbook.1.BTCUSDT","ts":1672304484978,"type":"snapshot",'
    b'"data":{"s":"BTCUSDT","b":[["16493.50","0.006"]],"a":[["16611.00","0.029"]],'
    b'"u":18521288,"seq":7961638724},"cts":1672304484976}'
)
TRADES = (
    b'{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1672304486868,"data":['
    b'{"T":1672304486865,"s":"BTCUSDT","S":"Buy","v":"0.001","p":"16578.50",'
    b'"i":"20f43950-d8dd-5b31-9112-a178eb6023af","BT":false,"seq":1783284617}]}'
)
ACK = (
    b'{"success":true,"ret_msg":"subscribe","conn_id":"2324d924-aa4d-45b0-a858-7b8be29ab52b",'
    b'"req_id":"10001","op":"subscribe"}'
)
PONG = b'{"success":true,"ret_msg":"pong","conn_id":"0970e817-426e","op":"ping"}'
PRICE = Quote(
    "BTCUSDT", 21109.77, volume=6780.866843, turnover=141946527.22907118, time=1673853746.003
)
BEST = Quote("BTCUSDT", bid=16493.5, ask=16611.0, time=1672304484.978)
ROW = (
    b'{"symbol":"BTCUSDT","bid1Price":"20517.96","bid1Size":"2","ask1Price":"20527.77",'
    b'"ask1Size":"1.862172","lastPrice":"20533.13","prevPrice24h":"20393.48",'
    b'"price24hPcnt":"0.0068","highPrice24h":"21128.12","lowPrice24h":"20318.89",'
    b'"turnover24h":"243765620.65899866","volume24h":"11801.27771","usdIndexPrice":""}'
)
SYMBOL = (
    b'{"symbol":"BTCUSDT","baseCoin":"BTC","quoteCoin":"USDT","innovation":"0",'
    b'"status":"Trading","marginTrading":"both"}'
)


def rest(rows: bytes, category: str = "spot") -> bytes:
    result = b'{"category":"' + category.encode() + b'","list":[' + rows + b"]}"
    return b'{"retCode":0,"retMsg":"OK","result":' + result + b',"time":1672376496682}'


def spot_frames() -> Iterator[bytes]:
    """What was recorded from the address of the adapter; the file holds derivatives too."""
    with gzip.open(recorded(CAPTURE), "rt") as lines:
        records = [json.loads(line) for line in lines]
    ours = {record["conn"] for record in records if record.get("addr") == BYBIT.stream_url}
    for record in records:
        if record["t"] == "recv" and record["conn"] in ours:
            yield record["data"].encode()


@pytest.mark.unit
@pytest.mark.parametrize("frame", [TICKER, b" " + TICKER], ids=["at a glance", "by its topic"])
def test_a_ticker_becomes_a_quote_without_a_book(frame: bytes):
    assert repr(BYBIT.parse(frame)) == repr((PRICE,))


@pytest.mark.unit
@pytest.mark.parametrize("frame", [BOOK, b" " + BOOK], ids=["at a glance", "by its topic"])
def test_a_book_becomes_a_quote_without_a_price(frame: bytes):
    assert repr(BYBIT.parse(frame)) == repr((BEST,))


@pytest.mark.unit
def test_an_empty_side_of_the_book_is_not_said():
    (actual,) = BYBIT.parse(BOOK.replace(b'[["16493.50","0.006"]]', b"[]"))

    assert repr(actual) == repr(Quote("BTCUSDT", ask=16611.0, time=1672304484.978))


@pytest.mark.unit
@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (TRADES, [Quote("BTCUSDT", 16578.5, time=1672304486.865)]),
        (TICKER.replace(b"snapshot", b"delta"), [Unknown("tickers delta")]),
        (BOOK.replace(b"snapshot", b"delta"), [Unknown("orderbook.1 delta")]),
        (b'{"type":"snapshot","topic":"kline.1.BTCUSDT","data":[]}', [Unknown("kline.1")]),
        (PONG, []),
        (ACK, [Ack("10001")]),
        (ACK.replace(b'"req_id":"10001",', b""), []),
        (ACK.replace(b'"subscribe"}', b'"unsubscribe"}'), []),
        (
            b'{"success":false,"ret_msg":"Invalid symbol :[tickers.X]","req_id":"7",'
            b'"op":"subscribe"}',
            [Refused("7", "Invalid symbol :[tickers.X]")],
        ),
        (
            b'{"success":false,"ret_msg":"error:already subscribed,topic:tickers.X",'
            b'"req_id":"7","op":"subscribe"}',
            [Ack("7")],
        ),
        (b'{"success":true,"op":"auth"}', [Unknown("auth")]),
    ],
)
def test_every_other_message_gives_these_events(frame: bytes, expected: list[Event]):
    assert repr(list(BYBIT.parse(frame))) == repr(expected)


@pytest.mark.unit
def test_five_markets_are_asked_for_in_one_frame_of_ten_topics():
    symbols = [f"COIN{number}USDT" for number in range(6)]

    first, second = BYBIT.subscribe(symbols)

    key = str(zlib.crc32(b"tickers.COIN5USDT/orderbook.1.COIN5USDT"))
    frame = (
        f'{{"op":"subscribe","req_id":"{key}",'
        '"args":["tickers.COIN5USDT","orderbook.1.COIN5USDT"]}'
    )
    assert second == Subscription(frame, ("COIN5USDT",), (key,))
    assert len(json.loads(first.frame)["args"]) == 10
    assert first.keys == (json.loads(first.frame)["req_id"],)


@pytest.mark.unit
def test_one_bad_row_of_the_market_list_does_not_cost_the_others():
    rows = SYMBOL.replace(b'"BTC"', b"null") + b"," + SYMBOL + b","
    body = rest(rows + SYMBOL.replace(b"Trading", b"Closed").replace(b"BTC", b"ABC"))

    assert BYBIT.parse_markets(body) == [
        Listing("BTCUSDT", "BTC", "USDT", active=True),
        Listing("ABCUSDT", "ABC", "USDT", active=False),
    ]


@pytest.mark.unit
def test_one_bad_row_of_the_tickers_does_not_cost_the_others():
    bad, thin = ROW.replace(b'"20533.13"', b"[]"), ROW.replace(b'"20517.96"', b'""')

    without_bid, whole = parse_tickers(rest(bad + b"," + thin + b"," + ROW))

    expected = Quote(
        "BTCUSDT", 20533.13, 20517.96, 20527.77, 11801.27771, 243765620.65899866, 1672376496.682
    )
    assert repr(whole) == repr(expected)
    assert (without_bid.last, str(without_bid.bid), without_bid.ask) == (20533.13, "nan", 20527.77)


@pytest.mark.unit
def test_lists_of_derivatives_are_left_out():
    assert BYBIT.parse_markets(rest(SYMBOL, "linear")) == []
    assert parse_tickers(rest(ROW, "linear")) == []


@pytest.mark.unit
def test_an_answer_with_another_code_is_no_list():
    body = b'{"retCode":10006,"retMsg":"Too many visits!","result":{},"time":1672376496682}'

    with pytest.raises(FrameError, match="Too many visits!"):
        parse_tickers(body)


@pytest.mark.recorded
def test_the_recorded_spot_frames_give_these_quotes():
    events = [event for frame in spot_frames() for event in BYBIT.parse(frame)]
    quotes = [event for event in events if isinstance(event, Quote)]
    tickers = [quote for quote in quotes if quote.volume > 0]

    assert (len(quotes), len(tickers)) == (101, 81)
    assert repr(quotes[0]) == repr(
        Quote(
            "BTCUSDT",
            65140.5,
            volume=2953.835931,
            turnover=191907024.69597727,
            time=1786310819.126,
        )
    )
    assert repr(tickers[1]) == repr(
        Quote(
            "ETHUSDT",
            1923.27,
            volume=19794.00132,
            turnover=38006188.5189037,
            time=1786310819.415,
        )
    )
    assert {event.kind for event in events if isinstance(event, Unknown)} == {
        "kline.1",
        "orderbook.200",
        "orderbook.200 delta",
    }


@pytest.mark.recorded
def test_the_sampled_book_gives_this_quote():
    (actual,) = BYBIT.parse(samples("map bybit spot messages", "messagesV5")[2])

    assert repr(actual) == repr(Quote("BTCUSDT", bid=28165.07, ask=28165.08, time=1680652806.504))


@pytest.mark.recorded
def test_of_the_recorded_lists_only_the_one_of_spot_gives_markets():
    derivatives, spot = [BYBIT.parse_markets(body) for _, body in answers(CAPTURE)]

    assert (len(derivatives), len(spot)) == (0, 557)
    assert spot[0] == Listing("BTCUSDT", "BTC", "USDT", active=True)


@pytest.mark.unit
@pytest.mark.parametrize("price", ['"2,080.1"', "null", '"NaN?"', "[]"])
def test_a_price_that_is_no_number_is_a_malformed_frame(price: str):
    with pytest.raises(msgspec.MsgspecError):
        BYBIT.parse(TICKER.replace(b'"21109.77"', price.encode()))


@pytest.mark.unit
def test_a_damaged_frame_raises_only_the_two_typed_errors():
    random = Random(1)
    for _ in range(2000):
        frame = bytearray(random.choice([TICKER, BOOK, TRADES, ACK, PONG]))
        at = random.randrange(len(frame))
        frame[at : at + random.randrange(3)] = random.randbytes(random.randrange(3))
        try:
            BYBIT.parse(bytes(frame[: random.randrange(len(frame), 2 * len(frame))]))
        except (FrameError, msgspec.MsgspecError):
            continue
