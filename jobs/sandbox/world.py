"""The whole simulated market as one value that moves with the time it is given.

The same seed and the same sequence of times give the same books, to the last digit.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from app.market.quotes import Rows
from jobs.sandbox.books import Books
from jobs.sandbox.listings import choose_assets, list_markets
from jobs.sandbox.pace import Pace
from jobs.sandbox.prices import AssetPrices
from jobs.sandbox.voice import Voice
from jobs.seed import SeedAsset


class World:
    """Assets, the markets of all venues, and their books at the last time given."""

    def __init__(
        self,
        seeds: Sequence[SeedAsset],
        voices: Sequence[Voice],
        *,
        assets: int,
        seed: int,
        rate: float,
        now: float,
    ) -> None:
        self.assets = choose_assets(seeds, assets)
        self.markets = list_markets(self.assets, voices, seed)
        self.prices = AssetPrices(self.assets, seed, now)
        self.books = Books(self.assets, self.markets, self.prices, seed, now)
        self._pace = Pace(self.books.turnover, rate, seed)
        self._time = now
        counts = Counter(market.venue for market in self.markets)
        self.rows_of: dict[str, range] = {}
        """Venue → its rows, which stand together."""
        start = 0
        for voice in voices:
            self.rows_of[voice.name] = range(start, start + counts[voice.name])
            start += counts[voice.name]

    def advance(self, now: float, haste: Sequence[tuple[range, float]] = ()) -> Rows:
        """Move to `now`; the rows that were quoted anew, ascending.

        `haste` tells which rows live through how many times the seconds that went by.
        """
        elapsed = max(0.0, now - self._time)
        self._time = now
        self.prices.advance(now)
        if not haste:
            due = self._pace.due(elapsed)
        else:
            seconds = np.full(len(self.markets), elapsed)
            for rows, factor in haste:
                seconds[rows.start : rows.stop] *= factor
            due = self._pace.due(seconds)
        self.books.quote(due, now)
        return due
