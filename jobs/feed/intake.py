"""What all connections of one venue share: where to connect, and where their quotes go."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import httpx
from aiolimiter import AsyncLimiter

from app.market.quotes import QuoteBoard
from jobs.feed.acknowledgements import Acknowledgements
from jobs.feed.health import FeedHealth
from jobs.feed.link import Link
from jobs.feed.timing import Timing
from jobs.venue import Venue


class StreamAndRest(Protocol):
    """Where a venue is reached; a `Venue` itself is such an address, the live one."""

    @property
    def stream_url(self) -> str:
        """WebSocket URL."""
        ...

    @property
    def rest_url(self) -> str:
        """What the paths of REST calls are appended to."""
        ...


@dataclass(frozen=True, slots=True)
class Address:
    """Where a venue is reached when it is not where its documentation says."""

    stream_url: str
    rest_url: str


@dataclass(slots=True, kw_only=True)
class Intake:
    """One venue's way in; only `adopt` changes it, between two frames."""

    venue: Venue
    address: StreamAndRest
    rows: Mapping[str, int]
    """Venue symbol → row of the board, most important first."""
    board: QuoteBoard
    client: httpx.AsyncClient
    clock: Callable[[], float]
    gate: AsyncLimiter
    """Every new connection to the venue passes it, whichever task wants one."""
    timing: Timing
    health: FeedHealth
    links: set[Link] = field(default_factory=set[Link])
    """The sockets that are open or being opened."""

    def link(self) -> Link:
        """A link that is not connected yet and follows every later `adopt`."""
        timing = self.timing
        link = Link(
            self.venue,
            rows=self.rows,
            board=self.board,
            health=self.health,
            clock=self.clock,
            acknowledgements=Acknowledgements(
                within=timing.acknowledged_within, requests=timing.requests
            ),
        )
        self.links.add(link)
        return link

    def drop(self, link: Link) -> None:
        """The link is closed and forgotten."""
        self.links.discard(link)
        link.close()

    def adopt(self, rows: Mapping[str, int], board: QuoteBoard) -> None:
        """From now on every link, open or to come, writes to these rows of this board."""
        self.rows, self.board = rows, board
        for link in self.links:
            link.adopt(rows, board)
