"""Gemini, on recorded frames and on payloads written from its documentation.

Quotes hold NaN, which equals nothing, so they are compared as they print.
"""

from collections.abc import Sequence

import msgspec
import pytest

from app.market.quotes import Quote
from jobs.sandbox.voice import Heard
from jobs.sandbox.voices.gemini import GEMINI as VOICE
from jobs.venue import Event, FrameError, Listing, Refused, Subscription, Unknown
from jobs.venues.gemini import GEMINI, parse_tickers
from tests.recordings import answers, frames, samples

CAPTURE = "ws/gemini/2021-04-17_GEMINI.ws.36.0.log.gz"

TRADE = (
    b'{"type":"trade","symbol":"BTCUSD","event_id":3575573053,"timestamp":1547742904989,'
    b'"price":"9004.21000000","quantity":"0.09110000","side":"buy","tid":2840140800042677}'
)


def parsed(frame: bytes | str) -> Sequence[Event]:
    return GEMINI.parse(frame.encode() if isinstance(frame, str) else frame)


def recorded_quotes() -> list[Quote]:
    events = [event for _, frame in frames(CAPTURE) for event in GEMINI.parse(frame)]
    return [event for event in events if isinstance(event, Quote)]


@pytest.mark.unit
def test_a_trade_becomes_a_quote_of_its_price():
    expected = Quote("BTCUSD", 9004.21, time=1547742904.989, sequence=3575573053)

    assert repr(list(GEMINI.parse(TRADE))) == repr([expected])


@pytest.mark.unit
def test_a_block_trade_is_no_price():
    assert GEMINI.parse(TRADE.replace(b'"buy"', b'"block"')) == ()


@pytest.mark.recorded
def test_the_recorded_trades_and_first_books_give_these_quotes():
    quotes = recorded_quotes()

    assert len(quotes) == 51 + 10
    assert repr(quotes[0]) == repr(
        Quote("ETHUSD", 2369.45, time=1618677934.572, sequence=34359605192)
    )
    assert repr(quotes[-1]) == repr(
        Quote("LTCUSD", 315.49, time=1618677973.312, sequence=34359704278)
    )


@pytest.mark.recorded
def test_the_recorded_event_ids_of_a_market_only_rise():
    newest: dict[str, int] = {}
    for quote in recorded_quotes():
        assert quote.sequence > newest.get(quote.symbol, 0)
        newest[quote.symbol] = quote.sequence

    assert len(newest) == 10


@pytest.mark.recorded
def test_the_newer_stream_is_understood_in_our_spelling():
    events = [list(GEMINI.parse(frame)) for frame in samples("map gemini v3 messages", "messages")]

    assert repr(events) == repr(
        [
            [Unknown("depthUpdate")],
            [Quote("BTCRLUSD", 62145.38, time=1783981140.0856843)],
            [Quote("XRPGUSD", bid=1.06149, ask=1.0615, time=1783981140.076872)],
            [Unknown("depthUpdate")],
        ]
    )


@pytest.mark.recorded
def test_the_recorded_symbol_list_gives_these_markets():
    ((_, body),) = answers("ws/gemini/2021-04-17_GEMINI.0.log.gz")

    listings = GEMINI.parse_markets(body)

    assert len(listings) == 57
    assert listings[0] == Listing("BTCUSD", "BTC", "USD")
    assert Listing("PAXGUSD", "PAXG", "USD") in listings
    assert Listing("LTCBCH", "LTC", "BCH") in listings
    assert Listing("1INCHUSD", "1INCH", "USD") in listings


@pytest.mark.unit
def test_a_dollar_coin_is_the_quote_only_of_bases_that_are_listed_in_dollars_too():
    body = b'["btcusd","btcgusd","btcrlusd","paxgusd","ethusdc","efilfil","btcgusdperp","usd",5]'

    assert GEMINI.parse_markets(body) == [
        Listing("BTCUSD", "BTC", "USD"),
        Listing("BTCGUSD", "BTC", "GUSD"),
        Listing("BTCRLUSD", "BTC", "RLUSD"),
        Listing("PAXGUSD", "PAXG", "USD"),
        Listing("ETHUSDC", "ETH", "USDC"),
        Listing("EFILFIL", "EFIL", "FIL"),
    ]


