"""The HTX voice, heard by the HTX adapter."""

from collections.abc import Sequence

import pytest

from app.market.quotes import Quote
from jobs.sandbox.voice import Book, Heard
from jobs.sandbox.voices.htx import HTX as VOICE
from jobs.venue import Ack, Event, Listing, Refused, Reply
from jobs.venues.htx import HTX, gunzip

BOOK = Book(
    symbol="btcusdt",
    base="BTC",
    quote="USDT",
    last=60707.03,
    bid=60706.5,
    ask=60707.5,
    open=60000.0,
    high=61000.25,
    low=59000.75,
    volume=1234.5,
    time=1700000000.123,
    sequence=7,
)
NOW = 1700000001.5


def heard(frame: bytes | str) -> Sequence[Event]:
    assert isinstance(frame, bytes)
    return HTX.parse(gunzip(frame))


@pytest.mark.unit
def test_the_adapter_hears_the_numbers_of_the_book():
    expected = Quote(
        "btcusdt", 60707.03, 60706.5, 60707.5, 1234.5, 60707.03 * 1234.5, 1700000000.123
    )

    assert repr(list(heard(VOICE.say(BOOK)))) == repr([expected])


@pytest.mark.unit
def test_the_voice_lists_markets_and_tickers_at_the_addresses_that_the_adapter_asks():
    bodies = {route.path: route.answer([BOOK], {}, NOW) for route in VOICE.routes}
    expected = Quote("btcusdt", 60707.03, 60706.5, 60707.5, 1234.5, 60707.03 * 1234.5, NOW)

    assert HTX.tickers is not None
    assert HTX.parse_tickers is not None
    assert HTX.parse_markets(bodies[HTX.markets.path]) == [Listing("btcusdt", "BTC", "USDT")]
    assert repr(HTX.parse_tickers(bodies[HTX.tickers.path])) == repr([expected])


@pytest.mark.unit
def test_the_voice_confirms_each_subscription_of_the_adapter():
    for asked in HTX.subscribe(["btcusdt", "ethbtc"]):
        answer = VOICE.hear(asked.frame, NOW)

        assert answer.subscribe == asked.symbols
        assert [event for reply in answer.replies for event in heard(reply)] == [
            Ack(key) for key in asked.keys
        ]


@pytest.mark.unit
def test_the_voice_takes_several_topics_at_once_and_their_end():
    topics = '["market.btcusdt.ticker","market.ethbtc.ticker"]'

    asked = VOICE.hear(f'{{"sub":{topics},"id":"1"}}', NOW)
    ended = VOICE.hear(f'{{"unsub":{topics}}}', NOW)

    assert asked.subscribe == ended.unsubscribe == ("btcusdt", "ethbtc")
    assert [list(heard(reply)) for reply in asked.replies] == [
        [Ack("market.btcusdt.ticker")],
        [Ack("market.ethbtc.ticker")],
    ]


@pytest.mark.unit
def test_the_ping_of_the_voice_is_answered_with_its_own_number():
    assert VOICE.heartbeat is not None

    (reply,) = heard(VOICE.heartbeat(NOW))

    assert reply == Reply('{"pong":1700000001500}')
    assert VOICE.hear('{"pong":1700000001500}', NOW) == Heard()


@pytest.mark.unit
def test_the_voice_answers_a_ping_of_the_client():
    (reply,) = VOICE.hear('{"ping":5}', NOW).replies

    assert isinstance(reply, bytes)
    assert gunzip(reply) == b'{"pong":5}'


@pytest.mark.unit
@pytest.mark.parametrize(
    ("frame", "refusal"),
    [
        ("{", Refused("", "invalid request")),
        ("\ud800", Refused("", "invalid request")),
        ('{"id":"a"}', Refused("a", "invalid topic")),
        (
            '{"sub":"market.btcusdt.depth.step9","id":"a"}',
            Refused("a", "invalid topic market.btcusdt.depth.step9"),
        ),
    ],
)
def test_the_voice_refuses_what_the_venue_would(frame: str, refusal: Refused):
    answer = VOICE.hear(frame, NOW)

    assert answer.subscribe == ()
    assert [list(heard(reply)) for reply in answer.replies] == [[refusal]]
