"""What every publish cycle does in memory; it reads no clock and speaks to nobody."""

from collections import deque
from collections.abc import Callable

import numpy as np

from app.market.candles import HOUR, MINUTE, Candles, Forming, candles_at
from app.market.health import VenueHealth
from app.market.index import first_state, step
from app.market.layout import lay_out
from app.market.publish import Edition, makes_history, snapshot_of, votes_of
from app.market.quotes import Floats, QuoteBoard
from app.market.registry import Registry
from app.market.snapshot import MarketSnapshot, MarketVotes
from app.market.stats import History
from app.store.mirror import SPARK_POINTS, Sparks

UNSTORED_MAX = 1000
"""Batches of closed candles kept while Postgres is away; the oldest is dropped first."""

_NONE = candles_at(0, np.empty(0, dtype=np.int64), *(np.empty(0),) * 5)


class Indexer:
    """Computes the market from a board, cycle after cycle; a single task owns it."""

    def __init__(
        self,
        registry: Registry,
        board: QuoteBoard,
        *,
        source: str,
        venues: Callable[[], tuple[VenueHealth, ...]],
        first_version: int,
    ) -> None:
        self.registry, self.board, self.source = registry, board, source
        self.venues = venues
        self.history = History(len(registry.assets))
        self.unstored: deque[tuple[str, Candles]] = deque(maxlen=UNSTORED_MAX)
        """Closed candles by interval that are not in Postgres yet, oldest first."""
        self.recollections = 0
        """How often history took over candles that were not made here."""
        self._version = first_version
        self._layout = lay_out(registry)
        self._state = first_state(self._layout)
        assets = len(registry.assets)
        self._forming = {
            "1m": Forming(assets, seconds=MINUTE),
            "1h": Forming(assets, seconds=HOUR),
        }

    def cycle(self, now: float) -> tuple[MarketSnapshot, MarketVotes]:
        """The market at `now`; candles that it closed wait in `unstored`."""
        self.board.settle()
        self._state, prices, votes = step(self._state, self.board.columns(), self._layout, now)
        good = makes_history(prices)
        self.history.record(now, prices.price, good)
        for interval, forming in self._forming.items():
            closed = forming.sample(now, prices.price, prices.volume, good)
            if len(closed):
                self.unstored.append((interval, closed))
        self._version += 1
        snapshot = snapshot_of(prices, self._layout, self.history, self._edition(), now=now)
        return snapshot, votes_of(votes, self.registry, version=self._version, now=now)

    @property
    def prices(self) -> Floats:
        """The last good price of each asset in USD; NaN before the first."""
        return np.exp(self._state.good)

    def remember(self, *, hours: Candles, minutes: Candles = _NONE) -> None:
        """Changes, ranges and sparklines know these candles as well, from the next cycle on."""
        self.history.fill(minutes=minutes, hours=hours)
        self.recollections += 1

    def sparks(self, now: float) -> Sparks:
        """The sparklines of all assets."""
        return self.history.sparks(now, points=SPARK_POINTS)

    def _edition(self) -> Edition:
        venues = self.venues()
        live = sum(venue.state == "live" for venue in venues)
        return Edition(self._version, self.source, live, len(venues))
