"""Ticker frames of every venue: recorded ones where there are any, else those of the sandbox."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from app.market.quotes import Quote
from benchmarks.floors import FLOORS, columns
from jobs.replay import CaptureError, load_tape
from jobs.sandbox.voice import Voice
from jobs.sandbox.voices import VOICES
from jobs.sandbox.world import World
from jobs.seed import load_seed
from jobs.venue import Venue

RECORDED = Path(os.environ.get("MARKETCAP_RECORDED", "../shared/data")) / "ws"

_LEAST = 10
"""With fewer recorded frames than that, the sandbox speaks for the venue."""

_ASSETS = 2000
_START = 1_750_000_000.0


@dataclass(frozen=True, slots=True)
class Frame:
    """One ticker frame, unpacked, as `parse` gets it."""

    body: bytes
    symbol: str
    """What `parse` calls the market."""
    market: str | int
    """What the frame itself calls it."""


@dataclass(frozen=True)
class Sample:
    """A venue's frames in turns: each turn has at most one frame of each market, in order."""

    venue: Venue
    origin: str
    turns: tuple[tuple[Frame, ...], ...]

    @cached_property
    def markets(self) -> dict[str, str | int]:
        """What frames call each market, by what `parse` calls it."""
        return {frame.symbol: frame.market for turn in self.turns for frame in turn}


def sample(venue: Venue, *, markets: int, turns: int, folder: Path = RECORDED) -> Sample | None:
    """Frames of the venue; None where nothing is recorded and nobody simulates it.

    What is recorded is taken as it is; the sandbox quotes so many markets so many times.
    """
    recorded = [*understood(venue, _recorded(venue, folder))]
    if len(recorded) >= _LEAST:
        return Sample(venue, "recorded", _in_turns(recorded))
    # Binance.US has no voice of its own: it speaks as Binance does.
    voice = VOICES.get(venue.name) or VOICES.get(venue.name.removesuffix("_us"))
    if voice is None:
        return None
    said = (message for turn in spoken(voice, markets=markets, turns=turns) for _, message in turn)
    return Sample(venue, "sandbox", _in_turns(understood(venue, unpacked(venue, said))))


def spoken(voice: Voice, *, markets: int, turns: int) -> list[list[tuple[str, bytes | str]]]:
    """Symbol and message of the venue's largest markets, turn by turn, always the same ones."""
    world = World(load_seed(), (voice,), assets=_ASSETS, seed=1, rate=1.0, now=_START)
    rows = range(min(len(world.markets), markets))
    said: list[list[tuple[str, bytes | str]]] = []
    for turn in range(1, turns + 1):
        world.prices.advance(_START + turn)
        world.books.quote(np.array(rows), _START + turn)
        said.append([(book.symbol, voice.say(book)) for book in world.books.of(rows)])
    return said


def understood(venue: Venue, bodies: Iterable[bytes]) -> Iterator[Frame]:
    """Those that both the adapter and the floor read as one quote."""
    asked = _Asked()
    write = FLOORS[venue.name](asked, columns(1))
    for body in bodies:
        try:
            write(body, 0.0)
            (event,) = venue.parse(body)
        except (ValueError, IndexError, RecursionError):
            continue
        if isinstance(event, Quote):
            yield Frame(body, event.symbol, asked.last)


def unpacked(venue: Venue, messages: Iterable[bytes | str]) -> Iterator[bytes]:
    """The messages as the engine hands them to `parse`."""
    for message in messages:
        body = message.encode() if isinstance(message, str) else message
        packed = venue.inflate is not None and body[:1] not in (b"{", b"[")
        yield venue.inflate(body) if packed and venue.inflate else body


class _Asked(dict[Any, int]):
    """A mapping that has everything, and knows what it was asked for last."""

    last: str | int = ""

    def __missing__(self, key: str | int) -> int:
        self.last = key
        return 0


def _recorded(venue: Venue, folder: Path) -> Iterator[bytes]:
    try:
        tape = load_tape(folder, {venue.name: venue})
    except CaptureError:
        return iter(())
    return unpacked(venue, (frame.body for frame in tape.frames))


def _in_turns(frames: Iterable[Frame]) -> tuple[tuple[Frame, ...], ...]:
    of_market: dict[str, list[Frame]] = {}
    for frame in frames:
        of_market.setdefault(frame.symbol, []).append(frame)
    most = max(map(len, of_market.values()), default=0)
    return tuple(
        tuple(each[turn] for each in of_market.values() if turn < len(each)) for turn in range(most)
    )
