"""Binance and Binance.US, on recorded frames and on payloads written from the documentation."""

import json
import zlib
from random import Random

import msgspec
import pytest

from app.market.quotes import Quote
from jobs.venue import Ack, Event, FrameError, Listing, Refused, Renew, Subscription, Unknown
from jobs.venues.binance import BINANCE, BINANCE_US, parse_tickers
from tests.recordings import answers, frames, samples

CAPTURE = "ws/binance/2021-04-17_BINANCE.ws.1.0.log.gz"
CAPTURE_US = "ws/binance_us/2021-04-17_BINANCE_US.ws.3.0.log.gz"

DAY = (
    b'{"e":"24hrTicker","E":1672515782136,"s":"BNBBTC","p":"0.0015","P":"250.00","w":"0.0018",'
    b'"x":"0.0009","c":"0.0025","Q":"10","b":"0.0024","B":"10","a":"0.0026","A":"100",'
    b'"o":"0.0010","h":"0.0025","l":"0.0010","v":"10000","q":"18","O":0,"C":86400000,"F":0,'
    b'"L":18150,"n":18151}'
)
MINI = (
    b'{"e":"24hrMiniTicker","E":1672515782136,"s":"BNBBTC","c":"0.0025","o":"0.0010",'
    b'"h":"0.0025","l":"0.0010","v":"10000","q":"18"}'
)
TRADE = (
    b'{"e":"aggTrade","E":1672515782136,"s":"BNBBTC","a":12345,"p":"0.001","q":"100","f":100,'
    b'"l":105,"T":1672515782136,"m":true,"M":true}'
)
BOOK = (
    b'{"u":400900217,"s":"BNBUSDT","b":"25.35190000","B":"31.21000000","a":"25.36520000",'
    b'"A":"40.66000000"}'
)
SHUTDOWN = b'{"e":"serverShutdown","E":1770123456789}'
ROW = (
    b'{"symbol":"BNBBTC","priceChange":"-94.9","priceChangePercent":"-95.96",'
    b'"weightedAvgPrice":"0.29","prevClosePrice":"0.10","lastPrice":"4.00000200",'
    b'"lastQty":"200.0","bidPrice":"4.00000000","bidQty":"100.0","askPrice":"4.00000300",'
    b'"askQty":"100.0","openPrice":"99.0","highPrice":"100.0","lowPrice":"0.1",'
    b'"volume":"8913.30000000","quoteVolume":"15.30000000","openTime":1499783499040,'
    b'"closeTime":1499869899040,"firstId":28385,"lastId":28460,"count":76}'
)
DAY_QUOTE = Quote("BNBBTC", 0.0025, 0.0024, 0.0026, 10000.0, 18.0, 1672515782.136)
MINI_QUOTE = Quote("BNBBTC", 0.0025, volume=10000.0, turnover=18.0, time=1672515782.136)


def combined(stream: str, data: bytes) -> bytes:
    return b'{"stream":"' + stream.encode() + b'","data":' + data + b"}"


@pytest.mark.unit
@pytest.mark.parametrize(
    ("stream", "data", "expected"),
    [
        ("bnbbtc@ticker", DAY, [DAY_QUOTE]),
        ("bnbbtc@miniTicker", MINI, [MINI_QUOTE]),
        ("!miniTicker@arr", b"[" + MINI + b"," + MINI + b"]", [MINI_QUOTE, MINI_QUOTE]),
        ("bnbbtc@aggTrade", TRADE, [Quote("BNBBTC", 0.001, time=1672515782.136)]),
        (
            "bnbusdt@bookTicker",
            BOOK,
            [Quote("BNBUSDT", bid=25.3519, ask=25.3652, sequence=400900217)],
        ),
        ("!serverShutdown", SHUTDOWN, [Renew("serverShutdown")]),
        ("bnbbtc@avgPrice", b'{"e":"avgPrice","E":1,"s":"BNBBTC"}', [Unknown("avgPrice")]),
    ],
)
def test_a_stream_reads_the_same_raw_and_combined(stream: str, data: bytes, expected: list[Event]):
    assert repr(list(BINANCE.parse(combined(stream, data)))) == repr(expected)
    assert repr(list(BINANCE.parse(data))) == repr(expected)


@pytest.mark.unit
def test_a_market_without_orders_has_no_book_instead_of_one_at_zero():
    data = DAY.replace(b'"0.0024"', b'"0.00000000"').replace(b'"0.0026"', b'"0.00000000"')

    (actual,) = BINANCE.parse(combined("bnbbtc@ticker", data))

    expected = Quote("BNBBTC", 0.0025, volume=10000.0, turnover=18.0, time=1672515782.136)
    assert repr(actual) == repr(expected)


@pytest.mark.unit
def test_a_book_depth_without_a_type_is_counted_by_its_stream():
    frame = combined("btcusdc@depth5", b'{"lastUpdateId":160,"bids":[],"asks":[]}')

    assert BINANCE.parse(frame) == (Unknown("depth5"),)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (b'{"result":null,"id":1}', Ack("1")),
        (
            b'{"code":2,"msg":"Invalid request: too many parameters"}',
            Refused("", "Invalid request: too many parameters"),
        ),
        (b'{"code":0,"msg":"Unknown property","id":7}', Refused("7", "Unknown property")),
        (b'{"error":{"code":3,"msg":"Invalid JSON"},"id":7}', Refused("7", "Invalid JSON")),
        (b"{}", Unknown("message")),
    ],
)
def test_an_answer_is_told_by_the_id_of_its_request(frame: bytes, expected: Event):
    assert BINANCE.parse(frame) == (expected,)


