"""When each market is quoted anew: a steady rate, more for those that trade more."""

import numpy as np

from app.market.quotes import Floats, Rows

LONGEST_PAUSE = 20.0
"""Seconds after which every market speaks again, where the whole rate allows it."""
FASTEST = 10.0
"""Updates per second of one market at most."""
_FOR_ALL = 0.6
"""Most of the whole rate that goes into keeping every market alive."""


_SKEW = 0.7
"""Updates beyond that are shared out by turnover to this power."""


class Pace:
    """One clock hand per market; a market is due when its hand has gone round."""

    def __init__(self, turnover: Floats, rate: float, seed: int) -> None:
        self.rates: Floats = _rates(turnover**_SKEW, rate)
        """Updates per second of each market; together `rate`, if `FASTEST` lets them."""
        self._hands: Floats = np.random.default_rng([seed, 4]).random(len(turnover))

    def due(self, elapsed: float | Floats) -> Rows:
        """Rows that are due after so many further seconds, each once, in ascending order."""
        self._hands += self.rates * elapsed
        rows = np.flatnonzero(self._hands >= 1)
        self._hands[rows] %= 1
        return rows


def _rates(weight: Floats, rate: float) -> Floats:
    floor = min(1 / LONGEST_PAUSE, _FOR_ALL * rate / len(weight))
    rates = np.full(len(weight), floor)
    for _ in range(20):
        spare = rate - rates.sum()
        free = np.where(rates < FASTEST, weight, 0.0)
        if spare < 1e-6 * rate or not free.any():
            break
        rates = np.minimum(rates + spare * free / free.sum(), FASTEST)
    return rates
