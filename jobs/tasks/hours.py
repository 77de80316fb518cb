"""Past hours of one market → an asset's candles in USD: which market, and at what rate."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np

from app.market.candles import HOUR, Candles
from app.market.quotes import Floats
from app.market.registry import USD, Registry, Tier
from jobs.venue import HourCandle

DOLLARS = (USD, "tether", "usd-coin")
"""Quote assets whose books are the deepest and which are converted before all others."""


@dataclass(frozen=True, slots=True)
class Span:
    """The whole hours that begin in [since, until), in epoch seconds."""

    since: int
    until: int

    @property
    def hours(self) -> int:
        """How many they are."""
        return (self.until - self.since) // HOUR


def span_before(now: float, *, hours: int) -> Span:
    """So many hours, the last of which has ended."""
    until = int(now // HOUR) * HOUR
    return Span(until - hours * HOUR, until)


class Rates:
    """What quote assets were worth in USD in each hour of a span; only USD is taken for 1."""

    def __init__(self, registry: Registry, span: Span, prices: Callable[[], Floats]) -> None:
        self.quotes = set(registry.quote.tolist())
        self._registry = registry
        self._span = span
        self._prices = prices
        self._closes: dict[int, Floats] = {}
        if USD in registry.number_of:
            self._closes[registry.number_of[USD]] = np.ones(span.hours)

    def learn(self, candles: Candles) -> None:
        """The closes of quote assets that have most hours are known; gaps are straight lines."""
        every = np.arange(self._span.hours)
        for asset in self.quotes.intersection(candles.asset.tolist()) - self._closes.keys():
            own = candles.asset == asset
            if 2 * int(own.sum()) < self._span.hours:
                continue
            hour = (candles.time[own] - self._span.since) // HOUR
            order = np.argsort(hour)
            self._closes[asset] = np.interp(every, hour[order], candles.close[own][order])

    def of(self, asset: int) -> Floats | None:
        """Its rate in each hour: its own closes, for money else its present price; None if unknown.

        The present price of anything that moves would tell a past that never was.
        """
        if asset in self._closes:
            return self._closes[asset]
        price = self._prices()[asset]
        is_money = self._registry.tier[asset] in (Tier.FIAT, Tier.STABLE)
        return np.full(self._span.hours, price) if is_money and np.isfinite(price) else None

    def known(self) -> set[int]:
        """The quote assets that have a rate now."""
        return {asset for asset in self.quotes if self.of(asset) is not None}


def ranked_markets(
    registry: Registry,
    asset: int,
    *,
    venues: Collection[str],
    convertible: Collection[int],
    volumes: Floats,
) -> list[int]:
    """The markets at these venues that can tell the asset's past, the best first.

    Books in dollars first, then the largest volume, then the order of the registry. `convertible`
    are quote assets; `volumes` are what each market trades in base units.
    """

    def merit(number: int) -> tuple[bool, bool, float]:
        market = registry.markets[number]
        volume = float(np.nan_to_num(volumes[number])) * market.multiplier
        # What converts all others must not be told in another of its kind.
        hard = market.base in DOLLARS and market.quote == USD
        return hard, market.quote in DOLLARS, volume

    usable = [
        number
        for number in registry.markets_of.get(asset, ())
        if registry.markets[number].venue in venues
        and registry.counts[number]
        and int(registry.quote[number]) in convertible
    ]
    return sorted(usable, key=merit, reverse=True)


def in_usd(
    hours: Sequence[HourCandle], *, asset: int, per_unit: float, rate: Floats, span: Span
) -> Candles:
    """The hours as candles of the asset; the volume is unknown, for one market is not all of them.

    `per_unit` turns a listed price into that of one unit; `rate` is the quote's, hour by hour.
    """
    time = np.array([hour.time for hour in hours], dtype=np.int64)
    opened, high, low, close = np.array(
        [(hour.open, hour.high, hour.low, hour.close) for hour in hours]
    ).T
    at = (time - span.since) // HOUR
    then, before = per_unit * rate[at], per_unit * rate[np.maximum(at - 1, 0)]
    opened = opened * before
    return Candles(
        asset=np.full(len(time), asset, dtype=np.int64),
        time=time,
        open=opened,
        high=np.maximum(high * then, opened),
        low=np.minimum(low * then, opened),
        close=close * then,
        volume=np.full(len(time), np.nan),
    )


def joined(batch: Sequence[Candles]) -> Candles:
    """All candles of a batch of at least one."""
    columns = Candles.__dataclass_fields__
    return Candles(
        **{name: np.concatenate([getattr(one, name) for one in batch]) for name in columns}
    )
