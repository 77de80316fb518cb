"""What a venue is: addresses, limits and pure functions, as one frozen value.

The engines in `feed` and `rest` read these values; no venue's name ever appears in them.
Every `parse` is a pure function of the bytes, so the same one serves live, replay, sandbox
and tests.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import inf
from typing import TypeAlias

import msgspec

from app.market.quotes import Quote

CAPITAL_CONTROLLED = ("KRW",)
"""Currencies that cannot leave their country freely, so that their books trade at a premium."""


class FrameError(ValueError):
    """The venue sent a frame that its documentation does not allow."""


class Listing(msgspec.Struct, frozen=True):
    """One spot market of a venue's list, in the venue's own tickers."""

    symbol: str
    """As the stream spells it; REST quotes carry the same spelling."""
    base: str
    quote: str
    active: bool = True


class Reply(msgspec.Struct, frozen=True):
    """A frame that the protocol wants back at once."""

    frame: str


class Ack(msgspec.Struct, frozen=True):
    """The venue confirmed the subscription that carries this key."""

    key: str


class Refused(msgspec.Struct, frozen=True):
    """The venue refused a subscription, or reports an error; `key` is "" where it names none."""

    key: str
    reason: str


class Alias(msgspec.Struct, frozen=True):
    """From now on this connection calls the market `symbol` by the name `key`."""

    key: str
    symbol: str


class Renew(msgspec.Struct, frozen=True):
    """The venue is about to end this connection: open its successor first."""

    reason: str


class Unknown(msgspec.Struct, frozen=True):
    """A well-formed message that we have no use for and did not expect; counted by kind."""

    kind: str


class HourCandle(msgspec.Struct, frozen=True, gc=False):
    """One closed hour of one market, in its quote currency."""

    time: int
    """When it began, in epoch seconds."""
    open: float
    high: float
    low: float
    close: float
    volume: float
    """Base units traded in it."""


class Trade(msgspec.Struct, frozen=True, gc=False):
    """One trade of one market."""

    id: str
    """As the venue names it; no other trade of the market has it."""
    price: float
    """In the quote currency."""
    size: float
    """In base units."""
    time: float
    """The venue's clock, in epoch seconds."""


