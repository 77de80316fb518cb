"""Bitstamp, on recorded frames and on payloads written from its documentation."""

from contextlib import suppress
from random import Random

import msgspec
import pytest

from app.market.quotes import NAN, Quote
from jobs.venue import Ack, FrameError, Listing, Refused, Renew, Subscription, Unknown
from jobs.venues.bitstamp import BITSTAMP, parse_tickers
from tests.recordings import answers, frames, samples

CAPTURE = "ws/bitstamp/2021-04-17_BITSTAMP.ws.19.0.log.gz"

TRADE = (
    b'{"data":{"id":212337562,"timestamp":"1643643584","amount":0.0028,'
    b'"amount_str":"0.00280000","price":38416,"price_str":"38416","type":0,'
    b'"microtimestamp":"1643643584587000","buy_order_id":1453283151552512,'
    b'"sell_order_id":1453283146473472},"channel":"live_trades_btcusd","event":"trade"}'
)
BOOK = (
    b'{"data":{"timestamp":"1643643584","microtimestamp":"1643643584681983",'
    b'"bids":[["38406.13","0.26"],["38406.11","1.3"]],"asks":[["38423.87","0.04"]]},'
    b'"channel":"order_book_btcusd","event":"data"}'
)
ERROR = (
    b'{"event":"bts:error","channel":"","data":{"code":null,"message":"Bad subscription string."}}'
)
TICKERS = (
    b'[{"timestamp":"1789455809","open":"78000","high":"79588","low":"77191","last":"77265.5",'
    b'"volume":"108.78361","vwap":"78381","bid":"77239","ask":"77240","side":"1",'
    b'"open_24":"77700","percent_change_24":"-0.56","market_type":"SPOT","pair":"BTC/USD"},'
    b'{"timestamp":"1789455809","last":null,"bid":"1","ask":"2","volume":"3","pair":"X/USD"},'
    b'{"timestamp":"1789455809","last":"77265","bid":"77239","ask":"77240","volume":"9",'
    b'"market_type":"PERPETUAL","pair":"BTC/USD-PERP"}]'
)


@pytest.mark.unit
def test_a_trade_gives_the_last_price_and_its_id_as_the_sequence():
    expected = Quote("btcusd", 38416.0, time=1643643584.587, sequence=212337562)

    (actual,) = BITSTAMP.parse(TRADE)

    assert repr(actual) == repr(expected)


@pytest.mark.unit
def test_an_order_book_gives_the_first_level_of_each_side():
    expected = Quote("btcusd", bid=38406.13, ask=38423.87, time=1643643584.681983)

    (actual,) = BITSTAMP.parse(BOOK)

    assert repr(actual) == repr(expected)


@pytest.mark.unit
def test_an_empty_side_of_an_order_book_is_not_said():
    (actual,) = BITSTAMP.parse(BOOK.replace(b'[["38423.87","0.04"]]', b"[]"))

    assert repr(actual) == repr(Quote("btcusd", bid=38406.13, ask=NAN, time=1643643584.681983))


@pytest.mark.recorded
def test_the_recorded_trades_give_these_quotes():
    events = [event for _, frame in frames(CAPTURE) for event in BITSTAMP.parse(frame)]
    quotes = [event for event in events if isinstance(event, Quote)]

    assert len(quotes) == 16
    assert repr(quotes[0]) == repr(Quote("ltcusd", 312.88, time=1618677693.509, sequence=164507734))
    assert repr(quotes[-1]) == repr(
        Quote("btcusd", 60553.64, time=1618677720.629, sequence=164507785)
    )


@pytest.mark.recorded
def test_the_other_recorded_frames_are_confirmations_and_book_changes():
    events = [event for _, frame in frames(CAPTURE) for event in BITSTAMP.parse(frame)]

    assert events[10:12] == [Ack("live_trades_ltcusd"), Ack("live_trades_ethgbp")]
    assert sum(isinstance(event, Ack) for event in events) == 20
    assert events.count(Unknown("diff_order_book")) == 641


@pytest.mark.recorded
def test_a_trade_of_2019_reads_the_same():
    (actual,) = BITSTAMP.parse(samples("map bitstamp messages", "messages")[1])

    assert repr(actual) == repr(Quote("btceur", 3651.3, time=1554076803.243152, sequence=84550458))


