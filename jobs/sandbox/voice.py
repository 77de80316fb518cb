"""What a simulated venue is: its addresses and how it words things, as one frozen value.

A voice is the other end of a venue's protocol, written from the venue's documentation and
never from our adapter, so that the adapter cannot tell it from the real thing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

import msgspec


class Book(msgspec.Struct, frozen=True, gc=False):
    """One simulated market at one instant."""

    symbol: str
    """As this venue's stream spells it; made by the voice's `symbol`."""
    base: str
    """The venue's own ticker of the base, e.g. XBT on a venue that says so."""
    quote: str
    last: float
    bid: float
    ask: float
    open: float
    """Price 24 h ago."""
    high: float
    low: float
    volume: float
    """24 h volume in base units."""
    time: float
    """The venue's clock, in epoch seconds."""
    sequence: int


class Hour(msgspec.Struct, frozen=True, gc=False):
    """One simulated market in one hour."""

    time: int
    """When it began, in epoch seconds."""
    open: float
    high: float
    low: float
    close: float
    volume: float
    """Traded in it, in base units."""


class Deal(msgspec.Struct, frozen=True, gc=False):
    """One simulated trade."""

    id: int
    """Counts up by one within a market."""
    price: float
    size: float
    """In base units."""
    time: float
    """In epoch seconds."""
    buys: bool
    """Whether the order that took another one bought."""


class Ladder(msgspec.Struct, frozen=True):
    """Both sides of a simulated book: prices and sizes in base units, the best first."""

    bids: tuple[tuple[float, float], ...]
    asks: tuple[tuple[float, float], ...]


class Heard(msgspec.Struct, frozen=True):
    """What a client frame means: frames to answer with, and markets to start or stop."""

    replies: tuple[bytes | str, ...] = ()
    subscribe: tuple[str, ...] = ()
    unsubscribe: tuple[str, ...] = ()


def decimal_text(number: float) -> str:
    """All digits of the number, never with an exponent, as most venues write prices."""
    text = repr(number)
    return format(Decimal(text), "f") if "e" in text else text


@dataclass(frozen=True, slots=True)
class Route:
    """One REST address: `answer(books, query, now)` gives the body."""

    method: str
    path: str
    answer: Callable[[Sequence[Book], Mapping[str, str], float], bytes]


Hours: TypeAlias = Callable[[str, int, int], Sequence[Hour] | None]
"""Symbol, since, until → the hours that begin in [since, until), oldest first, the running one
included; None for a market that is not listed."""


@dataclass(frozen=True, slots=True)
class HistoryRoute:
    """The REST address of past hours: `answer(hours, query, now)` gives the body."""

    path: str
    """A `{symbol}` in it is a part of the query as well."""
    answer: Callable[[Hours, Mapping[str, str], float], bytes]
    method: str = "GET"


Deals: TypeAlias = Callable[[str, int], Sequence[Deal] | None]
"""Symbol and how many at most → the latest trades, the newest last; None if it is not listed."""


@dataclass(frozen=True, slots=True)
class TradesRoute:
    """The REST address of recent trades: `answer(deals, query, now)` gives the body."""

    path: str
    """A `{symbol}` in it is a part of the query as well."""
    answer: Callable[[Deals, Mapping[str, str], float], bytes]
    method: str = "GET"


Ladders: TypeAlias = Callable[[str, int], Ladder | None]
"""Symbol and how many levels at most → the book; None for a market that is not listed."""


@dataclass(frozen=True, slots=True)
class DepthRoute:
    """The REST address of order books: `answer(ladders, query, now)` gives the body."""

    path: str
    """A `{symbol}` in it is a part of the query as well."""
    answer: Callable[[Ladders, Mapping[str, str], float], bytes]
    method: str = "GET"


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How one simulated venue speaks."""

    name: str
    """The venue's name in VENUES."""
    quotes: tuple[str, ...]
    """Quote currencies this venue lists, most common first, in common tickers."""
    breadth: float
    """Share of all assets that this venue lists, 0 to 1; well-known assets come first."""
    share: float
    """The venue's share of world volume, 0 to 1."""
    symbol: Callable[[str, str], str]
    """Venue base and quote ticker → symbol as the stream spells it."""
    routes: tuple[Route, ...]
    hear: Callable[[str, float], Heard]
    """One client frame and the time of day in epoch seconds → what it means; never raises."""
    say: Callable[[Book], bytes | str]
    """The stream message that a change of this market causes.

    Text, or bytes: those that begin with a brace or bracket are sent as text, others as binary.
    """
    history: HistoryRoute | None = None
    trades: TradesRoute | None = None
    depth: DepthRoute | None = None
    aliases: Mapping[str, str] = field(default_factory=dict[str, str])
    """Common ticker → the venue's own, e.g. BTC → XBT."""
    settles: Mapping[str, str] = field(default_factory=dict[str, str])
    """Quote ticker → what such books really settle in, where a venue merges currencies."""
    greeting: Callable[[float], tuple[bytes | str, ...]] | None = None
    """What the venue sends first on a new connection."""
    heartbeat: Callable[[float], bytes | str] | None = None
    """What the venue sends unasked every `heartbeat_every` seconds."""
    heartbeat_every: float = 0.0
    batch: Callable[[Sequence[Book]], bytes | str] | None = None
    """For venues whose channel carries all markets in one array, sent each `batch_every` s."""
    batch_every: float = 1.0
    close_on_silence: float = 0.0
    """Seconds without a client frame after which the venue hangs up; 0 means never."""
