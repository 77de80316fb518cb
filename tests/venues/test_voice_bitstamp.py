"""The Bitstamp voice, heard by the Bitstamp adapter."""

from collections.abc import Sequence

import pytest

from app.market.quotes import Quote
from jobs.sandbox.voice import Book, Heard
from jobs.sandbox.voices.bitstamp import BITSTAMP as VOICE
from jobs.venue import Ack, Event, Listing, Refused
from jobs.venues.bitstamp import BITSTAMP, parse_tickers

BOOKS = [
    Book(
        symbol=VOICE.symbol(base, "EUR"),
        base=base,
        quote="EUR",
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


@pytest.mark.unit
def test_a_change_of_the_book_is_heard_as_a_trade_at_the_last_price():
    quotes = [event for book in BOOKS for event in heard(VOICE.say(book))]

    assert repr(quotes) == repr(
        [
            Quote("btceur", 64000.25, time=1700000000.125, sequence=77),
            Quote("shibeur", 0.0000125, time=1700000000.125, sequence=77),
        ]
    )


@pytest.mark.unit
def test_the_pair_list_names_the_markets():
    assert BITSTAMP.parse_markets(answer(BITSTAMP.markets.path)) == [
        Listing("btceur", "BTC", "EUR", active=True),
        Listing("shibeur", "SHIB", "EUR", active=True),
    ]


@pytest.mark.unit
def test_the_tickers_carry_the_book_and_the_volume():
    assert repr(parse_tickers(answer("/api/v2/ticker/"))) == repr(
        [
            Quote("btceur", 64000.25, 32000.125, 128000.5, 1234.5, time=1700000009.0),
            Quote("shibeur", 0.0000125, 0.00000625, 0.000025, 1234.5, time=1700000009.0),
        ]
    )


@pytest.mark.unit
def test_a_subscription_is_confirmed_under_its_keys():
    for subscription in BITSTAMP.subscribe(["btceur", "shibeur"]):
        answered = VOICE.hear(subscription.frame, 0.0)

        assert answered.subscribe == subscription.symbols
        assert events(answered) == [Ack(key) for key in subscription.keys]


@pytest.mark.unit
def test_an_unsubscription_ends_the_market():
    answered = VOICE.hear(
        '{"event":"bts:unsubscribe","data":{"channel":"live_trades_btceur"}}', 0.0
    )

    assert answered.unsubscribe == ("btceur",)
    assert events(answered) == []


@pytest.mark.unit
def test_our_ping_is_answered():
    assert BITSTAMP.ping is not None

    answered = VOICE.hear(BITSTAMP.ping.frame, 0.0)

    assert answered == Heard(
        (b'{"event":"bts:heartbeat","channel":"","data":{"status":"success"}}',)
    )
    assert events(answered) == []


@pytest.mark.unit
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
    assert events(VOICE.hear(frame, 0.0)) == [Refused("", reason)]


def heard(said: bytes | str) -> Sequence[Event]:
    return BITSTAMP.parse(said if isinstance(said, bytes) else said.encode())


def events(answered: Heard) -> list[Event]:
    return [event for reply in answered.replies for event in heard(reply)]


def answer(path: str) -> bytes:
    (route,) = [route for route in VOICE.routes if route.path == path]
    return route.answer(BOOKS, {}, 1700000009.75)
