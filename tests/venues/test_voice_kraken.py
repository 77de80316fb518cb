"""The Kraken voice, heard by the Kraken adapter."""

import pytest

from app.market.quotes import Quote
from jobs.sandbox.voice import Book, Heard
from jobs.sandbox.voices.kraken import KRAKEN as VOICE
from jobs.venue import Ack, Event, Listing, Refused
from jobs.venues.kraken import KRAKEN, parse_tickers

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
def test_a_change_of_the_book_is_heard_with_exactly_its_numbers():
    quotes = [quote for book in BOOKS for quote in parsed(VOICE.say(book))]

    time = 1700000000.125
    assert repr(quotes) == repr(
        [
            Quote("BTC/EUR", 64000.25, 32000.125, 128000.5, 1234.5, time=time),
            Quote("SHIB/EUR", 0.0000125, 0.00000625, 0.000025, 1234.5, time=time),
        ]
    )


@pytest.mark.unit
def test_the_market_list_names_the_markets_as_the_stream_does():
    body = answer(KRAKEN.markets.path)

    assert b'"wsname":"XBT/EUR"' in body
    assert KRAKEN.parse_markets(body) == [
        Listing("BTC/EUR", "BTC", "EUR", active=True),
        Listing("SHIB/EUR", "SHIB", "EUR", active=True),
    ]


@pytest.mark.unit
def test_the_tickers_carry_exactly_the_numbers_of_the_books():
    assert repr(parse_tickers(answer("/0/public/Ticker?assetVersion=1"))) == repr(
        [
            Quote("BTC/EUR", 64000.25, 32000.125, 128000.5, 1234.5),
            Quote("SHIB/EUR", 0.0000125, 0.00000625, 0.000025, 1234.5),
        ]
    )


@pytest.mark.unit
def test_a_subscription_is_confirmed_under_its_keys():
    (subscription,) = KRAKEN.subscribe(["BTC/EUR", "SHIB/EUR"])

    heard = VOICE.hear(subscription.frame, 0.0)

    assert heard.subscribe == subscription.symbols
    assert events(heard) == [Ack(key) for key in subscription.keys]


@pytest.mark.unit
def test_an_old_asset_name_is_refused_and_costs_no_other_market():
    (subscription,) = KRAKEN.subscribe(["XBT/EUR", "SHIB/EUR"])

    heard = VOICE.hear(subscription.frame, 0.0)

    assert heard.subscribe == ("SHIB/EUR",)
    assert events(heard) == [
        Refused("XBT/EUR", "Currency pair not supported XBT/EUR"),
        Ack("SHIB/EUR"),
    ]


@pytest.mark.unit
def test_an_unsubscription_ends_the_market():
    frame = '{"method":"unsubscribe","params":{"channel":"ticker","symbol":["BTC/EUR"]}}'

    heard = VOICE.hear(frame, 0.0)

    assert (heard.unsubscribe, events(heard)) == (("BTC/EUR",), [])


@pytest.mark.unit
def test_it_greets_with_its_status_and_beats_every_second():
    assert VOICE.greeting is not None
    assert VOICE.heartbeat is not None

    said = [*VOICE.greeting(0.0), VOICE.heartbeat(1.0)]

    assert [list(parsed(message)) for message in said] == [[], []]
    assert VOICE.heartbeat_every == 1.0


@pytest.mark.unit
def test_a_ping_is_answered_under_its_number():
    assert VOICE.hear('{"method":"ping","req_id":42}', 1695632671.25) == Heard(
        (
            b'{"method":"pong","time_in":"2023-09-25T09:04:31.250000Z",'
            b'"time_out":"2023-09-25T09:04:31.250000Z","req_id":42}',
        )
    )


@pytest.mark.unit
@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        ("?", "Malformed request"),
        ("[]", "Malformed request"),
        ('{"method":"listen"}', "Unsupported method"),
        ('{"method":"subscribe","params":{"channel":"candles"}}', "Unsupported channel"),
    ],
)
def test_what_it_does_not_understand_it_refuses(frame: str, reason: str):
    heard = VOICE.hear(frame, 0.0)

    assert (heard.subscribe, events(heard)) == ((), [Refused("", reason)])


def parsed(said: bytes | str) -> list[Event]:
    return list(KRAKEN.parse(said if isinstance(said, bytes) else said.encode()))


def events(heard: Heard) -> list[Event]:
    return [event for reply in heard.replies for event in parsed(reply)]


def answer(call: str) -> bytes:
    path, _, query = call.partition("?")
    (route,) = [route for route in VOICE.routes if route.path == path]
    return route.answer(BOOKS, dict([query.split("=")]), 1700000009.75)
