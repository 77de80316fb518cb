"""The Bitfinex voice, heard by the Bitfinex adapter."""

from collections.abc import Sequence

import pytest

from app.market.quotes import Quote
from jobs.sandbox.voice import Book, Heard
from jobs.sandbox.voices.bitfinex import BITFINEX as VOICE
from jobs.venue import Ack, Alias, Event, Listing, Refused
from jobs.venues.bitfinex import BITFINEX, parse_tickers

BOOKS = [
    Book(
        symbol=VOICE.symbol(base, "UST"),
        base=base,
        quote="UST",
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
# Last, bid, ask and volume of each book.
NUMBERS = (
    (64000.25, 32000.125, 128000.5, 1234.5),
    (0.0000125, 0.00000625, 0.000025, 1234.5),
)


@pytest.mark.unit
def test_a_change_of_the_book_is_heard_as_a_ticker_of_the_channel():
    quotes = [event for book in BOOKS for event in heard(VOICE.say(book))]

    assert repr(quotes) == repr([Quote("336488920", *NUMBERS[0]), Quote("3843978789", *NUMBERS[1])])


@pytest.mark.unit
def test_the_channel_of_a_quote_is_the_one_that_was_confirmed():
    for book in BOOKS:
        (subscription,) = BITFINEX.subscribe([book.symbol])
        (quote,) = heard(VOICE.say(book))

        assert isinstance(quote, Quote)
        assert events(VOICE.hear(subscription.frame, 0.0)) == [
            Ack(book.symbol),
            Alias(quote.symbol, book.symbol),
        ]


@pytest.mark.unit
def test_the_pair_list_names_the_markets():
    assert BITFINEX.parse_markets(answer(BITFINEX.markets.path)) == [
        Listing("tBTCUST", "BTC", "UST", active=True),
        Listing("tSHIB:UST", "SHIB", "UST", active=True),
    ]


@pytest.mark.unit
def test_the_tickers_carry_the_book_and_the_volume():
    assert repr(parse_tickers(answer("/v2/tickers"))) == repr(
        [Quote("tBTCUST", *NUMBERS[0]), Quote("tSHIB:UST", *NUMBERS[1])]
    )


@pytest.mark.unit
def test_the_adapter_undoes_every_alias_of_the_voice():
    assert {BITFINEX.aliases[own]: own for own in VOICE.aliases.values()} == VOICE.aliases


@pytest.mark.unit
def test_a_subscription_is_confirmed_under_its_keys():
    for subscription in BITFINEX.subscribe(["tBTCUST", "tSHIB:UST"]):
        answered = VOICE.hear(subscription.frame, 0.0)
        acks = [event.key for event in events(answered) if isinstance(event, Ack)]

        assert answered.subscribe == subscription.symbols
        assert tuple(acks) == subscription.keys


@pytest.mark.unit
def test_greeting_heartbeat_and_settings_say_nothing():
    assert VOICE.greeting is not None
    assert VOICE.heartbeat is not None

    said = (*VOICE.greeting(0.0), VOICE.heartbeat(0.0))

    assert [event for frame in said for event in heard(frame)] == []
    assert events(VOICE.hear('{"event":"conf","flags":32768}', 0.0)) == []
    assert events(VOICE.hear('{"event":"unsubscribe","chanId":7}', 0.0)) == []


@pytest.mark.unit
def test_our_ping_is_answered():
    assert BITFINEX.ping is not None

    answered = VOICE.hear(BITFINEX.ping.frame, 1700000000.5)

    assert answered == Heard((b'{"event":"pong","ts":1700000000500,"cid":1}',))
    assert events(answered) == []


@pytest.mark.unit
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
    assert events(VOICE.hear(frame, 0.0)) == [refusal]


def heard(said: bytes | str) -> Sequence[Event]:
    return BITFINEX.parse(said if isinstance(said, bytes) else said.encode())


def events(answered: Heard) -> list[Event]:
    return [event for reply in answered.replies for event in heard(reply)]


def answer(path: str) -> bytes:
    (route,) = [route for route in VOICE.routes if route.path == path]
    return route.answer(BOOKS, {}, 1700000009.75)
