"""Every simulated order book as columns: quotes about a mid that all venues nearly share.

A row changes only when it is quoted anew, as an order book changes only when somebody trades.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.market.quotes import Floats, Rows
from app.market.registry import Tier
from jobs.sandbox.activity import Tape, gap_of
from jobs.sandbox.listings import Listed
from jobs.sandbox.past import Traded, hours_of
from jobs.sandbox.prices import AssetPrices
from jobs.sandbox.voice import Book, Hour
from jobs.seed import SeedAsset

DIGITS = 8
"""Significant digits of a price and of a volume."""

_TOP_TURNOVER = 3e10
_TURNOVER_FALL = 1.1
"""An asset's trade in USD a day is the top turnover divided by its place to this power."""
_FIAT_TURNOVER = 3e8
_STABLE_TURNOVER = 0.1
"""What part of its place's turnover a stablecoin has in books of its own."""
_WIDEST, _NARROWEST = 40e-4, 1e-4
_WIDEST_AT = 1e5
"""Turnover in USD a day at which, and below which, the spread is the widest."""
_SPREAD_FALL = 0.35
_VENUE_NOISE = 0.15
"""How far a venue's mid strays from the common one, in spreads (standard deviation)."""
_NOISE_KEPT = 0.9
_VOLUME_SWING = 0.05
_VOLUME_KEPT = 0.99


@dataclass(frozen=True, slots=True)
class _Columns:
    last: Floats
    bid: Floats
    ask: Floats
    open: Floats
    high: Floats
    low: Floats
    volume: Floats
    time: Floats
    sequence: Rows


class Books:
    """The latest quote of every market; rows are positions in `markets`."""

    def __init__(
        self,
        assets: Sequence[SeedAsset],
        markets: Sequence[Listed],
        prices: AssetPrices,
        seed: int,
        now: float,
    ) -> None:
        self._markets = markets
        self._prices = prices
        self._seed = seed
        self._luck = np.random.default_rng([seed, 3])
        count = len(markets)
        self._base = np.array([market.base for market in markets], dtype=np.int64)
        self._quote = np.array([market.quote for market in markets], dtype=np.int64)
        depth = np.array([market.depth for market in markets])
        self.turnover: Floats = _turnover(assets, self._luck)[self._base] * depth
        """USD a day."""
        money = np.array([asset.tier in (Tier.FIAT, Tier.STABLE) for asset in assets])
        spread = np.where(money[self._base], _NARROWEST, _spread(self.turnover))
        self._half_spread = spread / 2
        self._size = self.turnover / np.exp(prices.level[self._base])
        self._noise = np.zeros(count)
        self._volume_noise = np.zeros(count)
        self._now = _Columns(
            *(np.zeros(count) for _ in range(8)), sequence=np.zeros(count, dtype=np.int64)
        )
        self.quote(np.arange(count), now)

    def quote(self, rows: Rows, now: float) -> None:
        """Quote these markets anew at the present prices; no row may stand there twice."""
        chance = self._luck.standard_normal((3, len(rows)))
        half_spread = self._half_spread[rows]
        noise = _NOISE_KEPT * self._noise[rows]
        noise += _fresh(_NOISE_KEPT) * 2 * _VENUE_NOISE * half_spread * chance[0]
        self._noise[rows] = noise
        volume_noise = _VOLUME_KEPT * self._volume_noise[rows] + _fresh(_VOLUME_KEPT) * chance[1]
        self._volume_noise[rows] = volume_noise
        mid = np.exp(self._cross(self._prices.log, rows) + noise)
        columns = self._now
        columns.bid[rows] = rounded(mid * (1 - half_spread))
        columns.ask[rows] = rounded(mid * (1 + half_spread))
        columns.last[rows] = rounded(mid * (1 + half_spread * np.tanh(chance[2])))
        columns.volume[rows] = rounded(self._size[rows] * np.exp(_VOLUME_SWING * volume_noise))
        columns.time[rows] = now
        columns.sequence[rows] += 1
        self._day(rows)

    def of(self, rows: Sequence[int]) -> list[Book]:
        """The books of these rows, in their order."""
        now, at = self._now, np.array(rows, dtype=np.int64)
        return [
            Book(market.symbol, market.base_ticker, market.quote_ticker, *numbers)
            for market, *numbers in zip(
                [self._markets[row] for row in rows],
                now.last[at].tolist(),
                now.bid[at].tolist(),
                now.ask[at].tolist(),
                now.open[at].tolist(),
                now.high[at].tolist(),
                now.low[at].tolist(),
                now.volume[at].tolist(),
                now.time[at].tolist(),
                now.sequence[at].tolist(),
                strict=True,
            )
        ]

    def hours(self, row: int, since: int, until: int) -> list[Hour]:
        """The market's hours that begin in [since, until), oldest first, the running one too."""
        base, quote = int(self._base[row]), int(self._quote[row])
        half_spread, size = float(self._half_spread[row]), float(self._size[row])
        walk = self._prices.past.walk(base, quote, since, until)
        return hours_of(walk, Traded(self._seed, row, half_spread, size))

    def tape(self, row: int, *, washed_since: float | None = None) -> Tape:
        """The market's trades and book, which stand still from `washed_since` on."""
        half_spread, size = float(self._half_spread[row]), float(self._size[row])
        traded = Traded(self._seed, row, half_spread, size)
        return Tape(traded, gap_of(float(self.turnover[row])), washed_since)

    def _day(self, rows: Rows) -> None:
        """Open, high and low of the last 24 hours, never contradicting the last price."""
        columns, quote = self._now, self._prices.log[self._quote[rows]]
        last = columns.last[rows]
        opened = rounded(np.exp(self._cross(self._prices.opened, rows)))
        high = rounded(np.exp(self._prices.high[self._base[rows]] - quote))
        low = rounded(np.exp(self._prices.low[self._base[rows]] - quote))
        columns.open[rows] = opened
        columns.high[rows] = np.maximum.reduce([high, opened, last])
        columns.low[rows] = np.minimum.reduce([low, opened, last])

    def _cross(self, log: Floats, rows: Rows) -> Floats:
        return log[self._base[rows]] - log[self._quote[rows]]


def rounded(number: Floats) -> Floats:
    """The same numbers with `DIGITS` significant digits."""
    scale = 10.0 ** (DIGITS - 1 - np.floor(np.log10(number)))
    return np.round(number * scale) / scale


def _fresh(kept: float) -> float:
    """Weight of new chance that keeps the variance at 1 when so much of the old is kept."""
    return float(np.sqrt(1 - kept**2))


def _turnover(assets: Sequence[SeedAsset], luck: np.random.Generator) -> Floats:
    """USD a day of each asset: a power of its place, with chance."""
    fiat = np.array([asset.tier == Tier.FIAT for asset in assets])
    stable = np.array([asset.tier == Tier.STABLE for asset in assets])
    place = np.maximum(np.cumsum(~fiat), 1)
    traded = _TOP_TURNOVER / place**_TURNOVER_FALL * luck.lognormal(0, 0.5, len(assets))
    traded = np.where(stable, _STABLE_TURNOVER * traded, traded)
    return np.where(fiat, _FIAT_TURNOVER, traded)


def _spread(turnover: Floats) -> Floats:
    """Distance between bid and ask as a part of the price: the deeper, the narrower."""
    spread = _WIDEST * (np.maximum(turnover, _WIDEST_AT) / _WIDEST_AT) ** -_SPREAD_FALL
    return np.maximum(spread, _NARROWEST)
