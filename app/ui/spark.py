"""Sparklines: seven days of closes as one small SVG path."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WIDTH = 110
HEIGHT = 28
_POINTS_AT_LEAST = 2


@dataclass(frozen=True, slots=True)
class Spark:
    """The `d` of an SVG path in a box of WIDTH × HEIGHT, and whether it ends up or down."""

    path: str = ""
    way: str = ""


def drawn(closes: NDArray[np.float32]) -> Spark:
    """The line through the known closes; empty with fewer than two of them."""
    known = np.flatnonzero(np.isfinite(closes))
    if len(known) < _POINTS_AT_LEAST:
        return Spark()
    values = closes[known].astype(np.float64)
    x = np.round(known * (WIDTH / (len(closes) - 1))).astype(int)
    y = _heights(values)
    # Relative steps take half the bytes of positions, and a minus sign separates by itself.
    steps = "".join(map(_step, np.column_stack((np.diff(x), np.diff(y))).ravel().tolist()))
    way = "up" if values[-1] >= values[0] else "down"
    return Spark(f"M{x[0]} {y[0]}l{steps.lstrip()}", way)


def _heights(values: NDArray[np.float64]) -> NDArray[np.int64]:
    low, span = values.min(), np.ptp(values)
    share = (values - low) / span if span > 0 else np.full(len(values), 0.5)
    return np.round((1 - share) * (HEIGHT - 2) + 1).astype(int)


def _step(value: int) -> str:
    return str(value) if value < 0 else f" {value}"


class Sparks:
    """Lines of the newest closes, each drawn when it is first asked for."""

    def __init__(self) -> None:
        self._closes: NDArray[np.float32] | None = None
        self._drawn: dict[int, Spark] = {}

    def of(self, number: int, closes: NDArray[np.float32]) -> Spark:
        """The line of one asset; `closes` is the array of all, which is never changed in place."""
        if closes is not self._closes:
            self._closes, self._drawn = closes, {}
        if number not in self._drawn:
            self._drawn[number] = drawn(closes[number]) if number < len(closes) else Spark()
        return self._drawn[number]
