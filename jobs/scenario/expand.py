"""Generated series → ticks, the same bits everywhere: noise is a hash, never a generator."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from math import cos, exp, log, pi, sqrt
from typing import TypeAlias

import msgspec

Tick: TypeAlias = dict[str, object]
"""One message of a venue or a source; its fields may be junk on purpose."""

Points: TypeAlias = list[tuple[float, float | None]]
Spans: TypeAlias = list[tuple[float, float]]

_PHASE = 0.8
"""Part of the interval over which the first ticks of different markets are spread."""


class Series(msgspec.Struct, frozen=True):
    """How one market's ticks are made; times in seconds, distances in basis points."""

    points: Points
    vol: float | Points
    """24 h volume in quote units."""
    interp: str = "log"
    every: float = 1
    spread_bps: float = 4
    noise_bps: float = 2
    gaps: Spans = []
    """Silence: [from, to)."""
    freeze: Spans = []
    """The quote of `from` is repeated with fresh stamps until `to`."""
    lag: float = 0
    """So many seconds late is what is told."""
    te_lag: float = 0
    """So many seconds late is the venue's stamp."""
    te_offset: float = 0
    """So far ahead is the venue's clock."""
    start: float = 0
    end: float | None = None
    no_book: bool = False
    vol_none: bool = False

    def __post_init__(self) -> None:
        if not self.points or self.interp not in ("log", "linear", "step") or self.every <= 0:
            raise ValueError("a series needs points, interp log, linear or step, and every above 0")


def expand(
    id: str, series: Mapping[str, Series], literal: Sequence[Tick], duration: float
) -> list[Tick]:
    """Every tick of the scenario in the order of its receive times."""
    ticks = [
        tick for market, one in series.items() for tick in _generated(id, market, one, duration)
    ]
    ticks += literal
    ticks.sort(key=_received)
    return ticks


def _received(tick: Tick) -> float:
    at = tick["t"]
    assert isinstance(at, int | float)  # noqa: S101 - the file was checked when it was read
    return at


def _generated(id: str, market: str, series: Series, duration: float) -> Iterator[Tick]:
    at = series.start + round(_uniform(id + market) * min(series.every, 1) * _PHASE, 3)
    end, number = duration if series.end is None else series.end, 0
    while at < end:
        if not any(since <= at < until for since, until in series.gaps):
            frozen = next((since for since, until in series.freeze if since <= at < until), None)
            source = at - series.lag if frozen is None else frozen
            price = value_at(series.points, source, series.interp)
            if price is not None:
                label = f"{id}|{market}|{number if frozen is None else 'frozen'}"
                price = price * exp(_gauss(label) * series.noise_bps / 1e4)
                yield _tick(market, series, at, source, price)
        at += series.every
        number += 1


def _tick(market: str, series: Series, at: float, source: float, price: float) -> Tick:
    half = series.spread_bps / 2e4
    tick: Tick = {"t": round(at, 3), "m": market, "p": _digits(price)}
    if not series.no_book:
        tick |= {"b": _digits(price * (1 - half)), "a": _digits(price * (1 + half))}
    if not series.vol_none:
        volume = series.vol
        if isinstance(volume, list):
            volume = value_at(volume, source, "linear")
        tick["v"] = float(f"{volume:.8g}")
    tick["te"] = round(at - series.te_lag + series.te_offset, 3)
    return tick


def value_at(points: Points, at: float, interp: str) -> float | None:
    """The value between the points; the first before them, the last behind them."""
    index = bisect_right([time for time, _ in points], at) - 1
    if index < 0:
        return points[0][1]
    if index == len(points) - 1 or interp == "step":
        return points[index][1]
    (since, low), (until, high) = points[index], points[index + 1]
    if low is None or high is None:
        return low
    part = (at - since) / (until - since)
    if interp == "log" and low > 0 and high > 0:
        return exp(log(low) + (log(high) - log(low)) * part)
    return low + (high - low) * part


def _digits(price: float) -> float:
    return float(f"{price:.10g}")


def _uniform(key: str) -> float:
    """Between 0 and 1, the same in every language."""
    return (int(sha256(key.encode()).hexdigest()[:13], 16) + 0.5) / 16**13


def _gauss(key: str) -> float:
    return sqrt(-2 * log(_uniform(key + "a"))) * cos(2 * pi * _uniform(key + "b"))
