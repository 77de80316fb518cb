"""What only the HTX voice does: frames are packed, and both sides ping."""

import pytest

from jobs.sandbox.voice import Heard
from jobs.sandbox.voices.htx import HTX as VOICE
from jobs.venue import Ack, Refused, Reply
from jobs.venues.htx import gunzip
from tests.venues.hearing import NOW, heard

pytestmark = pytest.mark.unit


def test_the_voice_takes_several_topics_at_once_and_their_end():
    topics = '["market.btcusdt.ticker","market.ethbtc.ticker"]'

    asked = VOICE.hear(f'{{"sub":{topics},"id":"1"}}', NOW)
    ended = VOICE.hear(f'{{"unsub":{topics}}}', NOW)

    assert asked.subscribe == ended.unsubscribe == ("btcusdt", "ethbtc")
    assert [heard("htx", reply) for reply in asked.replies] == [
        [Ack("market.btcusdt.ticker")],
        [Ack("market.ethbtc.ticker")],
    ]


def test_the_ping_of_the_voice_is_answered_with_its_own_number():
    assert VOICE.heartbeat is not None

    (reply,) = heard("htx", VOICE.heartbeat(NOW))

    assert reply == Reply('{"pong":1700000009750}')
    assert VOICE.hear('{"pong":1700000009750}', NOW) == Heard()


def test_the_voice_answers_a_ping_of_the_client():
    (reply,) = VOICE.hear('{"ping":5}', NOW).replies

    assert isinstance(reply, bytes)
    assert gunzip(reply) == b'{"pong":5}'


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
    assert [heard("htx", reply) for reply in answer.replies] == [[refusal]]
