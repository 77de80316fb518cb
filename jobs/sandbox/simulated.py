"""One simulated venue at work: its books, its readers, and what is wrong with it now."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import partial

from starlette.types import Message

from jobs.sandbox.activity import Tape
from jobs.sandbox.books import Books
from jobs.sandbox.connections import Client, framed
from jobs.sandbox.distortion import Identity, distorted
from jobs.sandbox.faults import ClockSkew, FaultBoard, Garbage, InForce, Wash, of_kind
from jobs.sandbox.line import Line, concern_messages
from jobs.sandbox.voice import Book, Deal, Hour, Ladder, Voice

BATCH = 500
"""Markets in one message of a venue that sends arrays."""


@dataclass(slots=True)
class Traffic:
    """What a venue has seen since the start."""

    connected: int = 0
    refused: int = 0
    cut_off: int = 0
    """Readers that took nothing for too long."""
    calls: int = 0
    """REST calls, answered or not."""
    calls_refused: int = 0
    messages: int = 0
    """Market messages handed to readers."""


class SimulatedVenue:
    """Readers by market, and the way of every message to them."""

    def __init__(
        self,
        voice: Voice,
        books: Books,
        rows: range,
        identities: Sequence[Identity],
        board: FaultBoard,
    ) -> None:
        self.voice = voice
        self.traffic = Traffic()
        self.clients: set[Client] = set()
        self.line = Line(rows.start)
        self._books = books
        self._board = board
        self._rows = rows
        self._identities = identities
        self._row_of = {book.symbol: row for row, book in zip(rows, books.of(rows), strict=True)}
        self._readers: dict[int, set[Client]] = {}
        self._next_batch = 0.0

    @property
    def markets(self) -> int:
        """How many markets it lists."""
        return len(self._rows)

    def orders(self, now: float) -> list[InForce]:
        """The faults in force here."""
        return self._board.at(self.voice.name, now)

    def clock(self, now: float) -> float:
        """What this venue takes `now` for."""
        return now + sum(skew.offset for skew in of_kind(self.orders(now), ClockSkew))

    def books(self, now: float) -> list[Book]:
        """All markets that it lists now, as it would tell them."""
        orders = self.orders(now)
        told = zip(self._rows, self._books.of(self._rows), strict=True)
        books = [self._told(row, book, orders) for row, book in told]
        return [book for book in books if book is not None]

    def hours(self, symbol: str, since: int, until: int) -> list[Hour] | None:
        """The past of one market, which no fault changes; None where it is not listed."""
        row = self._row_of.get(symbol)
        return None if row is None else self._books.hours(row, since, until)

    def deals(self, symbol: str, most: int, *, now: float) -> list[Deal] | None:
        """The latest trades of one market, the newest last; None where it is not listed."""
        found = self._tape(symbol, now)
        return None if found is None else found[0].deals(found[1], most=most, now=now)

    def ladder(self, symbol: str, most: int, *, now: float) -> Ladder | None:
        """The order book of one market; None where it is not listed."""
        found = self._tape(symbol, now)
        return None if found is None else found[0].ladder(found[1], most=most)

    def _tape(self, symbol: str, now: float) -> tuple[Tape, Book] | None:
        row, orders = self._row_of.get(symbol), self.orders(now)
        if row is None or (book := self._told(row, self._books.of([row])[0], orders)) is None:
            return None
        washed = [order.since for order in orders if isinstance(order.fault, Wash)]
        return self._books.tape(row, washed_since=min(washed, default=None)), book

    def publish(self, rows: list[int], now: float) -> None:
        """Send the news of these rows of this venue, and whatever is late or due."""
        self.line.release(now)
        wanted = [row for row in rows if row in self._readers]
        if self.voice.batch is None:
            self._send_news(wanted, now)
            return
        for row in wanted:
            for client in self._readers[row]:
                client.changed.add(row)
        if now >= self._next_batch:
            self._next_batch = now + self.voice.batch_every
            self._send_batches(self.voice.batch, now)

    def subscribe(self, client: Client, symbols: Sequence[str], now: float) -> None:
        """From now on the client hears of these markets; unknown ones are ignored.

        It hears of each at once, as from most venues, unless this one sends arrays.
        """
        rows = [self._row_of[symbol] for symbol in symbols if symbol in self._row_of]
        for row in rows:
            self._readers.setdefault(row, set()).add(client)
            client.rows.add(row)
        if self.voice.batch is not None:
            client.changed.update(rows)
            return
        orders = self.orders(now)
        for row, book in zip(rows, self._books.of(rows), strict=True):
            self._send_book(row, book, (client,), orders, now)

    def unsubscribe(self, client: Client, symbols: Sequence[str]) -> None:
        """The client hears no more of these markets."""
        for symbol in symbols:
            self._forget(client, self._row_of.get(symbol, -1))

    def leave(self, client: Client) -> None:
        """The client is gone."""
        self.clients.discard(client)
        for row in list(client.rows):
            self._forget(client, row)

    def answer(self, client: Client, message: bytes | str, now: float) -> None:
        """Send one message that is no market news to one client."""
        orders = concern_messages(self.orders(now))
        self.line.pass_on(orders, now, partial(_tell, client, framed(message)))

    def _forget(self, client: Client, row: int) -> None:
        client.rows.discard(row)
        readers = self._readers.get(row, set())
        readers.discard(client)
        if not readers:
            self._readers.pop(row, None)

    def _send_news(self, rows: list[int], now: float) -> None:
        if not rows:
            return
        orders = self.orders(now)
        books = self._books.of(rows)
        for row, book in zip(rows, books, strict=True):
            self._send_book(row, book, tuple(self._readers[row]), orders, now)

    def _send_book(
        self,
        row: int,
        book: Book,
        clients: Sequence[Client],
        orders: list[InForce],
        now: float,
    ) -> None:
        told = self._told(row, book, orders)
        if told is not None:
            self._send(row, framed(self.voice.say(told)), clients, orders, now)

    def _send_batches(self, batch: Callable[[Sequence[Book]], bytes | str], now: float) -> None:
        """Arrays of all that changed, to each client that took its last ones."""
        orders = self.orders(now)
        for client in self.clients:
            if client.behind:
                continue
            rows = sorted(client.changed & client.rows)
            client.changed.clear()
            books = self._books.of(rows)
            told = [self._told(row, book, orders) for row, book in zip(rows, books, strict=True)]
            kept = [book for book in told if book is not None]
            for part in range(0, len(kept), BATCH):
                message = framed(batch(kept[part : part + BATCH]))
                self._send(-1 - part, message, (client,), orders, now)

    def _send(
        self,
        key: int,
        message: Message,
        clients: Sequence[Client],
        orders: list[InForce],
        now: float,
    ) -> None:
        self.traffic.messages += len(clients)
        if not orders:
            for client in clients:
                client.offer(key, message)
            return
        concerned = concern_messages(orders)
        for client in clients:
            if any(of_kind(concerned, Garbage)):
                junk = framed(self.line.junk())
                self.line.pass_on(concerned, now, partial(_offer, client, ("junk", key), junk))
            self.line.pass_on(concerned, now, partial(_offer, client, key, message))

    def _told(self, row: int, book: Book, orders: list[InForce]) -> Book | None:
        return distorted(book, self._identities[row], orders) if orders else book


def _tell(client: Client, message: Message, turn: int) -> None:
    client.tell(message)


def _offer(client: Client, key: Hashable, message: Message, turn: int) -> None:
    client.offer((key, turn) if turn else key, message)
