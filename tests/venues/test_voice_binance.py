"""The Binance voice, heard by the Binance adapter."""

import pytest

from app.market.quotes import Quote
from jobs.sandbox.voice import Book, Heard
from jobs.sandbox.voices.binance import BINANCE as VOICE
from jobs.venue import Ack, Event, Listing, Refused
from jobs.venues.binance import BINANCE, parse_tickers

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
QUOTES = [
    Quote("BTCUSDT", 64000.25, 32000.125, 128000.5, 1234.5, 79008308.625, 1700000000.125),
    Quote("SHIBUSDT", 0.0000125, 0.00000625, 0.000025, 1234.5, 0.01543125, 1700000000.125),
]


@pytest.mark.unit
def test_a_change_of_the_book_is_heard_with_exactly_its_numbers():
    assert repr([quote for book in BOOKS for quote in parsed(VOICE.say(book))]) == repr(QUOTES)


@pytest.mark.unit
def test_prices_are_written_without_an_exponent():
    said = VOICE.say(BOOKS[1])

    assert isinstance(said, bytes)
    assert b'"c":"0.0000125"' in said


@pytest.mark.unit
def test_the_market_list_names_the_markets():
    assert BINANCE.parse_markets(answer(BINANCE.markets.path)) == [
        Listing("BTCUSDT", "BTC", "USDT", active=True),
        Listing("SHIBUSDT", "SHIB", "USDT", active=True),
    ]


@pytest.mark.unit
def test_the_tickers_carry_exactly_the_numbers_of_the_books():
    assert repr(parse_tickers(answer("/api/v3/ticker/24hr"))) == repr(QUOTES)


@pytest.mark.unit
def test_a_subscription_is_confirmed_under_its_keys():
    (subscription,) = BINANCE.subscribe(["BTCUSDT", "SHIBUSDT"])

    heard = VOICE.hear(subscription.frame, 0.0)

    assert heard.subscribe == subscription.symbols
    assert events(heard) == [Ack(key) for key in subscription.keys]


@pytest.mark.unit
def test_an_unsubscription_ends_the_market():
    heard = VOICE.hear('{"method":"UNSUBSCRIBE","params":["btcusdt@ticker"],"id":312}', 0.0)

    assert heard == Heard((b'{"result":null,"id":312}',), unsubscribe=("BTCUSDT",))


@pytest.mark.unit
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

    assert (heard.subscribe, events(heard)) == ((), [Refused("", reason)])


def parsed(said: bytes | str) -> list[Event]:
    return list(BINANCE.parse(said if isinstance(said, bytes) else said.encode()))


def events(heard: Heard) -> list[Event]:
    return [event for reply in heard.replies for event in parsed(reply)]


def answer(path: str) -> bytes:
    (route,) = [route for route in VOICE.routes if route.path == path]
    return route.answer(BOOKS, {}, 1700000009.75)
