"""Quotes as venues say them, and the latest one of every market as columns.

A quote waits in its market's slot until the next `settle`, so a burst of frames costs no
memory: the latest value wins, which is what a price is. Its numbers are copied there at once:
thousands of live quotes all over the memory would cost more to read later than to copy now.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import inf
from struct import Struct
from typing import TypeAlias

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


SKEW_MAX = 5.0
"""A venue time further ahead of ours than this, in seconds, is not believed."""

PRICE_MIN = 1e-60
PRICE_MAX = 1e60
"""Beyond these no price and no volume is believed: their products would not fit into a float."""

Put: TypeAlias = Callable[[int, Quote, float], bool]
"""Row, quote, and when it was received in epoch seconds → False if the quote was dropped."""

_SLOT = Struct("7d")
"""Last, bid, ask, volume, turnover, the venue's time, and when we received it."""

_SLOT_BYTES = _SLOT.size
_RECEIVED = 6


def is_junk(quote: Quote) -> bool:
    """Whether the quote names a price or a book, and none of it can be one."""
    said = quote.last == quote.last or (quote.bid == quote.bid and quote.ask == quote.ask)
    return said and not quote.last > 0.0 and not 0.0 < quote.bid <= quote.ask


class QuoteBoard:
    """One column entry per market, one slot for its prices, and one for quotes of its book alone.

    A single writer owns it. The slot of a book is as many places behind that of the price as
    there are markets.
    """

    def __init__(self, markets: int) -> None:
        self.rejected_values = 0
        """Numbers that are no price: not finite, zero or negative, or a bid above its ask."""
        self._markets = markets
        self._times = [-inf] * (2 * markets)
        self._sequences = [0] * (2 * markets)
        self._numbers = bytearray(_SLOT_BYTES * 2 * markets)
        self._table = np.frombuffer(self._numbers).reshape(2 * markets, -1)
        self._table[:, _RECEIVED] = -inf
        self._waiting = bytearray(2 * markets)
        self._junk: dict[int, float] = {}
        """When each row last sent nothing but junk; it may not replace a quote that waits."""
        self._columns = {
            name: np.full(markets, np.nan) for name in QuoteColumns.__dataclass_fields__
        }
        self.put: Put = self._writer()
        """Keep the quote unless a newer one of that market is here; False if it was dropped."""

    def renew(self, rows: Iterable[int]) -> None:
        """Accept any sequence number again: a venue counts afresh on a new connection."""
        self.settle()
        for row in rows:
            for slot in (row, row + self._markets):
                self._times[slot] = self._table[slot, _RECEIVED] = -inf
                self._sequences[slot] = 0

    def forget(self, rows: Iterable[int]) -> None:
        """These markets have never said anything: what they said was about another asset."""
        rows = list(rows)
        self.renew(rows)
        for column in self._columns.values():
            column[rows] = np.nan

    def settle(self) -> Rows:
        """Move waiting quotes into the columns; the rows that had any, ascending, each once."""
        waiting = np.frombuffer(self._waiting, dtype=np.bool_).reshape(2, self._markets)
        prices, books = (np.flatnonzero(of_kind) for of_kind in waiting)
        waiting[:] = False
        self._settle_junk()
        if len(prices):
            self._settle(prices, *self._numbers_at(prices))
        if not len(books):
            return prices
        self._settle(books, *self._numbers_at(books + self._markets))
        return np.union1d(prices, books)

    def columns(self) -> QuoteColumns:
        """The columns as they stand now; the arrays are copies that nobody writes again."""
        return QuoteColumns(**{name: column.copy() for name, column in self._columns.items()})

    def _writer(self) -> Put:  # noqa: C901 - it holds `put`, which is one path without calls
        """What `put` is: a function with all that it touches at hand.

        Nothing is looked up in `self`, which would cost more than the checks do; nor is `self`
        held, so that an old board goes at once when a new one takes its place.
        """
        times, sequences, waiting = self._times, self._sequences, self._waiting
        table, numbers, pack, markets = self._table, self._numbers, _SLOT.pack_into, self._markets
        junk = self._junk
        # When the latest of all quotes was received: only what came before it can be late.
        newest = -inf

        def put(row: int, quote: Quote, received: float) -> bool:  # noqa: C901 - for its speed
            nonlocal newest
            last, time = quote.last, quote.time
            if last > 0.0:
                slot = row
            elif is_junk(quote):
                junk[row] = received
                return True
            else:
                slot = row + markets
            if received >= newest:
                newest = received
            elif received < table[slot, _RECEIVED]:
                return False
            if time >= times[slot]:
                times[slot] = time
            elif time == time:
                if time > received + SKEW_MAX or times[slot] <= table[slot, _RECEIVED] + SKEW_MAX:
                    return False
                # The venue's clock was ahead, so that nothing was believed of it, and is back.
                times[slot] = time
            if quote.sequence:
                if quote.sequence <= sequences[slot]:
                    return False
                sequences[slot] = quote.sequence
            pack(
                numbers,
                slot * _SLOT_BYTES,
                last,
                quote.bid,
                quote.ask,
                quote.volume,
                quote.turnover,
                time,
                received,
            )
            waiting[slot] = 1
            return True

        return put

    def _settle_junk(self) -> None:
        for row, received in self._junk.items():
            self._columns["invalid_received"][row] = received
        self.rejected_values += len(self._junk)
        self._junk.clear()

    def _numbers_at(self, slots: Rows) -> NDArray[np.float64]:
        """What stands in these slots, a contiguous row for each kind of number."""
        return np.ascontiguousarray(self._table.take(slots, axis=0).T)

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
        traded = (last > PRICE_MIN) & (last < PRICE_MAX)
        newer = traded & ~(received < self._columns["last_received"][at])
        self._write(at, newer, last=last, last_time=time, last_received=received)
        quoted = (bid > PRICE_MIN) & (bid <= ask) & (ask < PRICE_MAX)
        newer = quoted & ~(received < self._columns["book_received"][at])
        self._write(at, newer, bid=bid, ask=ask, book_time=time, book_received=received)
        self._write(at, (volume >= 0) & (volume < PRICE_MAX), volume=volume)
        self._write(at, (turnover >= 0) & (turnover < PRICE_MAX), turnover=turnover)
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
