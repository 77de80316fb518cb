"""What only the KuCoin voice does: a token leads to its stream."""

import pytest

from jobs.sandbox.voices.kucoin import KUCOIN as VOICE
from jobs.venue import Ack, Refused
from jobs.venues.kucoin import KUCOIN, parse_token
from tests.venues.hearing import answer, events, heard

pytestmark = pytest.mark.unit


def test_the_token_leads_to_the_stream_and_tells_the_interval():
    assert KUCOIN.token is not None

    address = parse_token(answer(VOICE, KUCOIN.token.path, []))

    assert address.url.startswith("{stream}?token=")
    assert address.ping_every == 9.0


def test_the_greeting_says_nothing():
    assert VOICE.greeting is not None

    assert [event for said in VOICE.greeting(0.0) for event in heard("kucoin", said)] == []


def test_an_unsubscription_ends_the_markets():
    answered = VOICE.hear('{"id":3,"type":"unsubscribe","topic":"/market/ticker:A-B,C-D"}', 0.0)

    assert answered.unsubscribe == ("A-B", "C-D")
    assert events("kucoin", answered) == [Ack("3")]


@pytest.mark.parametrize(
    ("frame", "refusal"),
    [
        ("?", Refused("", "400: message is invalid")),
        ("[]", Refused("", "400: message is invalid")),
        ('{"id":"4","type":"buy"}', Refused("4", "415: command type is invalid")),
        ('{"id":"4","type":"subscribe"}', Refused("4", "404: topic  is not found")),
        (
            '{"id":"4","type":"subscribe","topic":"/market/ticker:' + "A-B," * 100 + 'A-B"}',
            Refused("4", "509: exceed max subscription count limitation of 100 per time"),
        ),
    ],
)
def test_what_it_does_not_understand_it_refuses(frame: str, refusal: Refused):
    assert events("kucoin", VOICE.hear(frame, 0.0)) == [refusal]
