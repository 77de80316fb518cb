"""What the Bitstamp voice refuses, and how."""

import pytest

from jobs.sandbox.voices.bitstamp import BITSTAMP as VOICE
from jobs.venue import Refused
from tests.venues.hearing import events

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        ("?", "Incorrect JSON format."),
        ("[]", "Incorrect JSON format."),
        ('{"event":"bts:subscribe","data":{"channel":"btceur"}}', "Bad subscription string."),
        ('{"event":"bts:subscribe"}', "Bad subscription string."),
        ('{"event":"x","data":{"channel":"live_trades_btceur"}}', "Bad event."),
    ],
)
def test_what_it_does_not_understand_it_refuses(frame: str, reason: str):
    assert events("bitstamp", VOICE.hear(frame, 0.0)) == [Refused("", reason)]
