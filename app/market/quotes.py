"""Quotes as venues say them, and the latest one of every market as columns.

A quote waits in its market's slot until the next `settle`, so a burst of frames costs no
memory: the latest value wins, which is what a price is.
"""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]

NAN = float("nan")


class Quote(msgspec.Struct, frozen=True, gc=False):
    """What a venue said of one market in one message; NaN stands for what it did not say."""

    symbol: str
    """The venue's own symbol, spelled as in its market list."""
    last: float = NAN
    """Last traded price, in the quote currency."""
    bid: float = NAN
    ask: float = NAN
    volume: float = NAN
    """24 h volume in base units."""
    turnover: float = NAN
    """24 h volume in quote units."""
    time: float = NAN
    """The venue's clock, in epoch seconds."""
    sequence: int = 0
    """The venue's sequence number of this market; 0 where it has none."""


@dataclass(frozen=True, slots=True)
class QuoteColumns:
    """The latest valid quote of every market; NaN where there was none yet."""

    last: Floats
    last_time: Floats
    last_received: Floats
    bid: Floats
    ask: Floats
    book_time: Floats
    book_received: Floats
    volume: Floats
    turnover: Floats
    invalid_received: Floats
    """When the market last sent a number that is no price; NaN if it never did."""


class _Slots:
    """The newest quote of every market, and which of them wait to be settled."""

    __slots__ = ("changed", "quotes", "received")

    def __init__(self, markets: int) -> None:
        self.quotes: list[Quote | None] = [None] * markets
        self.received = array("d", bytes(8 * markets))
        self.changed: set[int] = set()

    def take(self) -> tuple[list[int], list[Quote]]:
        """The waiting quotes and their rows, in ascending order of row; none wait after it."""
        rows: list[int] = []
        quotes: list[Quote] = []
        for row in sorted(self.changed):
            quote = self.quotes[row]
            if quote is not None:
                rows.append(row)
                quotes.append(quote)
        self.changed.clear()
        return rows, quotes


class QuoteBoard:
    """One slot and one column entry per market; a single writer owns it."""

    def __init__(self, markets: int) -> None:
        self.rejected_order = 0
        """Quotes dropped because a newer one was already here."""
        self.rejected_values = 0
        """Numbers that are no price: not finite, zero or negative, or a bid above its ask."""
        self._lasts = _Slots(markets)
        self._books = _Slots(markets)
        self._columns = {
            name: np.full(markets, np.nan) for name in QuoteColumns.__dataclass_fields__
        }

    def put(self, row: int, quote: Quote, received: float) -> bool:
        """Keep the quote unless a newer one of that market is here; False if it was dropped."""
        slots = self._lasts if quote.last == quote.last else self._books
        held = slots.quotes[row]
        if held is not None and (
            received < slots.received[row]
            or quote.time < held.time
            or 0 < quote.sequence <= held.sequence
        ):
            self.rejected_order += 1
            return False
        slots.quotes[row] = quote
        slots.received[row] = received
        slots.changed.add(row)
        return True

    def renew(self, rows: Iterable[int]) -> None:
        """Accept any sequence number again: a venue counts afresh on a new connection."""
        self.settle()
        for row in rows:
            self._lasts.quotes[row] = self._books.quotes[row] = None

    def settle(self) -> set[int]:
        """Move waiting quotes into the columns; the rows that changed."""
        changed = self._lasts.changed | self._books.changed
        self._settle(self._lasts, carries_last=True)
        self._settle(self._books, carries_last=False)
        return changed

    def columns(self) -> QuoteColumns:
        """The columns as they stand now; the arrays are copies that nobody writes again."""
        return QuoteColumns(**{name: column.copy() for name, column in self._columns.items()})

    def _settle(self, slots: _Slots, *, carries_last: bool) -> None:
        rows, quotes = slots.take()
        if not rows:
            return
        at = np.array(rows, dtype=np.int64)
        time = np.array([quote.time for quote in quotes])
        received = np.frombuffer(slots.received)[at]
        bid = np.array([quote.bid for quote in quotes])
        ask = np.array([quote.ask for quote in quotes])
        invalid = self._settle_book(at, bid, ask, time, received)
        if carries_last:
            last = np.array([quote.last for quote in quotes])
            invalid |= self._settle_last(at, last, time, received)
        self._settle_size(at, "volume", np.array([quote.volume for quote in quotes]))
        self._settle_size(at, "turnover", np.array([quote.turnover for quote in quotes]))
        self._columns["invalid_received"][at[invalid]] = received[invalid]
        self.rejected_values += int(invalid.sum())

    def _settle_last(self, at: Rows, last: Floats, time: Floats, received: Floats) -> Mask:
        valid = np.isfinite(last) & (last > 0)
        newer = valid & ~(received < self._columns["last_received"][at])
        self._write(at, newer, last=last, last_time=time, last_received=received)
        return ~valid

    def _settle_book(
        self, at: Rows, bid: Floats, ask: Floats, time: Floats, received: Floats
    ) -> Mask:
        said = ~(np.isnan(bid) | np.isnan(ask))
        valid = np.isfinite(bid) & np.isfinite(ask) & (bid > 0) & (bid <= ask)
        newer = valid & ~(received < self._columns["book_received"][at])
        self._write(at, newer, bid=bid, ask=ask, book_time=time, book_received=received)
        return said & ~valid

    def _settle_size(self, at: Rows, name: str, size: Floats) -> None:
        self._write(at, np.isfinite(size) & (size >= 0), **{name: size})

    def _write(self, at: Rows, where: Mask, **values: Floats) -> None:
        for name, value in values.items():
            self._columns[name][at[where]] = value[where]
