"""Gate, on recorded frames and on payloads written from its documentation."""

from contextlib import suppress
from random import Random

import msgspec
import pytest

from app.market.quotes import NAN, Quote
from jobs.venue import Ack, FrameError, Listing, Refused, Subscription, Unknown
from jobs.venues.gate import GATE, parse_tickers
from tests.recordings import answers, frames, samples

CAPTURE = "ws/gateio/2021-04-22_GATEIO.ws.1.0.log.gz"

TICKER = (
    b'{"time":1669107766,"time_ms":1669107766406,"channel":"spot.tickers","event":"update",'
    b'"result":{"currency_pair":"BTC_USDT","last":"15743.4","lowest_ask":"15744.4",'
    b'"highest_bid":"15743.5","change_percentage":"-1.8254","base_volume":"9110.473081735",'
    b'"quote_volume":"145082083.2535","high_24h":"16280.9","low_24h":"15468.5"}}'
)
TRADE = (
    b'{"time":1606292218,"time_ms":1606292218231,"channel":"spot.trades","event":"update",'
    b'"result":{"id":309143071,"create_time":1606292218,"create_time_ms":"1606292218213.4578",'
    b'"side":"sell","currency_pair":"GT_USDT","amount":"16.47","price":"0.4705000000"}}'
)
TOP = (
    b'{"time":1606293275,"time_ms":1606293275723,"channel":"spot.book_ticker","event":"update",'
    b'"result":{"t":1606293275123,"u":48733182,"s":"BTC_USDT","b":"19177.79","B":"0.0003341504",'
    b'"a":"","A":"0"}}'
)
ACK = (
    b'{"time":1611541000,"time_ms":1611541000001,"id":42,"channel":"spot.tickers",'
    b'"event":"subscribe","error":null,"result":{"status":"success"}}'
)
ERROR = (
    b'{"time":1606292218,"time_ms":1606292218231,"id":42,"channel":"spot.tickers",'
    b'"event":"subscribe","error":{"code":2,"message":"unknown currency pair X_USD"},'
    b'"result":null}'
)
TICKERS = (
    b'[{"currency_pair":"BTC3L_USDT","last":"2.46140352","lowest_ask":"2.477",'
    b'"highest_bid":"2.4606821","change_percentage":"-8.91","base_volume":"656614.0845820589",'
    b'"quote_volume":"1602221.66468375534639404191","high_24h":"2.7431","low_24h":"1.9863",'
    b'"etf_net_value":"2.46316141","etf_leverage":"2.2803019447281203"},'
    b'{"currency_pair":"BAD_USDT","last":"","lowest_ask":"","highest_bid":""},'
    b'{"currency_pair":"USDG_USDT","last":"1.9745","lowest_ask":"","highest_bid":"",'
    b'"base_volume":"0","quote_volume":"0","high_24h":"0","low_24h":"0"}]'
)


@pytest.mark.unit
def test_a_ticker_becomes_one_quote():
    expected = Quote(
        "BTC_USDT",
        15743.4,
        15743.5,
        15744.4,
        9110.473081735,
        145082083.2535,
        1669107766.406,
    )

    (actual,) = GATE.parse(TICKER)

    assert actual == expected


@pytest.mark.unit
def test_a_trade_gives_the_last_price():
    (actual,) = GATE.parse(TRADE)

    assert repr(actual) == repr(Quote("GT_USDT", 0.4705, time=1606292218.2134578))


@pytest.mark.unit
def test_an_empty_side_of_the_book_is_not_said():
    (actual,) = GATE.parse(TOP)

    assert repr(actual) == repr(Quote("BTC_USDT", bid=19177.79, ask=NAN, time=1606293275.123))


@pytest.mark.recorded
def test_the_recorded_tickers_and_trades_give_these_quotes():
    events = [event for _, frame in frames(CAPTURE) for event in GATE.parse(frame)]
    quotes = [event for event in events if isinstance(event, Quote)]
    trades = [quote for quote in quotes if quote.bid != quote.bid]

    assert (len(quotes), len(trades)) == (22 + 9, 9)
    assert quotes[0] == Quote(
        "NEO_BTC",
        0.0018716,
        0.0018697,
        0.0018734,
        1138.01640718,
        2.048263365803126,
        1619093533.0,
    )
    assert repr(trades[0]) == repr(Quote("DIS_USDT", 121.58, time=1619093543.7082642))
    assert repr(quotes[-1]) == repr(Quote("NEO_BTC", 0.0018678, time=1619093562.050357))


