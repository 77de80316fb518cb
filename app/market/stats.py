"""What a price history says: changes, highs, lows, sparklines, caps, ranks and totals."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.market.candles import HOUR, MINUTE, Candles
from app.market.registry import Registry, Tier

Floats = NDArray[np.float64]

DAY = 24 * HOUR
WEEK = 7 * DAY

CONFIDENCE_MAX = 0.05
"""S14: a price less certain than this makes no history."""

HOURS_OF_A_DAY = 24
MINUTES_OF_AN_HOUR = 60
USUAL_HOURS = 12
"""S13: fewer known hours than this say nothing about what the last day's price was."""
USUAL_MINUTES = 3
"""S13: fewer known minutes than this say nothing about what the last hour's price was."""

RANKED_OPERATORS = 2
RANKED_VOLUME = 50_000.0
"""S11: an asset is ranked with so many operators and so much 24 h volume in USD."""


class Ring:
    """The last `slots` periods of every asset: close, high and low; a single writer owns it."""

    def __init__(self, assets: int, *, seconds: int, slots: int) -> None:
        self.seconds, self.slots = seconds, slots
        self._close = np.full((slots, assets), np.nan)
        self._high = np.full((slots, assets), np.nan)
        self._low = np.full((slots, assets), np.nan)
        self._newest = -1

    def record(self, time: float, price: Floats, good: NDArray[np.bool_]) -> None:
        """Add one sample of each good asset; periods that nobody sampled stay NaN."""
        self._advance(int(time // self.seconds))
        slot = int(time // self.seconds) % self.slots
        self._close[slot, good] = price[good]
        self._high[slot, good] = np.fmax(self._high[slot, good], price[good])
        self._low[slot, good] = np.fmin(self._low[slot, good], price[good])

    def fill(self, candles: Candles) -> None:
        """Put stored candles where nothing was recorded yet; those out of range are left out."""
        if not len(candles):
            return
        newest = max(self._newest, int(candles.time.max() // self.seconds))
        self._advance(newest)
        period = candles.time // self.seconds
        kept = (period > newest - self.slots) & (candles.asset < self._close.shape[1])
        slot, asset = (period % self.slots)[kept], candles.asset[kept]
        for column, values in (
            (self._close, candles.close),
            (self._high, candles.high),
            (self._low, candles.low),
        ):
            column[slot, asset] = np.where(
                np.isnan(column[slot, asset]), values[kept], column[slot, asset]
            )

    def close_at(self, time: float, *, reach: int) -> Floats:
        """The last close known at that time, looking at most `reach` periods further back."""
        period = int(time // self.seconds)
        found = np.full(self._close.shape[1], np.nan)
        for back in range(reach + 1):
            wanted = period - back
            if self._newest - self.slots < wanted <= self._newest:
                found = np.where(np.isnan(found), self._close[wanted % self.slots], found)
        return found

    def extremes(self, time: float, *, periods: int) -> tuple[Floats, Floats]:
        """Highest and lowest price of the last so many periods, the running one included."""
        newest = int(time // self.seconds)
        wanted = [
            p for p in range(newest - periods + 1, newest + 1) if p > self._newest - self.slots
        ]
        rows = [p % self.slots for p in wanted if p <= self._newest]
        if not rows:
            nothing = np.full(self._close.shape[1], np.nan)
            return nothing, nothing
        return np.fmax.reduce(self._high[rows]), np.fmin.reduce(self._low[rows])

    def closes(self, time: float, *, points: int, every: int) -> NDArray[np.float32]:
        """Closes of the past, oldest first, one each `every` periods: shape (assets, points)."""
        newest = int(time // self.seconds)
        rows: list[Floats] = []
        for index in range(points):
            end = newest - (points - 1 - index) * every
            rows.append(self.close_at(end * self.seconds, reach=every - 1))
        return np.stack(rows, axis=1).astype(np.float32)

    def middle(self, time: float, *, periods: int, known: int) -> Floats:
        """The median close of the last so many periods; NaN where fewer than `known` are known."""
        back = range(periods)
        closes = np.stack([self.close_at(time - each * self.seconds, reach=0) for each in back])
        closes.sort(axis=0)
        count = np.count_nonzero(np.isfinite(closes), axis=0)
        middle = closes[np.maximum(count - 1, 0) // 2, np.arange(closes.shape[1])]
        return np.where(count >= known, middle, np.nan)

    def rescale(self, asset: int, factor: float) -> None:
        """Every price of the asset is multiplied."""
        for column in (self._close, self._high, self._low):
            column[:, asset] *= factor

    def _advance(self, newest: int) -> None:
        for period in range(max(self._newest + 1, newest - self.slots + 1), newest + 1):
            slot = period % self.slots
            for column in (self._close, self._high, self._low):
                column[slot].fill(np.nan)
        self._newest = max(self._newest, newest)


@dataclass(frozen=True, slots=True)
class Changes:
    """Relative changes and the day's range, per asset; NaN where history does not reach."""

    hour: Floats
    day: Floats
    week: Floats
    high: Floats
    low: Floats
    day_ago: Floats
    """The price 24 h ago."""


class History:
    """Just enough past prices in memory for changes, ranges and sparklines."""

    def __init__(self, assets: int) -> None:
        self._minutes = Ring(assets, seconds=MINUTE, slots=64)
        self._fives = Ring(assets, seconds=5 * MINUTE, slots=300)
        self._hours = Ring(assets, seconds=HOUR, slots=7 * 24 + 4)

    def record(self, time: float, price: Floats, good: NDArray[np.bool_]) -> None:
        """Add one sample of each good asset."""
        for ring in (self._minutes, self._fives, self._hours):
            ring.record(time, price, good)

    def fill(self, *, minutes: Candles, hours: Candles) -> None:
        """Take over what was stored before this process began."""
        self._minutes.fill(minutes)
        self._fives.fill(minutes)
        self._fives.fill(_at_their_end(hours))
        self._hours.fill(hours)

    def changes(self, time: float, price: Floats) -> Changes:
        """How the given prices compare with the past."""
        hour_ago = self._minutes.close_at(time - HOUR, reach=5)
        day_ago = self._fives.close_at(time - DAY, reach=12)
        week_ago = self._hours.close_at(time - WEEK, reach=3)
        high, low = self._hours.extremes(time, periods=24)
        return Changes(
            hour=price / hour_ago - 1,
            day=price / day_ago - 1,
            week=price / week_ago - 1,
            high=np.fmax(high, price),
            low=np.fmin(low, price),
            day_ago=day_ago,
        )

    def usual(self, time: float) -> Floats:
        """ln of the median of the last 24 hourly closes; where few are known, of the last hour's.

        NaN where too few minutes of that are known as well.
        """
        day = self._hours.middle(time, periods=HOURS_OF_A_DAY, known=USUAL_HOURS)
        hour = self._minutes.middle(time, periods=MINUTES_OF_AN_HOUR, known=USUAL_MINUTES)
        return np.log(np.where(np.isnan(day), hour, day))

    def rescale(self, asset: int, factor: float) -> None:
        """All that is known of the asset is from now on in units worth `factor` times as much."""
        for ring in (self._minutes, self._fives, self._hours):
            ring.rescale(asset, factor)

    def sparks(self, time: float, *, points: int) -> NDArray[np.float32]:
        """The last seven days as so many closes, oldest first: shape (assets, points)."""
        return self._hours.closes(time, points=points, every=7 * 24 // points)


def _at_their_end(hours: Candles) -> Candles:
    """The same closes, at the five minutes in which their hour ended."""
    last = hours.time + HOUR - 5 * MINUTE
    close = hours.close
    return Candles(hours.asset, last, close, close, close, close, hours.volume)


def ranks(market_cap: Floats, volume: Floats, operators: NDArray[np.int64]) -> NDArray[np.uint32]:
    """1 for the largest cap; 0 for assets that are not ranked."""
    eligible = np.isfinite(market_cap) & (operators >= RANKED_OPERATORS) & (volume >= RANKED_VOLUME)
    rank = np.zeros(len(market_cap), dtype=np.uint32)
    order = np.argsort(-np.where(eligible, market_cap, -np.inf), kind="stable")
    count = int(eligible.sum())
    rank[order[:count]] = np.arange(1, count + 1, dtype=np.uint32)
    return rank


def is_coin(registry: Registry) -> NDArray[np.bool_]:
    """Everything but fiat."""
    return registry.tier != Tier.FIAT
