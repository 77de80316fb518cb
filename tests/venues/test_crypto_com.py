"""Crypto.com Exchange, on recorded frames and on payloads written from its documentation.

Quotes hold NaN, which equals nothing, so they are compared as they print.
"""

from collections.abc import Iterator, Sequence
from datetime import date

import msgspec
import pytest

from app.market.quotes import Quote
from jobs.sandbox.voice import Heard
from jobs.sandbox.voices.crypto_com import CRYPTO_COM as VOICE
from jobs.venue import Ack, Event, FrameError, Listing, Refused, Reply, Subscription, Unknown
from jobs.venues.crypto_com import CRYPTO_COM, parse_tickers
from tests.recordings import answers, frames, samples

CAPTURE = "ws/crypto_com/2021-11-23_CRYPTO.COM.jsonl.gz"
ERA = CRYPTO_COM.at(date(2021, 11, 23))

TICKER = (
    b'{"id":-1,"method":"subscribe","code":0,"result":{"instrument_name":"BTC_USD",'
    b'"subscription":"ticker.BTC_USD","channel":"ticker","data":[{"h":"51790.00",'
    b'"l":"47895.50","a":"51174.500000","c":"0.03955106","b":"51170.000000","bs":"0.1000",'
    b'"k":"51180.000000","ks":"0.2000","i":"BTC_USD","v":"879.5024","vv":"26370000.12",'
    b'"oi":"0","t":1613580710768}]}}'
)


def parsed(frame: bytes | str) -> list[Event]:
    return list(CRYPTO_COM.parse(frame.encode() if isinstance(frame, str) else frame))


def recorded_quotes() -> Iterator[Quote]:
    for _, frame in frames(CAPTURE):
        yield from (event for event in ERA.parse(frame) if isinstance(event, Quote))


@pytest.mark.unit
def test_a_ticker_becomes_one_quote():
    expected = Quote("BTC_USD", 51174.5, 51170.0, 51180.0, 879.5024, time=1613580710.768)

    assert repr(parsed(TICKER)) == repr([expected])


@pytest.mark.unit
def test_what_a_quiet_market_leaves_null_stays_unsaid():
    frame = TICKER.replace(b'"51174.500000"', b"null").replace(b'"51170.000000"', b"null")

    assert repr(parsed(frame)) == repr(
        [Quote("BTC_USD", ask=51180.0, volume=879.5024, time=1613580710.768)]
    )


@pytest.mark.recorded
def test_the_recorded_tickers_and_trades_of_2021_give_these_quotes():
    quotes = list(recorded_quotes())
    tickers = [quote for quote in quotes if quote.bid == quote.bid]

    assert (len(quotes), len(tickers)) == (1484 + 139, 1484)
    assert repr(quotes[0]) == repr(Quote("MATIC_USDT", 1.75445, time=1637709515.137))
    assert repr(tickers[0]) == repr(
        Quote("BAND_USDT", 7.5328, 7.5248, 7.5328, 35912.66, time=1637709517.473)
    )
    assert repr(tickers[-1]) == repr(
        Quote("ONE_USDT", 0.32794, 0.32789, 0.32811, 134282690.6, time=1637709544.337)
    )


@pytest.mark.recorded
def test_the_bid_of_a_recorded_ticker_is_never_above_its_ask():
    assert all(quote.bid <= quote.ask for quote in recorded_quotes() if quote.bid == quote.bid)


@pytest.mark.recorded
def test_the_recorded_heartbeat_and_confirmations_of_2021_are_understood():
    events = [event for _, frame in frames(CAPTURE) for event in ERA.parse(frame)]

    assert [event for event in events if isinstance(event, Reply)] == [
        Reply('{"id":1637709519420,"method":"public/respond-heartbeat"}')
    ]
    assert [event for event in events if isinstance(event, Ack)] == [Ack("0")] * 4
    assert events.count(Unknown("book")) == 1525
    assert events.count(Unknown("candlestick")) == 10


@pytest.mark.recorded
def test_recorded_messages_of_api_v1_are_understood():
    events = [parsed(frame) for frame in samples("map crypto-com messages", "messages")]

    assert events[0] == [Ack("1")]
    assert events[8] == [Unknown("book.update")]
    assert repr(events[7]) == repr(
        [Quote("APEUSD-PERP", 4.6121, 4.6121, 4.6148, 123899.0, time=1667320303.754)]
    )
    assert repr(events[9]) == repr([Quote("BTC_USDT", 20432.51, time=1667320314.77)])


@pytest.mark.recorded
def test_the_recorded_instruments_of_2021_give_these_markets():
    ((_, body),) = answers(CAPTURE)

    listings = ERA.parse_markets(body)

    assert len(listings) == 250
    assert listings[0] == Listing("RSR_USDT", "RSR", "USDT")
    assert listings[-1] == Listing("EFI_USDT", "EFI", "USDT")


