"""Kraken, on recorded frames and on payloads written from its documentation."""

import gzip
import json
from datetime import date
from random import Random

import msgspec
import pytest

from app.market.quotes import Quote
from jobs.venue import Ack, Event, FrameError, Listing, Refused, Renew, Subscription, Unknown
from jobs.venues.kraken import KRAKEN, parse_tickers, parse_v1
from tests.recordings import answers, frames, recorded, samples

RECORDED_ON = date(2021, 4, 17)
TICKERS = "ws/kraken/2021-04-17_KRAKEN.ws.49.0.log.gz"
TRADES = "ws/kraken/2021-04-17_KRAKEN.ws.48.0.log.gz"

TICKER = (
    b'{"channel":"ticker","type":"update","data":[{"symbol":"ALGO/USD","bid":0.10025,'
    b'"bid_qty":740.0,"ask":0.10035,"ask_qty":740.0,"last":0.10034,"volume":997038.98383185,'
    b'"vwap":0.10148,"low":0.09979,"high":0.10285,"change":-0.00017,"change_pct":-0.17,'
    b'"trades":1205,"timestamp":"2023-09-25T09:04:31.742648Z"}]}'
)
TRADE = (
    b'{"channel":"trade","type":"update","data":[{"symbol":"BTC/USD","side":"buy",'
    b'"price":100.1,"qty":0.25,"trade_id":123,"timestamp":"2026-07-10T00:00:00.123456Z"}]}'
)
STATUS = (
    b'{"channel":"status","type":"update","data":[{"version":"2.0.10","system":"online",'
    b'"api_version":"v2","connection_id":13834774380200032777}]}'
)
ACK = (
    b'{"method":"subscribe","result":{"channel":"ticker","event_trigger":"bbo",'
    b'"snapshot":true,"symbol":"BTC/USD"},"success":true,'
    b'"time_in":"2023-09-25T09:04:31.742599Z","time_out":"2023-09-25T09:04:31.742648Z"}'
)
REFUSAL = (
    b'{"error":"Currency pair not supported XBT/USD","method":"subscribe","success":false,'
    b'"symbol":"XBT/USD","time_in":"2023-09-25T09:04:31.742599Z",'
    b'"time_out":"2023-09-25T09:04:31.742648Z"}'
)
DAY = (
    b'{"a":["52609.60000","1","1.000"],"b":["52609.50000","1","1.000"],'
    b'"c":["52641.10000","0.00080000"],"v":["1920.83610601","7954.00219674"],'
    b'"p":["52389.94668","54022.90683"],"t":[23329,80463],"l":["51513.90000","51513.90000"],'
    b'"h":["53219.90000","57200.00000"],"o":"52280.40000"}'
)
PAIR = (
    b'{"altname":"XBTUSD","wsname":"XBT/USD","aclass_base":"currency","base":"BTC",'
    b'"aclass_quote":"currency","quote":"USD","lot":"unit","status":"online",'
    b'"execution_venue":"international"}'
)


