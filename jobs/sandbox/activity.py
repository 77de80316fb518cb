"""What goes on in a simulated market: its recent trades, and the orders that wait in its book.

Whoever asks and whenever, a trade with a certain number is the same.
"""

from dataclasses import dataclass

import numpy as np

from jobs.sandbox.past import Traded
from jobs.sandbox.voice import Book, Deal, Ladder

_TRADE = 1000.0
"""What an average trade is worth in USD, as far as the gaps below allow."""
_GAP_MIN, _GAP_MAX = 0.05, 30.0
"""Seconds between two trades."""
_SPREAD = 1.5
"""Standard deviation of sizes in logarithms: wide enough for their first digits to be Benford's."""
_BLOCK = 100
"""Trades that are made up together."""
_LEVELS = 60
_REACH = 0.03
"""How far the last level is from the first, as a share of the price."""
_DEPTH = 0.01
"""Part of a day's volume that waits on one side of the book."""
_THIN = 0.02
"""What is left of the book of a venue that washes its trades."""


@dataclass(frozen=True, slots=True)
class Tape:
    """What makes a market's trades its own."""

    market: Traded
    gap: float
    """Seconds between two trades."""
    washed_since: float | None = None
    """Since when nothing has been traded any more, and sizes are all alike."""

    def deals(self, book: Book, *, most: int, now: float) -> list[Deal]:
        """The latest trades until `now`, the newest last."""
        until = now if self.washed_since is None else min(now, self.washed_since)
        newest = int(until // self.gap)
        numbers = range(newest - most + 1, newest + 1)
        average = self.market.size * self.gap / 86_400
        chances = self._chances(numbers[0], most)
        return [
            Deal(
                id=number,
                price=book.ask if chance > 0 else book.bid,
                size=_eight_digits(average * self._times(chance)),
                time=number * self.gap,
                buys=chance > 0,
            )
            for number, chance in zip(numbers, chances, strict=True)
        ]

    def ladder(self, book: Book, *, most: int) -> Ladder:
        """The book, at most so many levels a side."""
        size = self.market.size * _DEPTH / _LEVELS
        size = _eight_digits(size if self.washed_since is None else size * _THIN)
        steps = [level / (_LEVELS - 1) * _REACH for level in range(min(most, _LEVELS))]
        return Ladder(
            bids=tuple((_eight_digits(book.bid * (1 - step)), size) for step in steps),
            asks=tuple((_eight_digits(book.ask * (1 + step)), size) for step in steps),
        )

    def _times(self, chance: float) -> float:
        """A trade's size in average ones."""
        if self.washed_since is not None:
            return 1.0
        return float(np.exp(_SPREAD * chance - _SPREAD**2 / 2))

    def _chances(self, first: int, count: int) -> list[float]:
        """A standard normal number for each of so many trades."""
        blocks = range(first // _BLOCK, (first + count - 1) // _BLOCK + 1)
        drawn = np.concatenate(
            [
                np.random.default_rng(
                    [self.market.seed, 7, self.market.row, block]
                ).standard_normal(_BLOCK)
                for block in blocks
            ]
        )
        start = first - _BLOCK * blocks.start
        return drawn[start : start + count].tolist()


def gap_of(turnover: float) -> float:
    """Seconds between two trades of a market with so much turnover in USD a day."""
    return min(max(86_400 * _TRADE / turnover, _GAP_MIN), _GAP_MAX)


def _eight_digits(number: float) -> float:
    return float(f"{number:.8g}")
