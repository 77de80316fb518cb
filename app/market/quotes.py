"""Quotes as venues say them, and the latest one of every market as columns.

A quote waits in its market's slot until the next `settle`, so a burst of frames costs no
memory: the latest value wins, which is what a price is. Its numbers are copied there at once:
thousands of live quotes all over the memory would cost more to read later than to copy now.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from struct import Struct

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


_SLOT = Struct("7d")
"""Last, bid, ask, volume, turnover, the venue's time, and when we received it."""

_SLOT_BYTES = _SLOT.size
_RECEIVED = 6
_pack = _SLOT.pack_into


class QuoteBoard:
    """One column entry per market, one slot for its prices, and one for quotes of its book alone.

    A single writer owns it. The slot of a book is as many places behind that of the price as
    there are markets.
    """

    def __init__(self, markets: int) -> None:
        self.rejected_order = 0
        """Quotes dropped because a newer one was already here."""
        self.rejected_values = 0
        """Numbers that are no price: not finite, zero or negative, or a bid above its ask."""
        self._markets = markets
        self._newest = -inf
        """When the latest of all quotes was received."""
        self._times = [-inf] * (2 * markets)
        self._sequences = [0] * (2 * markets)
        self._numbers = bytearray(_SLOT_BYTES * 2 * markets)
        self._table = np.frombuffer(self._numbers).reshape(2 * markets, -1)
        self._table[:, _RECEIVED] = -inf
        self._waiting = bytearray(2 * markets)
        self._columns = {
            name: np.full(markets, np.nan) for name in QuoteColumns.__dataclass_fields__
        }

    def put(self, row: int, quote: Quote, received: float) -> bool:
        """Keep the quote unless a newer one of that market is here; False if it was dropped."""
        last, time = quote.last, quote.time
        slot = row if last == last else row + self._markets
        if received >= self._newest:
            self._newest = received
        elif received < self._table[slot, _RECEIVED]:
            return self._out_of_order()
        if time < self._times[slot]:
            return self._out_of_order()
        if quote.sequence:
            if quote.sequence <= self._sequences[slot]:
                return self._out_of_order()
            self._sequences[slot] = quote.sequence
        self._times[slot] = time
        _pack(
            self._numbers,
            slot * _SLOT_BYTES,
            last,
            quote.bid,
            quote.ask,
            quote.volume,
            quote.turnover,
            time,
            received,
        )
        self._waiting[slot] = 1
        return True

    def renew(self, rows: Iterable[int]) -> None:
        """Accept any sequence number again: a venue counts afresh on a new connection."""
        self.settle()
        for row in rows:
            for slot in (row, row + self._markets):
                self._times[slot] = self._table[slot, _RECEIVED] = -inf
                self._sequences[slot] = 0

    def settle(self) -> set[int]:
        """Move waiting quotes into the columns; the rows that changed."""
        waiting = np.frombuffer(self._waiting, dtype=np.bool_)
        slots = np.flatnonzero(waiting)
        waiting[slots] = False
        changed: set[int] = set()
        books = int(slots.searchsorted(self._markets))
        for some, first in ((slots[:books], 0), (slots[books:], self._markets)):
            if len(some):
                rows = some - first
                self._settle(rows, *np.ascontiguousarray(self._table.take(some, axis=0).T))
                changed.update(rows.tolist())
        return changed

    def columns(self) -> QuoteColumns:
        """The columns as they stand now; the arrays are copies that nobody writes again."""
        return QuoteColumns(**{name: column.copy() for name, column in self._columns.items()})

    def _out_of_order(self) -> bool:
        self.rejected_order += 1
        return False

    def _settle(
        self,
        at: Rows,
        last: Floats,
        bid: Floats,
        ask: Floats,
        volume: Floats,
        turnover: Floats,
        time: Floats,
        received: Floats,
    ) -> None:
        traded = (last > 0) & (last < inf)
        newer = traded & ~(received < self._columns["last_received"][at])
        self._write(at, newer, last=last, last_time=time, last_received=received)
        quoted = (bid > 0) & (bid <= ask) & (ask < inf)
        newer = quoted & ~(received < self._columns["book_received"][at])
        self._write(at, newer, bid=bid, ask=ask, book_time=time, book_received=received)
        self._write(at, (volume >= 0) & (volume < inf), volume=volume)
        self._write(at, (turnover >= 0) & (turnover < inf), turnover=turnover)
        said = ~(np.isnan(bid) | np.isnan(ask))
        invalid = (~np.isnan(last) & ~traded) | (said & ~quoted)
        self._write(at, invalid, invalid_received=received)
        self.rejected_values += int(np.count_nonzero(invalid))

    def _write(self, at: Rows, where: Mask, **values: Floats) -> None:
        """Most often all are written, or none, and choosing costs twice as much as writing."""
        if where.all():
            for name, value in values.items():
                self._columns[name][at] = value
        elif where.any():
            for name, value in values.items():
                self._columns[name][at[where]] = value[where]