@pytest.mark.unit
def test_a_ticker_becomes_one_quote():
    (actual,) = KRAKEN.parse(TICKER)

    expected = Quote("ALGO/USD", 0.10034, 0.10025, 0.10035, 997038.98383185, time=1695632671.742648)
    assert repr(actual) == repr(expected)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (b'{"symbol":"A/USD","bid":1.5,"ask":1.6}', Quote("A/USD", bid=1.5, ask=1.6)),
        (
            b'{"symbol":"A/USD","bid":0,"ask":0,"timestamp":"1970-01-01T00:00:00.000000Z"}',
            Quote("A/USD", time=0.0),
        ),
    ],
)
def test_what_a_ticker_does_not_say_is_left_open(row: bytes, expected: Quote):
    (actual,) = KRAKEN.parse(b'{"channel":"ticker","type":"update","data":[' + row + b"]}")

    assert repr(actual) == repr(expected)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (TRADE, [Quote("BTC/USD", 100.1, time=1783641600.123456)]),
        (b'{"channel":"heartbeat"}', []),
        (STATUS, []),
        (STATUS.replace(b"online", b"post_only"), []),
        (STATUS.replace(b"online", b"maintenance"), [Renew("maintenance")]),
        (STATUS.replace(b"online", b"cancel_only"), [Renew("cancel_only")]),
        (ACK, [Ack("BTC/USD")]),
        (ACK.replace(b"ticker", b"book"), [Unknown("subscribe")]),
        (REFUSAL, [Refused("XBT/USD", "Currency pair not supported XBT/USD")]),
        (b'{"method":"pong","req_id":42}', []),
        (b'{"method":"unsubscribe","success":true}', []),
        (b'{"channel":"book","type":"update","data":[]}', [Unknown("book")]),
        (b"{}", [Unknown("message")]),
    ],
)
def test_every_other_message_gives_these_events(frame: bytes, expected: list[Event]):
    assert repr(list(KRAKEN.parse(frame))) == repr(expected)


@pytest.mark.unit
def test_all_markets_are_asked_for_in_one_frame():
    frame = (
        '{"method":"subscribe","params":{"channel":"ticker","symbol":["BTC/USD","ETH/EUR"],'
        '"event_trigger":"bbo"}}'
    )

    assert KRAKEN.subscribe(["BTC/USD", "ETH/EUR"]) == [
        Subscription(frame, ("BTC/USD", "ETH/EUR"), ("BTC/USD", "ETH/EUR"))
    ]


@pytest.mark.unit
def test_the_market_list_names_the_markets_as_the_stream_does():
    body = (
        b'{"error":[],"result":{"BTC/USD":'
        + PAIR
        + b',"BAD/USD":{"base":1},"BTC/USD:X":'
        + PAIR.replace(b"international", b"bitnomial-exchange")
        + b',"AAPLx/USD":'
        + PAIR.replace(b'_base":"currency', b'_base":"tokenized_asset')
        + b',"BTC/EUR":'
        + PAIR.replace(b"online", b"cancel_only").replace(b'"USD"', b'"EUR"')
        + b"}}"
    )

    assert KRAKEN.parse_markets(body) == [
        Listing("BTC/USD", "BTC", "USD", active=True),
        Listing("BTC/EUR", "BTC", "EUR", active=False),
    ]


@pytest.mark.unit
def test_one_bad_row_of_the_tickers_does_not_cost_the_others():
    bad = DAY.replace(b'"c":["52641.10000","0.00080000"]', b'"c":[]')
    body = b'{"error":[],"result":{"ETH/USD":' + bad + b',"BTC/USD":' + DAY + b"}}"

    (actual,) = parse_tickers(body)

    assert repr(actual) == repr(Quote("BTC/USD", 52641.1, 52609.5, 52609.6, 7954.00219674))


@pytest.mark.unit
def test_an_answer_with_errors_is_no_list():
    with pytest.raises(FrameError, match="EGeneral:Too many requests"):
        parse_tickers(b'{"error":["EGeneral:Too many requests"]}')


@pytest.mark.recorded
def test_the_recorded_tickers_of_all_markets_give_these_quotes():
    with gzip.open(recorded("rest/kraken/kraken_ticker_all.json.gz")) as file:
        ((answer),) = json.load(file)

    quotes = parse_tickers(json.dumps(answer["body"]).encode())

    assert len(quotes) == 1530
    assert repr(quotes[0]) == repr(Quote("0G/EUR", 0.209, 0.207, 0.209, 61788.65673))
    (bitcoin,) = [quote for quote in quotes if quote.symbol == "BTC/USD"]
    assert repr(bitcoin) == repr(Quote("BTC/USD", 60934.9, 60934.8, 60934.9, 2495.15962868))