@pytest.mark.recorded
def test_the_other_recorded_frames_are_nameless_confirmations_and_what_we_do_not_ask_for():
    events = [event for _, frame in frames(CAPTURE) for event in GATE.parse(frame)]

    assert events.count(Unknown("spot.order_book_update")) == 172
    assert events.count(Unknown("spot.candlesticks")) == 14
    assert len(events) == 31 + 172 + 14


@pytest.mark.recorded
def test_the_best_of_a_book_of_2023_reads_the_same():
    (actual,) = GATE.parse(samples("map gate-io messages", "v4Messages")[1])

    assert repr(actual) == repr(Quote("ETC_ETH", bid=0.010326, ask=0.010366, time=1682689046.131))


@pytest.mark.recorded
def test_the_recorded_pair_list_gives_these_markets():
    ((_, body),) = answers("ws/gateio/2021-04-22_GATEIO.0.log.gz")

    listings = GATE.parse_markets(body)

    assert len(listings) == 1458
    assert listings[0] == Listing("IHT_ETH", "IHT", "ETH", active=True)
    assert Listing("SAL_USDT", "SAL", "USDT", active=False) in listings
    assert sum(listing.active for listing in listings) == 1408


@pytest.mark.unit
def test_a_bad_row_does_not_cost_the_other_markets():
    body = (
        b'[{"id":"A_B","base":"A"},{"id":"C_D","base":"C","quote":"D","trade_status":"sellable"}]'
    )

    assert GATE.parse_markets(body) == [Listing("C_D", "C", "D", active=False)]


@pytest.mark.unit
def test_a_market_that_never_traded_does_not_cost_the_other_tickers():
    assert repr(parse_tickers(TICKERS)) == repr(
        [
            Quote(
                "BTC3L_USDT",
                2.46140352,
                2.4606821,
                2.477,
                656614.0845820589,
                1602221.6646837553,
            ),
            Quote("USDG_USDT", 1.9745, volume=0.0, turnover=0.0),
        ]
    )


@pytest.mark.unit
def test_a_frame_asks_for_at_most_twenty_five_markets():
    symbols = [f"P{number}_USDT" for number in range(26)]

    first, second = GATE.subscribe(symbols)

    assert first.symbols == tuple(symbols[:25])
    assert first.frame.count("_USDT") == 25
    assert second == Subscription(
        '{"time":0,"id":2335581765,"channel":"spot.tickers","event":"subscribe",'
        '"payload":["P25_USDT"]}',
        ("P25_USDT",),
        ("2335581765",),
    )


@pytest.mark.unit
def test_a_confirmation_names_the_request_by_its_id():
    assert GATE.parse(ACK) == (Ack("42"),)


@pytest.mark.unit
def test_an_error_is_a_refusal_of_the_request():
    assert GATE.parse(ERROR) == (Refused("42", "2: unknown currency pair X_USD"),)


@pytest.mark.unit
@pytest.mark.parametrize(
    "frame",
    [
        b'{"time":1545404023,"channel":"spot.pong","event":"","error":null,"result":null}',
        b'{"time":1,"channel":"spot.tickers","event":"unsubscribe","result":{"status":"success"}}',
        b'{"time":1,"channel":"spot.tickers","event":"subscribe","result":{"status":"success"}}',
    ],
)
def test_what_answers_us_without_news_says_nothing(frame: bytes):
    assert GATE.parse(frame) == ()


@pytest.mark.unit
def test_a_message_without_an_event_is_counted_by_its_channel():
    assert GATE.parse(b'{"time":1,"channel":"spot.news"}') == (Unknown("spot.news"),)


@pytest.mark.unit
@pytest.mark.parametrize("price", [b'"15,743"', b"null", b'""', b"[]"])
def test_a_ticker_without_a_price_is_a_malformed_frame(price: bytes):
    with pytest.raises(FrameError, match="a ticker must carry"):
        GATE.parse(TICKER.replace(b'"15743.4"', price))


@pytest.mark.unit
@pytest.mark.parametrize("frame", [b'{"channel":"\xff"}', b'{"channel":"x","y":' + b"[" * 5000])
def test_bytes_that_are_no_message_are_a_malformed_frame(frame: bytes):
    with pytest.raises(FrameError, match="expected UTF-8 JSON"):
        GATE.parse(frame)


@pytest.mark.unit
def test_damage_raises_only_the_two_promised_errors():
    random = Random(13)
    for _ in range(4000):
        frame = bytearray(random.choice((TICKER, TRADE, TOP, ACK, ERROR)))
        at = random.randrange(len(frame))
        frame[at : at + random.randrange(3)] = random.randbytes(random.randrange(3))
        with suppress(FrameError, msgspec.MsgspecError):
            GATE.parse(bytes(frame[: random.randrange(2 * len(frame))]))
