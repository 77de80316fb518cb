"""The OKX voice, heard by the OKX adapter."""

import pytest

from app.market.quotes import Quote
from jobs.sandbox.voice import Book, Heard
from jobs.sandbox.voices.okx import OKX as VOICE
from jobs.venue import Ack, Event, FrameError, Listing, Refused
from jobs.venues.okx import OKX, parse_tickers

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
    Quote("BTC-USDT", 64000.25, 32000.125, 128000.5, 1234.5, 79008308.625, 1700000000.125),
    Quote("SHIB-USDT", 0.0000125, 0.00000625, 0.000025, 1234.5, 0.01543125, 1700000000.125),
]


@pytest.mark.unit
def test_a_change_of_the_book_is_heard_with_exactly_its_numbers():
    assert repr([quote for book in BOOKS for quote in parsed(VOICE.say(book))]) == repr(QUOTES)


@pytest.mark.unit
def test_the_market_list_names_the_markets():
    assert OKX.parse_markets(answer(OKX.markets.path)) == [
        Listing("BTC-USDT", "BTC", "USDT", active=True),
        Listing("SHIB-USDT", "SHIB", "USDT", active=True),
    ]


@pytest.mark.unit
def test_the_tickers_carry_exactly_the_numbers_of_the_books():
    assert repr(parse_tickers(answer("/api/v5/market/tickers?instType=SPOT"))) == repr(QUOTES)


@pytest.mark.unit
def test_an_instrument_type_must_be_asked_for():
    with pytest.raises(FrameError, match="51000"):
        parse_tickers(answer("/api/v5/market/tickers?instType=SWAP"))


@pytest.mark.unit
def test_a_subscription_is_confirmed_under_its_keys():
    (subscription,) = OKX.subscribe(["BTC-USDT", "SHIB-USDT"])

    heard = VOICE.hear(subscription.frame, 0.0)

    assert heard.subscribe == subscription.symbols
    assert events(heard) == [Ack(key) for key in subscription.keys]


@pytest.mark.unit
def test_an_unsubscription_ends_the_market():
    frame = '{"op":"unsubscribe","args":[{"channel":"tickers","instId":"BTC-USDT"}]}'

    heard = VOICE.hear(frame, 0.0)

    assert (heard.unsubscribe, events(heard)) == (("BTC-USDT",), [])


@pytest.mark.unit
def test_our_ping_is_answered_before_the_venue_hangs_up():
    assert OKX.ping is not None

    heard = VOICE.hear(OKX.ping.frame, 0.0)

    assert (heard, events(heard)) == (Heard(("pong",)), [])
    assert OKX.ping.every < OKX.silence_after < VOICE.close_on_silence


@pytest.mark.unit
@pytest.mark.parametrize("frame", ["?", "[]", '{"op":"listen","args":[]}', "\ud800"])
def test_what_it_does_not_understand_it_refuses(frame: str):
    heard = VOICE.hear(frame, 0.0)

    assert heard.subscribe == ()
    assert events(heard) == [Refused("", f"Invalid request: {frame!a}")]


@pytest.mark.unit
def test_a_channel_that_it_does_not_have_is_refused_by_name():
    frame = '{"op":"subscribe","args":[{"channel":"trades","instId":"BTC-USDT"}]}'

    heard = VOICE.hear(frame, 0.0)

    (refused,) = events(heard)
    assert heard.subscribe == ()
    assert isinstance(refused, Refused)
    assert refused.key == "BTC-USDT"


def parsed(said: bytes | str) -> list[Event]:
    return list(OKX.parse(said if isinstance(said, bytes) else said.encode()))


def events(heard: Heard) -> list[Event]:
    return [event for reply in heard.replies for event in parsed(reply)]


def answer(call: str) -> bytes:
    path, _, query = call.partition("?")
    (route,) = [route for route in VOICE.routes if route.path == path]
    return route.answer(BOOKS, dict([query.split("=")]), 1700000009.75)