@pytest.mark.recorded
def test_the_recorded_pair_list_gives_these_markets():
    ((_, body),) = answers("ws/bitstamp/2021-04-17_BITSTAMP.0.log.gz")

    listings = BITSTAMP.parse_markets(body)

    assert len(listings) == 57
    assert listings[0] == Listing("btcusd", "BTC", "USD", active=True)
    assert Listing("gbpusd", "GBP", "USD", active=True) in listings
    assert sum(listing.active for listing in listings) == 56


@pytest.mark.unit
def test_perpetuals_and_bad_rows_are_left_out_of_the_markets():
    body = (
        b'[{"name":"BTC/USD-PERP","url_symbol":"btcusd-perp","trading":"Enabled"},'
        b'{"name":"ETH/EUR"},{"name":"XRP/USD","url_symbol":"xrpusd","trading":"Disabled"}]'
    )

    assert BITSTAMP.parse_markets(body) == [Listing("xrpusd", "XRP", "USD", active=False)]


@pytest.mark.unit
def test_a_bad_row_or_a_perpetual_does_not_cost_the_other_tickers():
    (actual,) = parse_tickers(TICKERS)

    assert repr(actual) == repr(
        Quote("btcusd", 77265.5, 77239.0, 77240.0, 108.78361, time=1789455809.0)
    )


@pytest.mark.unit
def test_each_market_is_asked_for_in_a_frame_of_its_own():
    assert BITSTAMP.subscribe(["btcusd", "etheur"]) == [
        Subscription(
            '{"event":"bts:subscribe","data":{"channel":"live_trades_btcusd"}}',
            ("btcusd",),
            ("live_trades_btcusd",),
        ),
        Subscription(
            '{"event":"bts:subscribe","data":{"channel":"live_trades_etheur"}}',
            ("etheur",),
            ("live_trades_etheur",),
        ),
    ]


@pytest.mark.unit
def test_a_request_to_reconnect_renews_the_connection():
    frame = b'{"event":"bts:request_reconnect","channel":"","data":""}'

    assert BITSTAMP.parse(frame) == (Renew("bts:request_reconnect"),)


@pytest.mark.unit
def test_an_error_is_a_refusal_with_its_reason():
    assert BITSTAMP.parse(ERROR) == (Refused("", "Bad subscription string."),)


@pytest.mark.unit
@pytest.mark.parametrize("event", ["bts:heartbeat", "bts:unsubscription_succeeded"])
def test_what_answers_us_without_news_says_nothing(event: str):
    frame = f'{{"event":"{event}","channel":"","data":{{"status":"success"}}}}'

    assert BITSTAMP.parse(frame.encode()) == ()


@pytest.mark.unit
@pytest.mark.parametrize(
    ("channel", "kind"), [("live_orders_btcusd", "live_orders"), ("", "order_created")]
)
def test_a_message_of_another_channel_is_counted_by_its_kind(channel: str, kind: str):
    frame = f'{{"event":"order_created","channel":"{channel}","data":{{}}}}'

    assert BITSTAMP.parse(frame.encode()) == (Unknown(kind),)


@pytest.mark.unit
@pytest.mark.parametrize("price", [b'"38,416"', b"null", b'"\xff"', b"[]"])
def test_a_trade_without_a_price_is_a_malformed_frame(price: bytes):
    with pytest.raises(FrameError, match="a trade must carry"):
        BITSTAMP.parse(TRADE.replace(b'"38416"', price))


@pytest.mark.unit
@pytest.mark.parametrize("frame", [b'{"event":"bts:\xff"}', b'{"event":"x","y":' + b"[" * 5000])
def test_bytes_that_are_no_message_are_a_malformed_frame(frame: bytes):
    with pytest.raises(FrameError, match="expected UTF-8 JSON"):
        BITSTAMP.parse(frame)


@pytest.mark.unit
def test_damage_raises_only_the_two_promised_errors():
    random = Random(11)
    for _ in range(4000):
        frame = bytearray(random.choice((TRADE, BOOK, ERROR)))
        at = random.randrange(len(frame))
        frame[at : at + random.randrange(3)] = random.randbytes(random.randrange(3))
        with suppress(FrameError, msgspec.MsgspecError):
            BITSTAMP.parse(bytes(frame[: random.randrange(2 * len(frame))]))
