"""OKX, on recorded frames and on payloads written from its documentation."""

import gzip
import json
from random import Random

import msgspec
import pytest

from app.market.quotes import Quote
from jobs.venue import Ack, Event, FrameError, Listing, Refused, Renew, Subscription, Unknown
from jobs.venues.okx import OKX, parse_tickers
from tests.recordings import answers, frames, recorded, samples

CAPTURE = "ws/okx/2022-05-13_OKX.ws.1.0.log.gz"
UPGRADE = "The connection will soon be closed for a service upgrade. Please reconnect."
ABSENT = "Wrong URL or channel:tickers,instId:A-B doesn't exist. Please use the correct URL."

DAY = (
    b'{"instType":"SPOT","instId":"BTC-USDT","last":"9999.99","lastSz":"0.1",'
    b'"askPx":"9999.98","askSz":"11","bidPx":"8888.88","bidSz":"5","open24h":"9000",'
    b'"high24h":"10000","low24h":"8888.88","volCcy24h":"2222","vol24h":"3333",'
    b'"sodUtc0":"2222","sodUtc8":"2222","ts":"1597026383085"}'
)
TICKER = b'{"arg":{"channel":"tickers","instId":"BTC-USDT"},"data":[' + DAY + b"]}"
TRADES = (
    b'{"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[{"instId":"BTC-USDT",'
    b'"tradeId":"130639474","px":"42219.9","sz":"0.12060306","side":"buy",'
    b'"ts":"1630048897897","count":"3"}]}'
)
ACK = b'{"event":"subscribe","arg":{"channel":"tickers","instId":"BTC-USDT"},"connId":"accb8e21"}'
ERROR = b'{"event":"error","code":"60018","msg":"' + ABSENT.encode() + b'","connId":"a4d3ae55"}'
NOTICE = b'{"event":"notice","code":"64008","msg":"' + UPGRADE.encode() + b'","connId":"a4d3"}'
BITCOIN = Quote("BTC-USDT", 9999.99, 8888.88, 9999.98, 3333.0, 2222.0, 1597026383.085)
INSTRUMENT = (
    b'{"alias":"","baseCcy":"BTC","category":"1","instFamily":"","instId":"BTC-USDT",'
    b'"instType":"SPOT","quoteCcy":"USDT","settleCcy":"","state":"live","uly":""}'
)


@pytest.mark.unit
def test_a_ticker_becomes_one_quote():
    (actual,) = OKX.parse(TICKER)

    assert repr(actual) == repr(BITCOIN)


@pytest.mark.unit
def test_an_empty_number_is_one_that_is_not_said():
    (actual,) = OKX.parse(TICKER.replace(b'"8888.88","bid', b'"","bid').replace(b'"3333"', b'""'))

    expected = Quote("BTC-USDT", 9999.99, ask=9999.98, turnover=2222.0, time=1597026383.085)
    assert repr(actual) == repr(expected)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (TRADES, [Quote("BTC-USDT", 42219.9, time=1630048897.897)]),
        (b"pong", []),
        (ACK, [Ack("BTC-USDT")]),
        (ACK.replace(b"tickers", b"trades"), []),
        (ACK.replace(b"subscribe", b"unsubscribe"), []),
        (ERROR, [Refused("A-B", ABSENT)]),
        (
            b'{"event":"error","code":"60012","msg":"Invalid request"}',
            [Refused("", "Invalid request")],
        ),
        (
            b'{"event":"error","arg":{"channel":"tickers","instId":"A-B"},"code":"1","msg":"x"}',
            [Refused("A-B", "x")],
        ),
        (NOTICE, [Renew(UPGRADE)]),
        (b'{"event":"channel-conn-count","channel":"orders"}', [Unknown("channel-conn-count")]),
        (b'{"arg":{"channel":"books","instId":"A-B"},"data":[]}', [Unknown("books")]),
        (b"{}", [Unknown("message")]),
    ],
)
def test_every_other_message_gives_these_events(frame: bytes, expected: list[Event]):
    assert repr(list(OKX.parse(frame))) == repr(expected)


@pytest.mark.unit
def test_all_markets_are_asked_for_in_one_frame():
    frame = (
        '{"op":"subscribe","args":[{"channel":"tickers","instId":"BTC-USDT"},'
        '{"channel":"tickers","instId":"ETH-EUR"}]}'
    )

    assert OKX.subscribe(["BTC-USDT", "ETH-EUR"]) == [
        Subscription(frame, ("BTC-USDT", "ETH-EUR"), ("BTC-USDT", "ETH-EUR"))
    ]


