"""The Bybit voice, heard by the Bybit adapter."""

import pytest
from msgspec.structs import replace

from app.market.quotes import Quote
from jobs.sandbox.voice import Book, Heard
from jobs.sandbox.voices.bybit import BYBIT as VOICE
from jobs.venue import Ack, Event, FrameError, Listing, Refused
from jobs.venues.bybit import BYBIT, parse_tickers

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
VOLUMES = (79008308.625, 0.01543125)


@pytest.mark.unit
def test_an_odd_change_is_heard_as_a_price():
    quotes = [quote for book in BOOKS for quote in parsed(VOICE.say(book))]

    assert repr(quotes) == repr(
        [
            Quote(book.symbol, book.last, volume=1234.5, turnover=turnover, time=1700000000.125)
            for book, turnover in zip(BOOKS, VOLUMES, strict=True)
        ]
    )


@pytest.mark.unit
def test_an_even_change_is_heard_as_a_book():
    quotes = [quote for book in BOOKS for quote in parsed(VOICE.say(replace(book, sequence=78)))]

    assert repr(quotes) == repr(
        [
            Quote("BTCUSDT", bid=32000.125, ask=128000.5, time=1700000000.125),
            Quote("SHIBUSDT", bid=0.00000625, ask=0.000025, time=1700000000.125),
        ]
    )


@pytest.mark.unit
def test_the_market_list_names_the_markets():
    assert BYBIT.parse_markets(answer(BYBIT.markets.path)) == [
        Listing("BTCUSDT", "BTC", "USDT", active=True),
        Listing("SHIBUSDT", "SHIB", "USDT", active=True),
    ]


@pytest.mark.unit
def test_the_tickers_carry_exactly_the_numbers_of_the_books():
    time = 1700000009.75
    assert repr(parse_tickers(answer("/v5/market/tickers?category=spot"))) == repr(
        [
            Quote("BTCUSDT", 64000.25, 32000.125, 128000.5, 1234.5, VOLUMES[0], time),
            Quote("SHIBUSDT", 0.0000125, 0.00000625, 0.000025, 1234.5, VOLUMES[1], time),
        ]
    )


@pytest.mark.unit
def test_a_category_must_be_asked_for():
    with pytest.raises(FrameError, match="Category is invalid"):
        parse_tickers(answer("/v5/market/tickers?category=spots"))


@pytest.mark.unit
def test_a_subscription_is_confirmed_under_its_keys():
    (subscription,) = BYBIT.subscribe(["BTCUSDT", "SHIBUSDT"])

    heard = VOICE.hear(subscription.frame, 0.0)

    assert heard.subscribe == subscription.symbols
    assert events(heard) == [Ack(key) for key in subscription.keys]


@pytest.mark.unit
def test_an_unsubscription_ends_the_market():
    heard = VOICE.hear('{"op":"unsubscribe","args":["tickers.BTCUSDT"],"req_id":"7"}', 0.0)

    assert (heard.unsubscribe, events(heard)) == (("BTCUSDT",), [])


@pytest.mark.unit
def test_our_ping_is_answered_before_the_venue_hangs_up():
    assert BYBIT.ping is not None

    heard = VOICE.hear(BYBIT.ping.frame, 0.0)

    assert (len(heard.replies), events(heard)) == (1, [])
    assert BYBIT.ping.every < VOICE.close_on_silence


@pytest.mark.unit
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
    heard = VOICE.hear(frame, 0.0)

    assert (heard.subscribe, events(heard)) == ((), [refused])


def parsed(said: bytes | str) -> list[Event]:
    return list(BYBIT.parse(said if isinstance(said, bytes) else said.encode()))


def events(heard: Heard) -> list[Event]:
    return [event for reply in heard.replies for event in parsed(reply)]


def answer(call: str) -> bytes:
    path, _, query = call.partition("?")
    (route,) = [route for route in VOICE.routes if route.path == path]
    return route.answer(BOOKS, dict([query.split("=")]), 1700000009.75)
