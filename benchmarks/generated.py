"""Markets of any size, made by chance from a seed: a registry, and quotes that keep moving."""

from dataclasses import dataclass, replace

import numpy as np

from app.market.quotes import Floats, QuoteColumns, Rows
from app.market.registry import Asset, Market, Redenomination, Registry, Tier

OPERATORS = 12
NOW = 1_750_000_000.0
_MONEY = (
    Asset("usd", "USD", "US Dollar", Tier.FIAT),
    Asset("tether", "USDT", "Tether", Tier.STABLE),
    Asset("usd-coin", "USDC", "USDC", Tier.STABLE),
    Asset("bitcoin", "BTC", "Bitcoin", Tier.MAJOR),
    Asset("ethereum", "ETH", "Ethereum", Tier.MAJOR),
)
_QUOTES = ("tether", "usd", "usd-coin", "bitcoin")
"""What books are quoted in, the most common first."""
_QUOTE_FADE = 0.8
_MAJORS, _MIDS = 50, 500
_ON_PROBATION, _PINNED = 0.02, 0.3
"""Shares of the markets whose mapping is new, and whose mapping is proved."""
_NOISE = 5e-4
"""How far a market strays from the common price, as a share of it."""
_HALF_SPREAD = 5e-4
_AGE = 3.0
"""Mean age of a quote in seconds."""


@dataclass(frozen=True, slots=True)
class Generated:
    """A registry, and the latest quote of each of its markets at `now`."""

    registry: Registry
    columns: QuoteColumns
    now: float

    def later(self, seconds: float, *, share: float, seed: int) -> "Generated":
        """So many seconds later; this share of the markets has a new quote."""
        luck = np.random.default_rng([seed, 2])
        markets = len(self.registry.markets)
        at = luck.choice(markets, int(share * markets), replace=False)
        columns, now = self.columns, self.now + seconds
        last = columns.last.copy()
        last[at] *= np.exp(luck.normal(0, _NOISE, len(at)))
        received = _with(columns.last_received, at, now - luck.random(len(at)) * seconds)
        return replace(self, columns=_quoted(columns.turnover, last, received), now=now)


def generate(*, assets: int, markets: int, seed: int = 1) -> Generated:
    """So many assets, and so many markets of them at twelve operators, no market twice."""
    luck = np.random.default_rng([seed, 1])
    listed = _assets(assets)
    change = Redenomination(listed[-1].id, NOW - 86_400.0, 1000.0)
    registry = Registry(1, listed, _markets(listed, markets, luck), (change,))
    level = np.exp(luck.normal(0, 3, assets))
    level[:3] = 1.0, 1.0003, 0.9998
    last = level[registry.base] / level[registry.quote] * np.exp(luck.normal(0, _NOISE, markets))
    turnover = np.exp(luck.normal(12, 2, markets))
    received = NOW - luck.exponential(_AGE, markets)
    return Generated(registry, _quoted(turnover, last, received), NOW)


def _assets(count: int) -> tuple[Asset, ...]:
    further = range(len(_MONEY), count)
    return _MONEY + tuple(Asset(f"a{at}", f"A{at}", f"Asset {at}", _tier(at)) for at in further)


def _tier(place: int) -> Tier:
    if place < _MAJORS:
        return Tier.MAJOR
    return Tier.MID if place < _MIDS else Tier.TAIL


def _markets(
    assets: tuple[Asset, ...], count: int, luck: np.random.Generator
) -> tuple[Market, ...]:
    found: dict[tuple[int, int, str], Market] = {}
    while len(found) < count:
        base = int(luck.integers(1, len(assets)))
        operator = int(luck.integers(OPERATORS))
        quote = _QUOTES[min(len(_QUOTES) - 1, int(luck.exponential(_QUOTE_FADE)))]
        if assets[base].id != quote:
            name, symbol = f"v{operator}", f"{assets[base].symbol}/{quote}"
            found[base, operator, quote] = Market(
                *(name, name, symbol, assets[base].id, quote),
                approved=luck.random() > _ON_PROBATION,
                pinned=luck.random() < _PINNED,
            )
    return tuple(found.values())


def _quoted(turnover: Floats, last: Floats, received: Floats) -> QuoteColumns:
    return QuoteColumns(
        last=last,
        last_time=received - 0.05,
        last_received=received,
        bid=last * (1 - _HALF_SPREAD),
        ask=last * (1 + _HALF_SPREAD),
        book_time=received - 0.05,
        book_received=received,
        volume=turnover / last,
        turnover=turnover,
        invalid_received=np.full(len(last), np.nan),
    )


def _with(column: Floats, at: Rows, values: Floats) -> Floats:
    changed = column.copy()
    changed[at] = values
    return changed
