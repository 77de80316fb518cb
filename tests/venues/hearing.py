"""Simulated venues and adapters put together: what one says, the other hears."""

from collections.abc import Sequence
from urllib.parse import parse_qsl

from jobs.sandbox.voice import Book, Heard, Voice
from jobs.venue import Event
from jobs.venues import VENUES

TIME = 1700000000.125
"""When the books changed."""
NOW = 1700000009.75
LASTS = {"BTC": 64000.25, "BSV": 50.25, "SHIB": 0.0000125}


def book(voice: Voice, base: str, quote: str, *, sequence: int = 77) -> Book:
    """A book of the venue whose other prices are halves and doubles of the last one."""
    last = LASTS[base]
    return Book(
        symbol=voice.symbol(base, quote),
        base=base,
        quote=quote,
        last=last,
        bid=last * 0.5,
        ask=last * 2,
        open=last * 0.75,
        high=last * 4,
        low=last * 0.25,
        volume=1234.5,
        time=TIME,
        sequence=sequence,
    )


def heard(name: str, said: bytes | str) -> list[Event]:
    """What the adapter of that name makes of a frame, packed or plain."""
    venue = VENUES[name]
    body = said.encode() if isinstance(said, str) else said
    if venue.inflate is not None:
        body = venue.inflate(body)
    return list(venue.parse(body))


def events(name: str, answered: Heard) -> list[Event]:
    """What the adapter of that name makes of all the replies."""
    return [event for reply in answered.replies for event in heard(name, reply)]


def answer(voice: Voice, call: str, books: Sequence[Book]) -> bytes:
    """The body of a REST answer about these books."""
    path, _, query = call.partition("?")
    (route,) = [route for route in voice.routes if route.path == path]
    return route.answer(books, dict(parse_qsl(query)), NOW)
