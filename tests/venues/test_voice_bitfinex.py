"""What only the Bitfinex voice does: channels have numbers."""

import pytest

from app.market.quotes import Quote
from jobs.sandbox.voices.bitfinex import BITFINEX as VOICE
from jobs.venue import Ack, Alias, Refused
from jobs.venues.bitfinex import BITFINEX
from tests.venues.hearing import book, events, heard

pytestmark = pytest.mark.unit


def test_the_channel_of_a_quote_is_the_one_that_was_confirmed():
    for told in (book(VOICE, "BTC", "UST"), book(VOICE, "SHIB", "UST")):
        (subscription,) = BITFINEX.subscribe([told.symbol])
        (quote,) = heard("bitfinex", VOICE.say(told))

        assert isinstance(quote, Quote)
        assert events("bitfinex", VOICE.hear(subscription.frame, 0.0)) == [
            Ack(told.symbol),
            Alias(quote.symbol, told.symbol),
        ]


def test_the_adapter_undoes_every_alias_of_the_voice():
    assert {BITFINEX.aliases[own]: own for own in VOICE.aliases.values()} == VOICE.aliases


def test_greeting_heartbeat_and_settings_say_nothing():
    assert VOICE.greeting is not None
    assert VOICE.heartbeat is not None

    said = (*VOICE.greeting(0.0), VOICE.heartbeat(0.0))

    assert [event for frame in said for event in heard("bitfinex", frame)] == []
    assert events("bitfinex", VOICE.hear('{"event":"conf","flags":32768}', 0.0)) == []
    assert events("bitfinex", VOICE.hear('{"event":"unsubscribe","chanId":7}', 0.0)) == []


@pytest.mark.parametrize(
    ("frame", "refusal"),
    [
        ("?", Refused("", "10000: event: invalid")),
        ("[]", Refused("", "10000: event: invalid")),
        ('{"event":"nope"}', Refused("", "10000: event: invalid (nope)")),
        (
            '{"event":"subscribe","channel":"ticker","symbol":"BTCUST"}',
            Refused("BTCUST", "10300: symbol: invalid"),
        ),
        (
            '{"event":"subscribe","channel":"book","symbol":"tBTCUST"}',
            Refused("tBTCUST", "10300: channel: unknown"),
        ),
    ],
)
def test_what_it_does_not_understand_it_refuses(frame: str, refusal: Refused):
    assert events("bitfinex", VOICE.hear(frame, 0.0)) == [refusal]