class Level(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One price of an order book and how much waits there; venues tell it as an array."""

    price: float
    """In the quote currency."""
    size: float
    """In base units."""


class OrderBook(msgspec.Struct, frozen=True):
    """Both sides of one market, the best price first."""

    bids: list[Level]
    asks: list[Level]


Event: TypeAlias = Quote | Reply | Ack | Refused | Alias | Renew | Unknown

Parse: TypeAlias = Callable[[bytes], Sequence[Event]]
"""One frame in, events out. Heartbeats and wanted-but-empty messages give `()`.

Raises FrameError or msgspec.MsgspecError when the frame is malformed, and nothing else.
"""


class Subscription(msgspec.Struct, frozen=True):
    """One frame to send, the markets it asks for, and the keys of its acknowledgements."""

    frame: str
    symbols: tuple[str, ...]
    keys: tuple[str, ...] = ()
    """Empty where the venue confirms nothing."""


@dataclass(frozen=True, slots=True)
class Call:
    """One REST call that is repeated: `path` is relative to the venue's `rest_url`."""

    path: str
    every: float
    """Seconds between two calls."""
    cost: int = 1
    """What the call takes from the budget."""


@dataclass(frozen=True, slots=True)
class HistoryCall:
    """One REST call that tells past hours of one market."""

    path: Callable[[str, int, int], str]
    """Symbol, since, until → path below `rest_url`; for hours that begin in [since, until)."""
    parse: Callable[[bytes], Sequence[HourCandle]]
    """In any order; rows that are no candles, and the running hour where it shows, are left out."""
    most: int
    """Hours that one answer holds."""
    cost: int = 1
    """What the call takes from the budget."""


@dataclass(frozen=True, slots=True)
class TradesCall:
    """One REST call that tells the recent trades of one market."""

    path: Callable[[str], str]
    """Symbol → path below `rest_url`."""
    parse: Callable[[bytes], Sequence[Trade]]
    """The newest last; rows that are no trades are left out."""
    cost: int = 1
    """What the call takes from the budget."""


@dataclass(frozen=True, slots=True)
class DepthCall:
    """One REST call that tells the order book of one market."""

    path: Callable[[str], str]
    """Symbol → path below `rest_url`."""
    parse: Callable[[bytes], OrderBook]
    most: float
    """Levels of one side that an answer holds; inf where it holds all there are."""
    cost: int = 1
    """What the call takes from the budget."""


@dataclass(frozen=True, slots=True)
class Budget:
    """How much REST a venue allows, and how it says that it was too much."""

    cost: int
    """Cost units allowed in `seconds`; the poller stays below half of it."""
    seconds: float
    used_header: str = ""
    """Response header that tells the cost used so far; "" where there is none."""
    ban_statuses: tuple[int, ...] = ()
    """Statuses that mean a ban rather than a pause: the circuit opens for `ban_seconds`."""
    ban_seconds: float = 600.0


@dataclass(frozen=True, slots=True)
class Ping:
    """What we must send unasked to keep a connection: a text frame every so many seconds."""

    frame: str
    every: float


class StreamAddress(msgspec.Struct, frozen=True):
    """Where to connect, as told by a token call."""

    url: str
    ping_every: float


@dataclass(frozen=True, slots=True)
class TokenCall:
    """A REST POST that must be made before each connection; its answer is the address."""

    path: str
    parse: Callable[[bytes], StreamAddress]


@dataclass(frozen=True, slots=True)
class Era:
    """An older wire version: how recordings made before `until` are read."""

    until: date
    parse: Parse
    parse_markets: Callable[[bytes], Sequence[Listing]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Venue:
    """Everything the engines must know of one venue."""

    name: str
    """Lower-case id, e.g. "coinbase"; also the path segment in the API."""
    title: str
    """As people write it, e.g. "Coinbase Exchange"."""
    operator: str
    """The failure domain: venues of one operator share one vote."""
    docs: str
    home: str
    stream_url: str
    rest_url: str
    markets: Call
    parse_markets: Callable[[bytes], Sequence[Listing]]
    subscribe: Callable[[Sequence[str]], Sequence[Subscription]]
    parse: Parse
    budget: Budget
    tickers: Call | None = None
    parse_tickers: Callable[[bytes], Sequence[Quote]] | None = None
    """Reads the all-tickers call; rows that are no quotes are left out, not raised."""
    history: HistoryCall | None = None
    trades: TradesCall | None = None
    depth: DepthCall | None = None
    recorded_as: tuple[str, ...] = ()
    """Names under which recordings of this venue are filed."""
    aliases: Mapping[str, str] = field(default_factory=dict[str, str])
    """Venue ticker → common ticker, e.g. XBT → BTC."""
    settles: Mapping[str, str] = field(default_factory=dict[str, str])
    """Quote ticker → what such books really settle in, e.g. USD → USDC where they are merged."""
    restricted_quotes: tuple[str, ...] = CAPITAL_CONTROLLED
    """Quote tickers under capital controls: shown, never counted."""
    token: TokenCall | None = None
    ping: Ping | None = None
    inflate: Callable[[bytes], bytes] | None = None
    """How a binary frame is unpacked before `parse`; None where frames come plain."""
    symbols_per_connection: int = 200
    connections: int = 50
    """How many sockets one address of ours may keep open at the venue."""
    frames_per_second: float = 5.0
    """How fast subscriptions may be sent on one connection."""
    settle_seconds: float = 0.0
    """How long to wait between the connection and the first subscription."""
    silence_after: float = 10.0
    """Seconds without any frame after which the connection counts as dead."""
    market_silence_after: float = inf
    """Seconds without a quote after which a subscribed market is asked for again."""
    lifetime: float = 23 * 3600.0
    """Seconds after which a successor connection is opened before this one is closed."""
    eras: tuple[Era, ...] = ()

    def at(self, day: date) -> "Era":
        """The wire version that was spoken on that day."""
        for era in self.eras:
            if day < era.until:
                return era
        return Era(date.max, self.parse, self.parse_markets)
