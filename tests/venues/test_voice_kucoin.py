"""The KuCoin voice, heard by the KuCoin adapter."""

from collections.abc import Sequence

import pytest

from app.market.quotes import Quote
from jobs.sandbox.voice import Book, Heard
from jobs.sandbox.voices.kucoin import KUCOIN as VOICE
from jobs.venue import Ack, Event, Listing, Refused
from jobs.venues.kucoin import KUCOIN, parse_tickers, parse_token

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
    for base, last in (("BSV", 50.25), ("SHIB", 0.0000125))
]


@pytest.mark.unit
def test_a_change_of_the_book_is_heard_as_a_ticker():
    quotes = [event for book in BOOKS for event in heard(VOICE.say(book))]

    assert repr(quotes) == repr(
        [
            Quote("BCHSV-USDT", 50.25, 25.125, 100.5, time=1700000000.125, sequence=77),
            Quote("SHIB-USDT", 0.0000125, 0.00000625, 0.000025, time=1700000000.125, sequence=77),
        ]
    )


@pytest.mark.unit
def test_the_symbol_list_names_the_markets():
    assert KUCOIN.parse_markets(answer(KUCOIN.markets.path)) == [
        Listing("BCHSV-USDT", "BSV", "USDT", active=True),
        Listing("SHIB-USDT", "SHIB", "USDT", active=True),
    ]


@pytest.mark.unit
def test_the_tickers_carry_the_book_and_both_volumes():
    time = 1700000009.75

    assert repr(parse_tickers(answer("/api/v1/market/allTickers"))) == repr(
        [
            Quote("BCHSV-USDT", 50.25, 25.125, 100.5, 1234.5, 62033.625, time),
            Quote("SHIB-USDT", 0.0000125, 0.00000625, 0.000025, 1234.5, 0.01543125, time),
        ]
    )


@pytest.mark.unit
def test_the_token_leads_to_the_stream_and_tells_the_interval():
    assert KUCOIN.token is not None

    address = parse_token(answer(KUCOIN.token.path))

    assert address.url.startswith("{stream}?token=")
    assert address.ping_every == 9.0


@pytest.mark.unit
def test_the_greeting_says_nothing():
    assert VOICE.greeting is not None

    assert [event for said in VOICE.greeting(0.0) for event in heard(said)] == []


@pytest.mark.unit
def test_a_subscription_is_confirmed_under_its_key():
    for subscription in KUCOIN.subscribe([f"A{number}-USDT" for number in range(150)]):
        answered = VOICE.hear(subscription.frame, 0.0)

        assert answered.subscribe == subscription.symbols
        assert events(answered) == [Ack(key) for key in subscription.keys]


@pytest.mark.unit
def test_an_unsubscription_ends_the_markets():
    answered = VOICE.hear('{"id":3,"type":"unsubscribe","topic":"/market/ticker:A-B,C-D"}', 0.0)

    assert answered.unsubscribe == ("A-B", "C-D")
    assert events(answered) == [Ack("3")]


@pytest.mark.unit
def test_our_ping_is_answered():
    assert KUCOIN.ping is not None

    answered = VOICE.hear(KUCOIN.ping.frame, 0.0)

    assert answered == Heard((b'{"id":"1","type":"pong"}',))
    assert events(answered) == []


@pytest.mark.unit
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
    assert events(VOICE.hear(frame, 0.0)) == [refusal]


def heard(said: bytes | str) -> Sequence[Event]:
    return KUCOIN.parse(said if isinstance(said, bytes) else said.encode())


def events(answered: Heard) -> list[Event]:
    return [event for reply in answered.replies for event in heard(reply)]


def answer(path: str) -> bytes:
    (route,) = [route for route in VOICE.routes if route.path == path]
    return route.answer(BOOKS, {}, 1700000009.75)
