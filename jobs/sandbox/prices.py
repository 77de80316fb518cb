"""What every simulated asset is worth in USD: one correlated random walk for all of them.

Each asset swings about its reference level and is slowly drawn back to it, so that a market
that runs for weeks keeps its order of size. Stablecoins and wrapped assets swing about what
they stand for.
"""

from collections import deque
from collections.abc import Iterator, Sequence

import numpy as np

from app.market.quotes import Floats, Rows
from app.market.registry import Tier
from jobs.sandbox.past import BEFORE, Past
from jobs.seed import SeedAsset

HOUR = 3600.0
DAY = 86400.0

_DAILY = {Tier.FIAT: 0.004, Tier.STABLE: 0.0, Tier.MAJOR: 0.03, Tier.MID: 0.05, Tier.TAIL: 0.08}
"""Standard deviation of a day's change."""
_WITH_MARKET = {Tier.FIAT: 0.0, Tier.STABLE: 0.0, Tier.MAJOR: 0.8, Tier.MID: 0.6, Tier.TAIL: 0.4}
"""Correlation with the whole market."""
_DRAWN_BACK = 30 * DAY
"""Seconds after which a free asset has forgotten most of a swing."""
_PEG_SWING = 0.0003
_PEG_DRAWN_BACK = 600.0
_FOLLOWS = {
    "Wrapped": ("bitcoin", "ethereum", "solana"),
    "Liquid staking": ("bitcoin", "ethereum", "solana"),
    "Commodity": ("pax-gold",),
}
"""Category → what its assets stand for; the candidate of the nearest price is taken."""
_UNKNOWN_LEVELS = (np.log(1e-6), np.log(10.0))


class AssetPrices:
    """Natural logarithms of USD prices, one entry an asset, and those of the last 24 hours."""

    def __init__(self, assets: Sequence[SeedAsset], seed: int, now: float) -> None:
        self._luck = np.random.default_rng([seed, 2])
        tiers = [asset.tier for asset in assets]
        self._follows = _followed(assets)
        pegged = (self._follows >= 0) | np.array([tier == Tier.STABLE for tier in tiers])
        self._drawn_back = np.where(pegged, _PEG_DRAWN_BACK, _DRAWN_BACK)
        daily = np.array([_DAILY[tier] for tier in tiers])
        self._swing = np.where(pegged, _PEG_SWING, daily * np.sqrt(_DRAWN_BACK / DAY / 2))
        self._with_market = np.where(pegged, 0.0, [_WITH_MARKET[tier] for tier in tiers])
        dollar = np.array([asset.id == "usd" for asset in assets])
        self._swing[dollar] = 0.0
        level = np.log([asset.price for asset in assets])
        unknown = self._luck.uniform(*_UNKNOWN_LEVELS, len(assets))
        self.level: Floats = np.where(np.isnan(level), unknown, level)
        """What the logarithms swing about."""
        self._offset = np.zeros(len(assets))
        self._start(now, np.random.default_rng([seed, 5]))

    def advance(self, now: float) -> None:
        """Move all prices to the time `now`; a clock that went back moves nothing."""
        self._step(max(0.0, now - self._time))
        self._time = now
        hour = int(now // HOUR)
        if hour > self._hour:
            self._hour = hour
            self._close_hour()
        np.maximum(self._hour_high, self.log, out=self._hour_high)
        np.minimum(self._hour_low, self.log, out=self._hour_low)
        self.past.record(hour, self.log)

    @property
    def opened(self) -> Floats:
        """Prices of 24 hours ago, to the hour."""
        return self._opens[0]

    @property
    def high(self) -> Floats:
        """Highest price of each asset in the last 24 hours."""
        return np.maximum(self._past_high, self._hour_high)

    @property
    def low(self) -> Floats:
        """Lowest price of each asset in the last 24 hours."""
        return np.minimum(self._past_low, self._hour_low)

    def _start(self, now: float, luck: np.random.Generator) -> None:
        """Live through the 24 hours before `now`, so that it has a day's history."""
        self._time = now - DAY
        self._hour = int(self._time // HOUR)
        self.log: Floats = self._combined(self._offset)
        self.past = Past(self.log, self._earlier(luck), self._hour)
        self._opens = deque([self.log], maxlen=25)
        self._highs = deque([self.log], maxlen=24)
        self._lows = deque([self.log], maxlen=24)
        self._hour_high, self._hour_low = self.log.copy(), self.log.copy()
        self._past_high, self._past_low = self.log, self.log
        for hours in range(23, -1, -1):
            self.advance(now - hours * HOUR)

    def _close_hour(self) -> None:
        self._highs.append(self._hour_high)
        self._lows.append(self._hour_low)
        self._opens.append(self.log)
        self._past_high = np.maximum.reduce(list(self._highs))
        self._past_low = np.minimum.reduce(list(self._lows))
        self._hour_high, self._hour_low = self.log.copy(), self.log.copy()

    def _step(self, elapsed: float) -> None:
        self._offset = self._moved(self._offset, elapsed, self._luck)
        self.log = self._combined(self._offset)

    def _moved(self, offset: Floats, elapsed: float, luck: np.random.Generator) -> Floats:
        """The exact step of a process that forgets with time, so its length does not matter."""
        kept = np.exp(-elapsed / self._drawn_back)
        own = luck.standard_normal(len(self.level))
        market = luck.standard_normal()
        shock = self._with_market * market + np.sqrt(1 - self._with_market**2) * own
        return kept * offset + self._swing * np.sqrt(1 - kept**2) * shock

    def _earlier(self, luck: np.random.Generator) -> Iterator[Floats]:
        """Prices an hour before the first ones, two hours, and so on.

        The process looks alike in both directions of time, so it is simply moved.
        """
        offset = self._offset
        for _ in range(BEFORE):
            offset = self._moved(offset, HOUR, luck)
            yield self._combined(offset)

    def _combined(self, offset: Floats) -> Floats:
        """Level and swing; followers add their swing to that of what they stand for."""
        follower = self._follows >= 0
        swing = offset.copy()
        swing[follower] += offset[self._follows[follower]]
        return self.level + swing


def _followed(assets: Sequence[SeedAsset]) -> Rows:
    """Position of the asset that each one stands for; -1 where it stands for itself."""
    number = {asset.id: position for position, asset in enumerate(assets)}
    fiats = tuple(asset.id for asset in assets if asset.tier == Tier.FIAT)
    return np.array([_leader(asset, assets, number, fiats) for asset in assets], dtype=np.int64)


def _leader(
    asset: SeedAsset, assets: Sequence[SeedAsset], number: dict[str, int], fiats: tuple[str, ...]
) -> int:
    names = fiats if asset.tier == Tier.STABLE else _FOLLOWS.get(asset.category, ())
    candidates = [number[name] for name in names if name in number and name != asset.id]
    if not candidates:
        return -1
    return min(candidates, key=lambda at: abs(np.log(asset.price / assets[at].price)))
