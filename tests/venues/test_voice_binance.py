"""What only the Binance voice does."""

import pytest

from jobs.sandbox.voices.binance import BINANCE as VOICE
from jobs.venue import Refused
from tests.venues.hearing import book, events

pytestmark = pytest.mark.unit


def test_prices_are_written_without_an_exponent():
    said = VOICE.say(book(VOICE, "SHIB", "USDT"))

    assert isinstance(said, bytes)
    assert b'"c":"0.0000125"' in said


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        ("?", "Invalid JSON: expected value at line 1 column 1"),
        pytest.param(
            '{"x":' + "[" * 100_000, "Invalid JSON: expected value at line 1 column 1", id="deep"
        ),
        ("{}", "Invalid request: missing field `method` at line 1 column 1"),
        ('{"method":"LISTEN"}', "Invalid request: unknown variant `LISTEN`"),
    ],
)
def test_what_it_does_not_understand_it_refuses(frame: str, reason: str):
    heard = VOICE.hear(frame, 0.0)

    assert (heard.subscribe, events("binance", heard)) == ((), [Refused("", reason)])