@pytest.mark.recorded
def test_the_sampled_ticker_has_no_last_price():
    actual = KRAKEN.parse(samples("map kraken v2 messages", "messages")[4])

    assert repr(actual) == repr([Quote("BTC/USD", bid=99.9, ask=100.1, time=1783641602.123456)])


@pytest.mark.recorded
def test_the_tickers_recorded_in_version_1_give_these_quotes():
    era = KRAKEN.at(RECORDED_ON)
    events = [event for _, frame in frames(TICKERS) for event in era.parse(frame)]

    assert events[:2] == [Ack("WAVES/EUR"), Ack("XMR/USD")]
    assert len(events) == 10 + 18
    assert repr(events[10]) == repr(Quote("WAVES/EUR", 13.2539, 13.2329, 13.2539, 72035.05488104))
    assert repr(events[-1]) == repr(Quote("SC/EUR", 0.04304, 0.04302, 0.04308, 1127171102.9427564))


@pytest.mark.recorded
def test_the_trades_recorded_in_version_1_give_these_quotes():
    era = KRAKEN.at(RECORDED_ON)
    events = [event for _, frame in frames(TRADES) for event in era.parse(frame)]
    quotes = [event for event in events if isinstance(event, Quote)]

    assert len(quotes) == 10
    assert repr(quotes[0]) == repr(Quote("XMR/USD", 354.11, time=1618678142.557535))
    assert repr(quotes[-1]) == repr(Quote("SC/EUR", 0.04304, time=1618678158.135041))


@pytest.mark.recorded
def test_the_list_recorded_in_version_1_gives_these_markets():
    ((_, body),) = answers("ws/kraken/2021-04-17_KRAKEN.0.log.gz")

    listings = KRAKEN.at(RECORDED_ON).parse_markets(body)

    assert len(listings) == 293
    assert Listing("XBT/USD", "XBT", "USD", active=True) in listings
    assert KRAKEN.aliases["XBT"] == "BTC"


@pytest.mark.unit
@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (b'{"event":"heartbeat"}', []),
        (b'{"event":"systemStatus","status":"online","version":"1.8.3"}', []),
        (b'{"event":"systemStatus","status":"maintenance"}', [Renew("maintenance")]),
        (
            b'{"event":"subscriptionStatus","pair":"A/B","status":"error","errorMessage":"no"}',
            [Refused("A/B", "no")],
        ),
        (b'{"event":"subscriptionStatus","pair":"A/B","status":"unsubscribed"}', []),
        (b'{"event":"news"}', [Unknown("news")]),
        (b'[7,{"b":[]},{"a":[]},"book-1000","XMR/USD"]', [Unknown("book-1000")]),
    ],
)
def test_version_1_says_these_things_too(frame: bytes, expected: list[Event]):
    assert list(parse_v1(frame)) == expected


@pytest.mark.unit
@pytest.mark.parametrize("frame", [b"[]", b'[1,2,"ticker"]', b'[1,{},"ticker","A/B"]', b"1"])
def test_version_1_refuses_malformed_frames(frame: bytes):
    with pytest.raises((FrameError, msgspec.MsgspecError)):
        parse_v1(frame)


@pytest.mark.unit
@pytest.mark.parametrize("price", ['"0.10034"', "null", "[]", "1e999"])
def test_a_price_that_is_no_number_is_a_malformed_frame(price: str):
    with pytest.raises(msgspec.MsgspecError):
        KRAKEN.parse(TICKER.replace(b"0.10034", price.encode()))


@pytest.mark.unit
def test_a_damaged_frame_raises_only_the_two_typed_errors():
    random = Random(1)
    for _ in range(2000):
        frame = bytearray(random.choice([TICKER, TRADE, STATUS, ACK, REFUSAL]))
        at = random.randrange(len(frame))
        frame[at : at + random.randrange(3)] = random.randbytes(random.randrange(3))
        try:
            KRAKEN.parse(bytes(frame[: random.randrange(len(frame), 2 * len(frame))]))
        except (FrameError, msgspec.MsgspecError):
            continue
