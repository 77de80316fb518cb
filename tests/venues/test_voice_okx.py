"""What only the OKX voice does."""

import pytest

from jobs.sandbox.voices.okx import OKX as VOICE
from jobs.venue import FrameError, Refused
from jobs.venues.okx import OKX, parse_tickers
from tests.venues.hearing import answer, events

pytestmark = pytest.mark.unit


def test_an_instrument_type_must_be_asked_for():
    with pytest.raises(FrameError, match="51000"):
        parse_tickers(answer(VOICE, "/api/v5/market/tickers?instType=SWAP", []))


def test_a_silent_stream_is_given_up_before_the_venue_hangs_up():
    assert OKX.silence_after < VOICE.close_on_silence


@pytest.mark.parametrize("frame", ["?", "[]", '{"op":"listen","args":[]}', "\ud800"])
def test_what_it_does_not_understand_it_refuses(frame: str):
    answered = VOICE.hear(frame, 0.0)

    assert answered.subscribe == ()
    assert events("okx", answered) == [Refused("", f"Invalid request: {frame!a}")]


def test_a_channel_that_it_does_not_have_is_refused_by_name():
    frame = '{"op":"subscribe","args":[{"channel":"trades","instId":"BTC-USDT"}]}'

    answered = VOICE.hear(frame, 0.0)

    (refused,) = events("okx", answered)
    assert answered.subscribe == ()
    assert isinstance(refused, Refused)
    assert refused.key == "BTC-USDT"