@pytest.mark.unit
def test_one_bad_row_of_the_price_feed_does_not_cost_the_others():
    body = (
        b'[{"pair":"BTCUSD","price":"9500.00","percentChange24h":"5.23"},{"pair":"ETHUSD"},'
        b'{"pair":"ZEC\xffUSD","price":"1"},{"pair":"BCHUSD","price":"230.10"}]'
    )

    assert repr(list(parse_tickers(body))) == repr(
        [Quote("BTCUSD", 9500.0), Quote("BCHUSD", 230.1)]
    )


@pytest.mark.unit
def test_the_first_book_message_gives_its_newest_good_trade():
    frame = (
        b'{"type":"l2_updates","symbol":"BTCUSD","changes":[["buy","9122.04","0.1"]],"trades":['
        b'{"type":"trade","symbol":"BTCUSD","timestamp":1560976400420,"price":"9122"},'
        b'{"type":"trade","symbol":"BTCUSD","timestamp":1560976400428,"price":"9123"},'
        b'{"type":"trade","symbol":"BTCUSD","timestamp":1560976400429,"price":null}]}'
    )

    assert repr(list(GEMINI.parse(frame))) == repr([Quote("BTCUSD", 9123.0, time=1560976400.428)])


@pytest.mark.unit
@pytest.mark.parametrize(
    ("frame", "events"),
    [
        (b'{"type":"heartbeat","timestamp":1547742998508}', []),
        (b'{"type":"l2_updates","symbol":"BTCUSD","changes":[["sell","1","2"]]}', []),
        (b'{"type":"l2_updates","symbol":"BTCUSD","changes":[],"trades":[]}', []),
        (
            b'{"reason":"NoValidTradingPairs","result":"error"}',
            [Refused("", "NoValidTradingPairs")],
        ),
        (b'{"type":"candles_1m_updates","changes":[]}', [Unknown("candles_1m_updates")]),
    ],
)
def test_other_messages_give_these_events(frame: bytes, events: list[Event]):
    assert list(GEMINI.parse(frame)) == events


@pytest.mark.unit
@pytest.mark.parametrize(
    "frame",
    [
        TRADE.replace(b'"9004.21000000"', b'"9,004.21"'),
        TRADE.replace(b'"9004.21000000"', b"null"),
        TRADE.replace(b"BTCUSD", b"BTC\xffSD"),
        TRADE[:60],
        b'{"E":1783981140085684200,"s":"btcusd","t":2840141014190422}',
        b'{"type":' + b"[" * 100_000,
        b"",
        b"[]",
    ],
)
def test_a_malformed_frame_raises_a_typed_error(frame: bytes):
    with pytest.raises((FrameError, msgspec.MsgspecError)):
        GEMINI.parse(frame)


@pytest.mark.unit
def test_all_markets_are_asked_for_in_one_frame():
    frame = '{"type":"subscribe","subscriptions":[{"name":"l2","symbols":["BTCUSD","ETHBTC"]}]}'

    assert list(GEMINI.subscribe(["BTCUSD", "ETHBTC"])) == [
        Subscription(frame, ("BTCUSD", "ETHBTC"))
    ]


@pytest.mark.unit
def test_the_heartbeat_of_the_voice_says_nothing():
    assert VOICE.heartbeat is not None
    assert parsed(VOICE.heartbeat(1700000000.0)) == ()


@pytest.mark.unit
def test_the_voice_understands_the_subscription_and_its_end():
    (asked,) = GEMINI.subscribe(["BTCUSD", "ETHBTC"])

    assert VOICE.hear(asked.frame, 0.0) == Heard(subscribe=("BTCUSD", "ETHBTC"))
    assert VOICE.hear(asked.frame.replace("subscribe", "unsubscribe", 1), 0.0) == Heard(
        unsubscribe=("BTCUSD", "ETHBTC")
    )


@pytest.mark.unit
@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        ("{", "InvalidJson"),
        ("\ud800", "InvalidJson"),
        (
            '{"type":"subscribe","subscriptions":[{"name":"l2","symbols":["btcusd"]}]}',
            "NoValidTradingPairs",
        ),
    ],
)
def test_the_voice_refuses_what_the_venue_would(frame: str, reason: str):
    (reply,) = VOICE.hear(frame, 0.0).replies

    assert parsed(reply) == (Refused("", reason),)
