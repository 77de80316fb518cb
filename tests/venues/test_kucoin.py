"""KuCoin, on recorded frames and on payloads written from its documentation."""

from contextlib import suppress
from random import Random

import msgspec
import pytest

from app.market.quotes import Quote
from jobs.venue import Ack, FrameError, Listing, Refused, StreamAddress, Subscription, Unknown
from jobs.venues.kucoin import KUCOIN, parse_tickers, parse_token
from tests.recordings import answers, frames, samples

CAPTURE = "ws/kucoin/2021-04-25_KUCOIN.ws.1.0.log.gz"

TICKER = (
    b'{"topic":"/market/ticker:BTC-USDT","type":"message","subject":"trade.ticker","data":{'
    b'"bestAsk":"67218.7","bestAskSize":"1.92318539","bestBid":"67218.6",'
    b'"bestBidSize":"0.01045638","price":"67220","sequence":"14691455768",'
    b'"size":"0.00004316","time":1729757723612}}'
)
MATCH = (
    b'{"topic":"/market/match:BTC-USDT","type":"message","subject":"trade.l3match","data":{'
    b'"makerOrderId":"671b5007389355000701b1d3","price":"67523","sequence":"11067996711960577",'
    b'"side":"buy","size":"0.003","symbol":"BTC-USDT","takerOrderId":"671b50161777ff00074c168d",'
    b'"time":"1729843222921000000","tradeId":"11067996711960577","type":"match"}}'
)
ERROR = b'{"id":"7","type":"error","code":404,"data":"topic /market/x is not found"}'
TICKERS = (
    b'{"code":"200000","data":{"time":1729173207043,"ticker":['
    b'{"symbol":"BTC-USDT","symbolName":"BTC-USDT","buy":"67192.5","sell":"67192.6",'
    b'"changeRate":"-0.0014","high":"68321.4","low":"66683.3","vol":"1836.03034612",'
    b'"volValue":"124068431.06726933","last":"67193"},'
    b'{"symbol":"NEW-USDT","buy":null,"sell":null,"last":null,"vol":"0","volValue":"0"},'
    b'{"symbol":"THIN-USDT","buy":null,"sell":"3","last":"2.5","vol":"4","volValue":"10"}]}}'
)
TOKEN = (
    b'{"code":"200000","data":{"token":"2neAiuYv+z==","instanceServers":[{'
    b'"endpoint":"wss://ws-api-spot.kucoin.com/","encrypt":true,"protocol":"websocket",'
    b'"pingInterval":18000,"pingTimeout":10000}]}}'
)


@pytest.mark.unit
def test_a_ticker_becomes_one_quote_of_the_market_in_its_topic():
    expected = Quote(
        "BTC-USDT", 67220.0, 67218.6, 67218.7, time=1729757723.612, sequence=14691455768
    )

    (actual,) = KUCOIN.parse(TICKER)

    assert repr(actual) == repr(expected)


@pytest.mark.unit
def test_a_match_gives_the_last_price_without_its_own_sequence():
    (actual,) = KUCOIN.parse(MATCH)

    assert repr(actual) == repr(Quote("BTC-USDT", 67523.0, time=1729843222.921))


@pytest.mark.unit
def test_an_empty_side_of_the_book_is_not_said():
    (actual,) = KUCOIN.parse(TICKER.replace(b'"67218.6"', b"null"))

    assert repr(actual) == repr(
        Quote("BTC-USDT", 67220.0, ask=67218.7, time=1729757723.612, sequence=14691455768)
    )


@pytest.mark.recorded
def test_the_recorded_tickers_and_matches_give_these_quotes():
    events = [event for _, frame in frames(CAPTURE) for event in KUCOIN.parse(frame)]
    quotes = [event for event in events if isinstance(event, Quote)]
    matches = [quote for quote in quotes if quote.sequence == 0]

    assert (len(quotes), len(matches)) == (830 + 18, 18)
    assert repr(quotes[0]) == repr(
        Quote(
            "SNX-BTC",
            0.00028676,
            0.00028678,
            0.00028717,
            time=1619378326.323,
            sequence=1612844051653,
        )
    )
    assert repr(quotes[1]) == repr(
        Quote("BCHSV-USDT", 243.65, 242.654, 242.951, time=1619378326.33, sequence=1613277183873)
    )
    assert repr(matches[0]) == repr(Quote("DAPPT-BTC", 1.117e-07, time=1619378327.7390509))


@pytest.mark.recorded
def test_the_other_recorded_frames_are_confirmations_and_what_we_do_not_ask_for():
    events = [event for _, frame in frames(CAPTURE) for event in KUCOIN.parse(frame)]

    assert events[0] == Ack("1")
    assert events.count(Ack("1")) == 13
    assert events.count(Unknown("/market/level2")) == 3853
    assert events.count(Unknown("/market/candles")) == 6
    assert len(events) == 848 + 13 + 3853 + 6


