"""Coinbase Exchange, on recorded frames and on payloads written from its documentation."""

import msgspec
import pytest

from app.market.quotes import Quote
from jobs.venue import Ack, Listing, Refused, Unknown
from jobs.venues.coinbase import COINBASE, parse_tickers
from tests.recordings import answers, frames

CAPTURE = "ws/coinbase/2021-04-17_COINBASE.ws.28.0.log.gz"

TICKER = (
    b'{"type":"ticker","sequence":37475248783,"product_id":"ETH-USD","price":"1285.22",'
    b'"open_24h":"1310.79","volume_24h":"245532.79269678","low_24h":"1280.52",'
    b'"high_24h":"1313.8","volume_30d":"9788783.60117027","best_bid":"1285.04",'
    b'"best_bid_size":"0.46688654","best_ask":"1285.27","best_ask_size":"1.56637040",'
    b'"side":"buy","time":"2022-10-19T23:28:22.061769Z","trade_id":370843401,'
    b'"last_size":"11.4396987"}'
)


@pytest.mark.unit
def test_a_ticker_becomes_one_quote():
    expected = Quote(
        "ETH-USD",
        1285.22,
        1285.04,
        1285.27,
        245532.79269678,
        time=1666222102.061769,
        sequence=37475248783,
    )

    (actual,) = COINBASE.parse(TICKER)

    assert repr(actual) == repr(expected)


@pytest.mark.recorded
def test_the_recorded_tickers_give_these_quotes():
    events = [event for _, frame in frames(CAPTURE) for event in COINBASE.parse(frame)]
    quotes = [event for event in events if isinstance(event, Quote)]

    assert len(quotes) == 107
    assert (
        quotes[0].symbol,
        quotes[0].last,
        quotes[0].bid,
        quotes[0].ask,
        quotes[0].sequence,
    ) == ("BAND-GBP", 14.7775, 14.755, 14.806, 333938798)
    assert quotes[0].time == 1618677810.244075


@pytest.mark.recorded
def test_the_recorded_product_list_gives_these_markets():
    ((_, body),) = answers("ws/coinbase/2021-04-17_COINBASE.0.log.gz")

    listings = COINBASE.parse_markets(body)

    assert Listing("SKL-USD", "SKL", "USD", active=True) in listings


@pytest.mark.unit
def test_a_confirmation_acknowledges_each_product():
    frame = b'{"type":"subscriptions","channels":[{"name":"ticker","product_ids":["BTC-USD"]}]}'

    assert [Ack("BTC-USD")] == list(COINBASE.parse(frame))


@pytest.mark.unit
def test_a_heartbeat_says_nothing():
    frame = b'{"type":"heartbeat","sequence":90,"last_trade_id":20,"product_id":"BTC-USD"}'

    assert COINBASE.parse(frame) == ()


@pytest.mark.unit
def test_an_error_is_a_refusal_with_its_reason():
    frame = b'{"type":"error","message":"Failed to subscribe","reason":"XX-YY is not valid"}'

    assert (Refused("", "Failed to subscribe: XX-YY is not valid"),) == COINBASE.parse(frame)


@pytest.mark.unit
def test_a_message_of_another_channel_is_counted_by_its_kind():
    assert (Unknown("l2update"),) == COINBASE.parse(b'{"type":"l2update","changes":[]}')


@pytest.mark.unit
@pytest.mark.parametrize("price", ['"2,080.1"', "null", '"NaN?"', "[]"])
def test_a_price_that_is_no_number_is_a_malformed_frame(price: str):
    with pytest.raises(msgspec.MsgspecError):
        COINBASE.parse(TICKER.replace(b'"1285.22"', price.encode()))


@pytest.mark.unit
def test_one_bad_row_of_the_statistics_does_not_cost_the_others():
    body = (
        b'{"BTC-USD":{"stats_24hour":{"open":"1","high":"2","low":"1","last":"1.5",'
        b'"volume":"7"}},"ETH-USD":{"stats_24hour":{"last":null,"volume":"1"}}}'
    )

    (actual,) = parse_tickers(body)

    assert repr(actual) == repr(Quote("BTC-USD", 1.5, volume=7.0))
