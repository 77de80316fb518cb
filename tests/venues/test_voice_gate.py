"""What only the Gate voice does."""

import pytest

from jobs.sandbox.voices.gate import GATE as VOICE
from jobs.venue import Refused
from tests.venues.hearing import events

pytestmark = pytest.mark.unit


def test_an_unsubscription_ends_the_markets():
    frame = '{"time":0,"channel":"spot.tickers","event":"unsubscribe","payload":["A_B","C_D"]}'

    answered = VOICE.hear(frame, 1700000000.0)

    assert answered.unsubscribe == ("A_B", "C_D")
    assert events("gate", answered) == []


@pytest.mark.parametrize(
    ("frame", "refusal"),
    [
        ("?", Refused("", "1: invalid request body format")),
        ("[]", Refused("", "1: invalid request body format")),
        ('{"id":4,"channel":"spot.x"}', Refused("4", "2: unknown channel spot.x")),
        ('{"id":4,"channel":"spot.tickers","event":"x"}', Refused("4", "2: unknown event x")),
    ],
)
def test_what_it_does_not_understand_it_refuses(frame: str, refusal: Refused):
    assert events("gate", VOICE.hear(frame, 0.0)) == [refusal]