@pytest.mark.unit
def test_spot_pairs_are_listed_and_one_bad_row_does_not_cost_the_others():
    pair = b'"inst_type":"CCY_PAIR","base_ccy":"BTC","quote_ccy":"USD"'
    body = (
        b'{"id":1,"method":"public/get-instruments","code":0,"result":{"data":['
        b'{"symbol":"BTC_USD",' + pair + b',"tradable":true},{"symbol":"BTC_EUR"},'
        b'{"symbol":"BTCUSD-PERP","inst_type":"PERPETUAL_SWAP","base_ccy":"BTC",'
        b'"quote_ccy":"USD","tradable":true},{"symbol":"OLD_USD",' + pair + b',"tradable":false}]}}'
    )

    assert CRYPTO_COM.parse_markets(body) == [
        Listing("BTC_USD", "BTC", "USD"),
        Listing("OLD_USD", "BTC", "USD", active=False),
    ]


@pytest.mark.unit
def test_one_bad_row_of_the_tickers_does_not_cost_the_others():
    body = (
        b'{"id":-1,"method":"public/get-tickers","code":0,"result":{"data":['
        b'{"i":"BTC_USD","a":"1.5","b":"1.25","k":"1.75","v":"7","t":1613580710768},'
        b'{"i":"X_USD","a":"1,5","b":"1","k":"2","v":"7","t":1613580710768},'
        b'{"i":"ETH_USD","a":null,"b":null,"k":null,"v":"0","t":1613580710768}]}}'
    )

    assert repr(parse_tickers(body)) == repr(
        [
            Quote("BTC_USD", 1.5, 1.25, 1.75, 7.0, time=1613580710.768),
            Quote("ETH_USD", volume=0.0, time=1613580710.768),
        ]
    )


@pytest.mark.unit
@pytest.mark.parametrize(
    ("frame", "events"),
    [
        (
            b'{"id":9007199254740995,"method":"public/heartbeat","code":0}',
            [Reply('{"id":9007199254740995,"method":"public/respond-heartbeat"}')],
        ),
        (b'{"id":7,"method":"subscribe","code":0}', [Ack("7")]),
        (
            b'{"id":7,"method":"subscribe","code":40003,"message":"Unknown symbol"}',
            [Refused("7", "40003 Unknown symbol")],
        ),
        (b'{"id":-1,"method":"ERROR","code":40001}', [Refused("-1", "40001")]),
        (b'{"id":7,"method":"unsubscribe","code":0}', [Unknown("unsubscribe")]),
        (b'{"method":"subscribe","result":{"channel":"trade","data":[]}}', []),
    ],
)
def test_other_messages_give_these_events(frame: bytes, events: Sequence[Event]):
    assert parsed(frame) == events


@pytest.mark.unit
@pytest.mark.parametrize(
    "frame",
    [
        TICKER.replace(b'"51174.500000"', b'"51,174.5"'),
        TICKER.replace(b'"51174.500000"', b"[]"),
        TICKER.replace(b'"BTC_USD","v"', b'"BTC\xffUSD","v"'),
        TICKER[:200],
        b'{"id":"x","method":"public/heartbeat"}',
        b'{"result":' + b"[" * 100_000,
        b"{}",
        b"",
    ],
)
def test_a_malformed_frame_raises_a_typed_error(frame: bytes):
    for parse in (CRYPTO_COM.parse, ERA.parse):
        with pytest.raises((FrameError, msgspec.MsgspecError)):
            parse(frame)


@pytest.mark.unit
def test_each_market_is_asked_for_under_a_number_made_of_its_channel():
    assert list(CRYPTO_COM.subscribe(["BTC_USD"])) == [
        Subscription(
            '{"id":3232111153,"method":"subscribe","params":{"channels":["ticker.BTC_USD"]}}',
            ("BTC_USD",),
            ("3232111153",),
        )
    ]


@pytest.mark.unit
def test_the_voice_accepts_the_answer_to_its_heartbeat():
    assert VOICE.heartbeat is not None

    answer = '{"id":1700000000500,"method":"public/respond-heartbeat"}'

    assert parsed(VOICE.heartbeat(1700000000.5)) == [Reply(answer)]
    assert VOICE.hear(answer, 0.0) == Heard()


@pytest.mark.unit
def test_the_voice_understands_the_end_of_a_subscription():
    frame = '{"id":3,"method":"unsubscribe","params":{"channels":["ticker.BTC_USD"]}}'

    assert VOICE.hear(frame, 0.0) == Heard(
        ('{"id":3,"method":"unsubscribe","code":0}',), unsubscribe=("BTC_USD",)
    )


@pytest.mark.unit
@pytest.mark.parametrize(
    ("frame", "refusal"),
    [
        ("{", Refused("-1", "40001 Bad request")),
        ("\ud800", Refused("-1", "40001 Bad request")),
        ('{"id":3,"method":"private/x"}', Refused("3", "40002 Method not found")),
        (
            '{"id":3,"method":"subscribe","params":{"channels":["nothing.BTC_USD"]}}',
            Refused("3", "40003 Unknown channel"),
        ),
    ],
)
def test_the_voice_refuses_what_the_venue_would(frame: str, refusal: Refused):
    (reply,) = VOICE.hear(frame, 0.0).replies

    assert parsed(reply) == [refusal]
