"""What holds for every venue of the table, whatever it speaks."""

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from math import isfinite, isinf, isnan
from random import Random

import msgspec
import pytest

from app.market.quotes import Quote
from jobs.venue import Event, FrameError, Parse, Venue
from jobs.venues import VENUES
from tests.recordings import RECORDED, frames, recorded, samples

MUTATIONS = int(os.environ.get("MARKETCAP_MUTATIONS", "2000"))
"""Damaged frames a venue; set it higher for a long run."""

HUGE = 50_000_000
TYPED = (FrameError, msgspec.MsgspecError)
EARLIEST = datetime(2017, 1, 1, tzinfo=UTC).timestamp()
LATEST = datetime(2035, 1, 1, tzinfo=UTC).timestamp()
FLOATS = ("last", "bid", "ask", "volume", "turnover", "time")

SAMPLES = {
    "binance": [("map binance messages", "messages")],
    "binance_us": [("map binance messages", "messages")],
    "bitfinex": [("map bitfinex messages", "messages")],
    "bitstamp": [("map bitstamp messages", "messages")],
    "bybit": [("map bybit spot messages", "messagesV5"), ("map bybit messages", "messagesV5")],
    "coinbase": [("map coinbase messages", "messages")],
    "crypto_com": [("map crypto-com messages", "messages")],
    "gate": [("map gate-io messages", "v4Messages"), ("map gate-io messages", "messages")],
    "gemini": [("map gemini messages", "messages"), ("map gemini v3 messages", "messages")],
    "htx": [
        ("map huobi messages", "messages"),
        ("map huobi messages", "messagesWithMBPData"),
    ],
    "kraken": [("map kraken v2 messages", "messages"), ("map kraken messages", "messages")],
    "kucoin": [("map kucoin messages", "messages")],
    "okx": [("map okex messages", "okexV5Messages"), ("map okex messages", "messages")],
}

every_venue = pytest.mark.parametrize("venue", VENUES.values(), ids=VENUES.keys())


def captures(venue: Venue) -> Iterator[tuple[date, str]]:
    """Day and path of each socket capture of this venue."""
    recorded("ws")
    for name in venue.recorded_as:
        for file in sorted(RECORDED.glob(f"ws/*/*_{name}.*")):
            if ".ws." in file.name or file.name.endswith(".jsonl.gz"):
                yield date.fromisoformat(file.name[:10]), str(file.relative_to(RECORDED))


def recorded_frames(venue: Venue) -> Iterator[tuple[Parse, bytes]]:
    """Each recorded frame with the reader of its day; samples with today's."""
    for day, path in captures(venue):
        parse = venue.at(day).parse
        for _, frame in frames(path):
            yield parse, frame


def by_answer(venue: Venue) -> list[list[tuple[Parse, bytes]]]:
    """The frames and samples in groups that are answered alike, so that rare ones count too."""
    groups: dict[str, list[tuple[Parse, bytes]]] = {}
    for group, variant in SAMPLES.get(venue.name, []):
        for frame in samples(group, variant):
            groups.setdefault("sample", []).append((venue.parse, frame))
    for parse, frame in recorded_frames(venue):
        kinds = sorted({type(event).__name__ for event in parse(frame)})
        groups.setdefault(" ".join(kinds), []).append((parse, frame))
    return list(groups.values())


def flip(frame: bytearray, at: int, random: Random) -> None:
    frame[at] ^= 1 << random.randrange(8)


def truncate(frame: bytearray, at: int, random: Random) -> None:
    del frame[at:]


def insert(frame: bytearray, at: int, random: Random) -> None:
    frame.insert(at, random.randrange(256))


def duplicate(frame: bytearray, at: int, random: Random) -> None:
    frame[at:at] = frame[at : at + random.randrange(1, 40)]


def swap(frame: bytearray, at: int, random: Random) -> None:
    other = random.randrange(len(frame))
    frame[at], frame[other] = frame[other], frame[at]


DAMAGES: tuple[Callable[[bytearray, int, Random], None], ...] = (
    flip,
    truncate,
    insert,
    duplicate,
    swap,
)


def damaged(frame: bytes, random: Random) -> bytes:
    """The frame with one to three accidents."""
    body = bytearray(frame)
    for _ in range(random.randint(1, 3)):
        if body:
            random.choice(DAMAGES)(body, random.randrange(len(body)), random)
    return bytes(body)


def quotes_of(events: Sequence[Event]) -> list[Quote]:
    return [event for event in events if isinstance(event, Quote)]


@pytest.mark.unit
def test_each_venue_is_in_the_table_under_its_own_lower_case_name():
    assert list(VENUES) == [venue.name for venue in VENUES.values()]
    assert all(name == name.lower() and name.isidentifier() for name in VENUES)


@pytest.mark.unit
@every_venue
def test_only_encrypted_addresses_are_called(venue: Venue):
    assert venue.stream_url.startswith("wss://")
    assert all(url.startswith("https://") for url in (venue.rest_url, venue.docs, venue.home))


@pytest.mark.unit
@every_venue
def test_polling_takes_less_than_half_of_what_the_venue_allows(venue: Venue):
    calls = [call for call in (venue.markets, venue.tickers) if call is not None]
    allowed = venue.budget.cost / venue.budget.seconds

    assert sum(call.cost / call.every for call in calls) < allowed / 2
    assert all(call.cost <= venue.budget.cost / 2 for call in calls)


@pytest.mark.unit
@every_venue
@pytest.mark.parametrize("count", [0, 1, 7, 250])
def test_each_market_given_is_asked_for_once_and_no_other(venue: Venue, count: int):
    symbols = [f"AAA{number}-USD" for number in range(count)]

    asked = [symbol for part in venue.subscribe(symbols) for symbol in part.symbols]

    assert sorted(asked) == sorted(symbols)


@pytest.mark.recorded
@every_venue
def test_every_recorded_frame_is_read_and_every_price_in_it_is_one(venue: Venue):
    quotes = [quote for parse, frame in recorded_frames(venue) for quote in quotes_of(parse(frame))]

    assert bool(quotes) == bool(venue.recorded_as)
    for quote in quotes:
        assert isnan(quote.last) or (isfinite(quote.last) and quote.last > 0), quote
        assert isnan(quote.time) or EARLIEST < quote.time < LATEST, quote


@pytest.mark.recorded
@every_venue
def test_damaged_frames_raise_nothing_but_typed_errors(venue: Venue):
    random = Random(f"damage {venue.name}")
    groups = by_answer(venue)
    for _ in range(MUTATIONS):
        parse, frame = random.choice(random.choice(groups))
        body = damaged(frame, random)
        try:
            events = parse(body)
        except TYPED:
            continue
        for quote in quotes_of(events):
            assert isinstance(quote.symbol, str), body[:300]
            assert not any(isinf(getattr(quote, name)) for name in FLOATS), body[:300]


@pytest.mark.unit
@every_venue
@pytest.mark.parametrize(
    "shape",
    [b" ", b"[", b"0", b'{"a":', b'["a",', b"\x00", b"\xff"],
    ids=["spaces", "lists", "zeros", "objects", "mixed", "nulls", "no text"],
)
def test_a_huge_frame_of_nonsense_is_a_typed_error(venue: Venue, shape: bytes):
    frame = shape * (HUGE // len(shape))
    readers: list[Callable[[bytes], object]] = [venue.parse]
    readers += [era.parse for era in venue.eras]
    readers += [venue.inflate] if venue.inflate else []
    for read in readers:
        with pytest.raises(TYPED):
            read(frame)