@pytest.mark.unit
def test_the_market_list_leaves_out_what_is_not_spot_and_what_it_cannot_read():
    body = (
        b'{"code":"0","msg":"","data":['
        + INSTRUMENT.replace(b"SPOT", b"SWAP")
        + b","
        + INSTRUMENT.replace(b'"live"', b"null")
        + b","
        + INSTRUMENT
        + b","
        + INSTRUMENT.replace(b"live", b"suspend").replace(b"BTC", b"ABC")
        + b"]}"
    )

    assert OKX.parse_markets(body) == [
        Listing("BTC-USDT", "BTC", "USDT", active=True),
        Listing("ABC-USDT", "ABC", "USDT", active=False),
    ]


@pytest.mark.unit
def test_one_bad_row_of_the_tickers_does_not_cost_the_others():
    bad, thin = DAY.replace(b'"9999.99"', b"null"), DAY.replace(b'"9999.98"', b'""')
    body = b'{"code":"0","msg":"","data":[' + bad + b"," + thin + b"," + DAY + b"]}"

    quotes = parse_tickers(body)

    expected = Quote("BTC-USDT", 9999.99, 8888.88, float("nan"), 3333.0, 2222.0, 1597026383.085)
    assert repr(quotes) == repr([expected, BITCOIN])


@pytest.mark.unit
def test_an_answer_with_another_code_is_no_list():
    with pytest.raises(FrameError, match="50011 Too Many Requests"):
        parse_tickers(b'{"code":"50011","msg":"Too Many Requests","data":[]}')


@pytest.mark.recorded
def test_the_recorded_frames_give_these_quotes():
    events = [event for _, frame in frames(CAPTURE) for event in OKX.parse(frame)]
    quotes = [event for event in events if isinstance(event, Quote)]
    tickers = [quote for quote in quotes if quote.volume > 0]
    acks = [event for event in events if isinstance(event, Ack)]

    assert (len(quotes), len(tickers), len(acks)) == (28 + 74, 28, 9)
    assert repr(quotes[0]) == repr(
        Quote("BTC-USD-220527", 30218.8, 30210.4, 30220.1, 779573.0, 2620.289, 1652459223.003)
    )
    assert repr(tickers[2]) == repr(
        Quote(
            "BTC-USDT",
            30236.0,
            30228.6,
            30228.7,
            17602.13085371,
            525802090.6271661,
            1652459224.956,
        )
    )
    assert {event.kind for event in events if isinstance(event, Unknown)} == {"books"}


@pytest.mark.recorded
def test_the_sampled_ticker_gives_this_quote():
    (actual,) = OKX.parse(samples("map okex messages", "okexV5Messages")[4])

    assert repr(actual) == repr(
        Quote("ACT-USDT", 0.00718, 0.00713, 0.0072, 39168761.49997, 278377.765301, 1639999318.686)
    )


@pytest.mark.recorded
def test_the_recorded_lists_give_these_markets():
    lists = [OKX.parse_markets(body) for _, body in answers("ws/okx/2022-05-13_OKX.0.log.gz")]

    assert [len(listings) for listings in lists] == 5 * [513, 0, 0, 0, 0]
    assert lists[0][0] == Listing("BTC-USDT", "BTC", "USDT", active=True)


@pytest.mark.recorded
def test_the_recorded_tickers_are_read_whole():
    with gzip.open(recorded("rest/snapshot_2024-01-14/okx_tickers.swap.json.gz")) as file:
        body = json.dumps(json.load(file)).encode()

    quotes = parse_tickers(body)

    assert len(quotes) == 193
    assert (quotes[0].symbol, quotes[0].last, quotes[0].ask) == ("CETUS-USDT-SWAP", 0.1182, 0.1181)


@pytest.mark.unit
@pytest.mark.parametrize("price", ['"2,080.1"', "null", '"NaN?"', "[]"])
def test_a_price_that_is_no_number_is_a_malformed_frame(price: str):
    with pytest.raises(msgspec.MsgspecError):
        OKX.parse(TICKER.replace(b'"9999.99"', price.encode()))


@pytest.mark.unit
def test_a_damaged_frame_raises_only_the_two_typed_errors():
    random = Random(1)
    for _ in range(2000):
        frame = bytearray(random.choice([TICKER, TRADES, ACK, ERROR, NOTICE, b"pong"]))
        at = random.randrange(len(frame))
        frame[at : at + random.randrange(3)] = random.randbytes(random.randrange(3))
        try:
            OKX.parse(bytes(frame[: random.randrange(len(frame) + 1, 2 * len(frame) + 2)]))
        except (FrameError, msgspec.MsgspecError):
            continue