@pytest.mark.unit
def test_a_hundred_markets_are_asked_for_in_one_frame_under_one_number():
    symbols = [f"COIN{number}USDT" for number in range(101)]

    first, second = BINANCE.subscribe(symbols)

    number = zlib.crc32(b"coin100usdt@ticker")
    frame = f'{{"method":"SUBSCRIBE","params":["coin100usdt@ticker"],"id":{number}}}'
    assert second == Subscription(frame, ("COIN100USDT",), (str(number),))
    assert first.symbols == tuple(symbols[:100])
    assert first.keys == (str(json.loads(first.frame)["id"]),)


@pytest.mark.recorded
def test_the_recorded_frames_of_binance_give_these_quotes():
    events = [event for _, frame in frames(CAPTURE) for event in BINANCE.parse(frame)]
    quotes = [event for event in events if isinstance(event, Quote)]
    trades = [quote for quote in quotes if quote.last > 0]

    assert (len(events), len(quotes), len(trades)) == (1228, 594, 24)
    assert repr(quotes[0]) == repr(Quote("SWRVBUSD", bid=2.272, ask=2.277, sequence=64830107))
    assert repr(trades[1]) == repr(Quote("BUSDTRY", 8.13, time=1618677374.538))
    assert {event.kind for event in events if isinstance(event, Unknown)} == {
        "depthUpdate",
        "kline",
    }


@pytest.mark.recorded
def test_the_recorded_frames_of_binance_us_give_these_quotes():
    events = [event for _, frame in frames(CAPTURE_US) for event in BINANCE_US.parse(frame)]
    quotes = [event for event in events if isinstance(event, Quote)]
    books = [quote for quote in quotes if quote.bid > 0]

    assert (len(events), len(quotes), len(books)) == (1283, 476, 458)
    assert repr(books[0]) == repr(Quote("OMGUSD", bid=9.5356, ask=9.5584, sequence=66532560))
    assert repr(books[-1]) == repr(Quote("BTCUSDT", bid=60484.72, ask=60494.06, sequence=372027378))


@pytest.mark.recorded
def test_the_sampled_ticker_gives_this_quote():
    (actual,) = BINANCE.parse(samples("map binance messages", "messages")[3])

    expected = Quote(
        "DOGEBNB", 0.0001436, 0.00014365, 0.00014498, 20014582.0, 2839.62578157, 1569805259.092
    )
    assert repr(actual) == repr(expected)


@pytest.mark.recorded
def test_the_recorded_lists_give_these_markets():
    ((_, body),) = answers("ws/binance/2021-04-17_BINANCE.0.log.gz")
    ((_, body_us),) = answers("ws/binance_us/2021-04-17_BINANCE_US.0.log.gz")

    listings, listings_us = BINANCE.parse_markets(body), BINANCE_US.parse_markets(body_us)

    assert (len(listings), sum(listing.active for listing in listings)) == (1405, 998)
    assert listings[0] == Listing("ETHBTC", "ETH", "BTC", active=True)
    assert (len(listings_us), sum(listing.active for listing in listings_us)) == (109, 105)
    assert Listing("USDTUSD", "USDT", "USD", active=True) in listings_us


@pytest.mark.unit
def test_a_market_that_is_halted_or_not_for_spot_is_inactive():
    body = (
        b'{"symbols":[{"symbol":"ABUSDT","status":"BREAK","baseAsset":"AB","quoteAsset":"USDT",'
        b'"isSpotTradingAllowed":true},{"symbol":7},{"symbol":"CDUSDT","status":"TRADING",'
        b'"baseAsset":"CD","quoteAsset":"USDT","isSpotTradingAllowed":false},'
        b'{"symbol":"EFUSDT","status":"TRADING","baseAsset":"EF","quoteAsset":"USDT"}]}'
    )

    assert BINANCE.parse_markets(body) == [
        Listing("ABUSDT", "AB", "USDT", active=False),
        Listing("CDUSDT", "CD", "USDT", active=False),
        Listing("EFUSDT", "EF", "USDT", active=True),
    ]


@pytest.mark.unit
def test_one_bad_row_of_the_tickers_does_not_cost_the_others():
    body = b"[" + ROW.replace(b'"4.00000200"', b"null") + b"," + ROW + b"]"

    (actual,) = parse_tickers(body)

    assert repr(actual) == repr(
        Quote("BNBBTC", 4.000002, 4.0, 4.000003, 8913.3, 15.3, 1499869899.04)
    )


@pytest.mark.unit
@pytest.mark.parametrize("price", ['"2,080.1"', "null", '"NaN?"', "[]", '"\\ud800"'])
def test_a_price_that_is_no_number_is_a_malformed_frame(price: str):
    with pytest.raises(msgspec.MsgspecError):
        BINANCE.parse(combined("bnbbtc@ticker", DAY.replace(b'"0.0025"', price.encode(), 1)))


@pytest.mark.unit
def test_a_damaged_frame_raises_only_the_two_typed_errors():
    random = Random(1)
    whole = [combined("x@y", data) for data in (DAY, MINI, TRADE, BOOK, SHUTDOWN)]
    for _ in range(2000):
        frame = bytearray(random.choice(whole))
        at = random.randrange(len(frame))
        frame[at : at + random.randrange(3)] = random.randbytes(random.randrange(3))
        try:
            BINANCE.parse(bytes(frame[: random.randrange(len(frame), 2 * len(frame))]))
        except (FrameError, msgspec.MsgspecError):
            continue
