"""Samples of a price → open, high, low and close of each minute; minutes → hours."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MINUTE = 60
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Candles:
    """Closed candles as columns of equal length; `time` is the start in epoch seconds."""

    asset: NDArray[np.int64]
    time: NDArray[np.int64]
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    """24 h volume in USD as it stood at the close."""

    def __len__(self) -> int:
        return len(self.asset)


class Forming:
    """The candle of every asset that is still open; a single writer owns it."""

    def __init__(self, assets: int, *, seconds: int = MINUTE) -> None:
        self.seconds = seconds
        self._start = -1
        self._open = np.full(assets, np.nan)
        self._high = np.full(assets, np.nan)
        self._low = np.full(assets, np.nan)
        self._close = np.full(assets, np.nan)
        self._volume = np.full(assets, np.nan)

    def sample(
        self, time: float, price: Floats, volume: Floats, good: NDArray[np.bool_]
    ) -> Candles:
        """Add one sample of each good asset; the candles that it closed, usually none."""
        start = int(time // self.seconds) * self.seconds
        closed = self._closed(start)
        first = good & np.isnan(self._open)
        self._open[first] = price[first]
        self._high[good] = np.fmax(self._high[good], price[good])
        self._low[good] = np.fmin(self._low[good], price[good])
        self._close[good] = price[good]
        self._volume[good] = volume[good]
        return closed

    def rescale(self, asset: int, factor: float) -> None:
        """The open candle of the asset goes on in units worth `factor` times as much."""
        for column in (self._open, self._high, self._low, self._close):
            column[asset] *= factor

    def _closed(self, start: int) -> Candles:
        if start == self._start:
            return candles_at(self._start, np.empty(0, dtype=np.int64), *(np.empty(0),) * 5)
        rows = np.flatnonzero(~np.isnan(self._open))
        columns = (self._open, self._high, self._low, self._close, self._volume)
        closed = candles_at(self._start, rows, *(column[rows] for column in columns))
        for column in columns:
            column.fill(np.nan)
        self._start = start
        return closed


def candles_at(
    start: int,
    asset: NDArray[np.int64],
    opened: Floats,
    high: Floats,
    low: Floats,
    close: Floats,
    volume: Floats,
) -> Candles:
    """Candles of many assets that all begin at the same second."""
    time = np.full(len(asset), start, dtype=np.int64)
    return Candles(asset, time, opened, high, low, close, volume)