@pytest.mark.recorded
def test_a_ticker_of_2022_reads_the_same():
    (actual,) = KUCOIN.parse(samples("map kucoin messages", "messages")[6])

    assert repr(actual) == repr(
        Quote("APE3S-USDT", 0.909, 0.9027, 0.9052, time=1660608019.966, sequence=1653547330151)
    )


@pytest.mark.recorded
def test_the_recorded_symbol_list_gives_these_markets():
    ((_, body),) = answers("ws/kucoin/2021-04-25_KUCOIN.0.log.gz")

    listings = KUCOIN.parse_markets(body)

    assert len(listings) == 634
    assert listings[0] == Listing("REQ-ETH", "REQ", "ETH", active=True)
    assert Listing("BCHSV-USDT", "BSV", "USDT", active=True) in listings
    assert sum(listing.active for listing in listings) == 633


@pytest.mark.unit
def test_a_bad_row_does_not_cost_the_other_markets():
    body = (
        b'{"code":"200000","data":[{"symbol":"A-B","baseCurrency":"A"},{"symbol":"C-D",'
        b'"baseCurrency":"C","quoteCurrency":"D","enableTrading":false}]}'
    )

    assert KUCOIN.parse_markets(body) == [Listing("C-D", "C", "D", active=False)]


@pytest.mark.unit
def test_a_market_that_never_traded_does_not_cost_the_other_tickers():
    assert repr(parse_tickers(TICKERS)) == repr(
        [
            Quote(
                "BTC-USDT",
                67193.0,
                67192.5,
                67192.6,
                1836.03034612,
                124068431.06726933,
                1729173207.043,
            ),
            Quote("THIN-USDT", 2.5, ask=3.0, volume=4.0, turnover=10.0, time=1729173207.043),
        ]
    )


@pytest.mark.unit
def test_the_token_becomes_part_of_the_address_and_pings_come_twice_an_interval():
    assert parse_token(TOKEN) == StreamAddress(
        "wss://ws-api-spot.kucoin.com/?token=2neAiuYv%2Bz%3D%3D&connectId=1332789984", 9.0
    )


@pytest.mark.unit
@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (b"18000", b"0"),
        (b'"2neAiuYv+z=="', b"null"),
        (b'[{"endpoint":"wss://ws-api-spot.kucoin.com/"', b'[],"x":[{"endpoint":""'),
    ],
)
def test_a_token_answer_that_leads_nowhere_is_malformed(good: bytes, bad: bytes):
    with pytest.raises(msgspec.ValidationError):
        parse_token(TOKEN.replace(good, bad))


@pytest.mark.unit
def test_a_frame_asks_for_at_most_a_hundred_markets():
    symbols = [f"A{number}-USDT" for number in range(101)]

    first, second = KUCOIN.subscribe(symbols)

    assert first.symbols == tuple(symbols[:100])
    assert first.frame.count("-USDT") == 100
    assert second == Subscription(
        '{"id":"3923070746","type":"subscribe","topic":"/market/ticker:A100-USDT",'
        '"privateChannel":false,"response":true}',
        ("A100-USDT",),
        ("3923070746",),
    )


@pytest.mark.unit
def test_an_error_is_a_refusal_of_what_its_id_asked_for():
    assert KUCOIN.parse(ERROR) == (Refused("7", "404: topic /market/x is not found"),)


@pytest.mark.unit
@pytest.mark.parametrize("kind", ["welcome", "pong"])
def test_what_answers_us_without_news_says_nothing(kind: str):
    assert KUCOIN.parse(f'{{"id":"hQvf8jkno","type":"{kind}"}}'.encode()) == ()


@pytest.mark.unit
def test_a_message_of_another_kind_is_counted_by_it():
    assert KUCOIN.parse(b'{"id":"1","type":"notice"}') == (Unknown("notice"),)


@pytest.mark.unit
@pytest.mark.parametrize("price", [b'"67,220"', b"null", b'"\xff"', b"[]"])
def test_a_ticker_without_a_price_is_a_malformed_frame(price: bytes):
    with pytest.raises(FrameError, match="a ticker must carry"):
        KUCOIN.parse(TICKER.replace(b'"67220"', price))


@pytest.mark.unit
@pytest.mark.parametrize("frame", [b'{"type":"\xff"}', b'{"type":"x","y":' + b"[" * 5000])
def test_bytes_that_are_no_message_are_a_malformed_frame(frame: bytes):
    with pytest.raises(FrameError, match="expected UTF-8 JSON"):
        KUCOIN.parse(frame)


@pytest.mark.unit
def test_damage_raises_only_the_two_promised_errors():
    random = Random(12)
    for _ in range(4000):
        frame = bytearray(random.choice((TICKER, MATCH, ERROR)))
        at = random.randrange(len(frame))
        frame[at : at + random.randrange(3)] = random.randbytes(random.randrange(3))
        with suppress(FrameError, msgspec.MsgspecError):
            KUCOIN.parse(bytes(frame[: random.randrange(2 * len(frame))]))
