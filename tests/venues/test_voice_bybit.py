"""What only the Bybit voice does: a price and a book take turns."""

import pytest

from app.market.quotes import Quote
from jobs.sandbox.voices.bybit import BYBIT as VOICE
from jobs.venue import FrameError, Refused
from jobs.venues.bybit import parse_tickers
from tests.venues.hearing import answer, book, events, heard

pytestmark = pytest.mark.unit


def test_an_even_change_is_heard_as_a_book():
    books = [book(VOICE, base, "USDT", sequence=78) for base in ("BTC", "SHIB")]
    quotes = [quote for each in books for quote in heard("bybit", VOICE.say(each))]

    assert repr(quotes) == repr(
        [
            Quote("BTCUSDT", bid=32000.125, ask=128000.5, time=1700000000.125),
            Quote("SHIBUSDT", bid=0.00000625, ask=0.000025, time=1700000000.125),
        ]
    )


def test_a_category_must_be_asked_for():
    with pytest.raises(FrameError, match="Category is invalid"):
        parse_tickers(answer(VOICE, "/v5/market/tickers?category=spots", []))


@pytest.mark.parametrize(
    ("frame", "refused"),
    [
        ("?", Refused("", "Failed to decode incoming data")),
        ("[]", Refused("", "Failed to decode incoming data")),
        ('{"op":"nope","req_id":"7"}', Refused("7", "error:invalid op")),
        (
            '{"op":"subscribe","req_id":"7","args":[' + ",".join(11 * ['"tickers.X"']) + "]}",
            Refused("7", "args size >10"),
        ),
    ],
)
def test_what_it_does_not_understand_it_refuses(frame: str, refused: Refused):
    answered = VOICE.hear(frame, 0.0)

    assert (answered.subscribe, events("bybit", answered)) == ((), [refused])
