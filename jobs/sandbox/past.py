"""What every simulated market was worth in past hours: the same story at all venues.

Prices move as they do while the sandbox runs: forwards from a day before its start, and from
there backwards, so that the past told meets the market that is lived through.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from app.market.candles import HOUR
from app.market.quotes import Floats, Rows
from jobs.sandbox.voice import Hour

BEFORE = 7 * 24
"""Hours that are made up before the first one that is lived through."""
KNOWN = BEFORE + 25
"""Hours that can be told: those, a lived-through day, and the running one."""

_STRAY = 0.3
"""How far a venue's price at the turn of an hour strays from the common one, in half spreads."""
_TRADE_SWING = 0.4
"""Standard deviation of what is traded in an hour, in logarithms."""


@dataclass(frozen=True, slots=True)
class Walk:
    """Natural logarithms of one market's common price, hour by hour."""

    hour: Rows
    """Hours since the epoch."""
    open: Floats
    high: Floats
    low: Floats
    close: Floats


@dataclass(frozen=True, slots=True)
class Traded:
    """What makes a market's past its own."""

    seed: int
    row: int
    half_spread: float
    size: float
    """Base units traded in a day."""


class Past:
    """Natural logarithms of USD prices by hour and asset; whoever moves the prices records them."""

    def __init__(self, log: Floats, earlier: Iterable[Floats], hour: int) -> None:
        """Now is `hour`; `earlier` are the prices as the hours before it began, latest first."""
        self._hour = hour
        self._open, self._high, self._low, self._close = np.full((4, KNOWN, len(log)), np.nan)
        self._begin(hour, log)
        closed = log
        for back, opened in enumerate(earlier, start=1):
            self._begin(hour - back, opened)
            self._take(hour - back, closed)
            closed = opened

    def record(self, hour: int, log: Floats) -> None:
        """The prices now; with the first ones of an hour the one before ends."""
        for begun in range(self._hour + 1, hour + 1):
            self._take(begun - 1, log)
            self._begin(begun, log)
        self._hour = max(self._hour, hour)
        self._take(self._hour, log)

    def walk(self, base: int, quote: int, since: int, until: int) -> Walk:
        """One market's hours that begin in [since, until), as far as they are known."""
        first = max(-(-since // HOUR), self._hour - KNOWN + 1)
        hour = np.arange(first, min(-(-until // HOUR), self._hour + 1))
        at = hour % KNOWN
        opened = self._open[at, base] - self._open[at, quote]
        close = self._close[at, base] - self._close[at, quote]
        # Both extremes are measured in the quote's average price of the hour.
        average = (self._open[at, quote] + self._close[at, quote]) / 2
        high = np.maximum.reduce([self._high[at, base] - average, opened, close])
        low = np.minimum.reduce([self._low[at, base] - average, opened, close])
        return Walk(hour, opened, high, low, close)

    def _begin(self, hour: int, log: Floats) -> None:
        for column in (self._open, self._high, self._low, self._close):
            column[hour % KNOWN] = log

    def _take(self, hour: int, log: Floats) -> None:
        at = hour % KNOWN
        np.maximum(self._high[at], log, out=self._high[at])
        np.minimum(self._low[at], log, out=self._low[at])
        self._close[at] = log


def hours_of(walk: Walk, market: Traded) -> list[Hour]:
    """The walk as this market saw it; whoever asks and whenever, a closed hour is the same."""
    if not len(walk.hour):
        return []
    chance = _chances(market, int(walk.hour[0]), len(walk.hour) + 1)
    stray = _STRAY * market.half_spread * chance[:, 0]
    opened, close = walk.open + stray[:-1], walk.close + stray[1:]
    reach = market.half_spread * np.abs(chance[:-1, 1])
    high = np.maximum.reduce([walk.high, opened, close]) + reach
    low = np.minimum.reduce([walk.low, opened, close]) - reach
    swing = _TRADE_SWING * chance[:-1, 2] - _TRADE_SWING**2 / 2
    prices = (np.exp(column).tolist() for column in (opened, high, low, close))
    volume = (market.size / 24 * np.exp(swing)).tolist()
    times = (walk.hour * HOUR).tolist()
    return [
        Hour(time, *(_eight_digits(number) for number in numbers))
        for time, *numbers in zip(times, *prices, volume, strict=True)
    ]


def _chances(market: Traded, first: int, count: int) -> Floats:
    """Three standard normal numbers for each of so many hours, shape (count, 3)."""
    days = range(first // 24, (first + count - 1) // 24 + 1)
    drawn = np.concatenate(
        [
            np.random.default_rng([market.seed, 6, market.row, day]).standard_normal((24, 3))
            for day in days
        ]
    )
    start = first - 24 * days.start
    return drawn[start : start + count]


def _eight_digits(number: float) -> float:
    return float(f"{number:.8g}")
