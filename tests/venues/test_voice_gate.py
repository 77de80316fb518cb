"""The Gate voice, heard by the Gate adapter."""

from collections.abc import Sequence

import pytest

from app.market.quotes import Quote
from jobs.sandbox.voice import Book, Heard
from jobs.sandbox.voices.gate import GATE as VOICE
from jobs.venue import Ack, Event, Listing, Refused
from jobs.venues.gate import GATE, parse_tickers

BOOKS = [
    Book(
        symbol=VOICE.symbol(base, "USDT"),
        base=base,
        quote="USDT",
        last=last,
        bid=last * 0.5,
        ask=last * 2,
        open=last * 0.75,
        high=last * 4,
        low=last * 0.25,
        volume=1234.5,
        time=1700000000.125,
        sequence=77,
    )
    for base, last in (("BTC", 64000.25), ("SHIB", 0.0000125))
]
# Symbol, last, bid, ask, volume and turnover of each book.
NUMBERS = (
    ("BTC_USDT", 64000.25, 32000.125, 128000.5, 1234.5, 79008308.625),
    ("SHIB_USDT", 0.0000125, 0.00000625, 0.000025, 1234.5, 0.01543125),
)


@pytest.mark.unit
def test_a_change_of_the_book_is_heard_as_a_ticker():
    quotes = [event for book in BOOKS for event in heard(VOICE.say(book))]

    assert quotes == [Quote(*numbers, time=1700000000.125) for numbers in NUMBERS]


@pytest.mark.unit
def test_the_pair_list_names_the_markets():
    assert GATE.parse_markets(answer(GATE.markets.path)) == [
        Listing("BTC_USDT", "BTC", "USDT", active=True),
        Listing("SHIB_USDT", "SHIB", "USDT", active=True),
    ]


@pytest.mark.unit
def test_the_tickers_carry_the_book_and_both_volumes():
    assert repr(parse_tickers(answer("/api/v4/spot/tickers"))) == repr(
        [Quote(*numbers) for numbers in NUMBERS]
    )


@pytest.mark.unit
def test_a_subscription_is_confirmed_under_its_key():
    for subscription in GATE.subscribe([f"A{number}_USDT" for number in range(30)]):
        answered = VOICE.hear(subscription.frame, 1700000000.0)

        assert answered.subscribe == subscription.symbols
        assert events(answered) == [Ack(key) for key in subscription.keys]


@pytest.mark.unit
def test_an_unsubscription_ends_the_markets():
    frame = '{"time":0,"channel":"spot.tickers","event":"unsubscribe","payload":["A_B","C_D"]}'

    answered = VOICE.hear(frame, 1700000000.0)

    assert answered.unsubscribe == ("A_B", "C_D")
    assert events(answered) == []


@pytest.mark.unit
def test_our_ping_is_answered():
    assert GATE.ping is not None

    answered = VOICE.hear(GATE.ping.frame, 1700000000.5)

    assert answered == Heard(
        (
            b'{"time":1700000000,"time_ms":1700000000500,"channel":"spot.pong","event":"",'
            b'"result":null}',
        )
    )
    assert events(answered) == []


@pytest.mark.unit
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
    assert events(VOICE.hear(frame, 0.0)) == [refusal]


def heard(said: bytes | str) -> Sequence[Event]:
    return GATE.parse(said if isinstance(said, bytes) else said.encode())


def events(answered: Heard) -> list[Event]:
    return [event for reply in answered.replies for event in heard(reply)]


def answer(path: str) -> bytes:
    (route,) = [route for route in VOICE.routes if route.path == path]
    return route.answer(BOOKS, {}, 1700000009.75)
