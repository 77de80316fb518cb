"""The part of a market that one asset's price depends on, computed like the whole of it.

A price needs its own markets, those of everything that it is quoted in or pegged to, and what BTC
and ETH say of the stablecoins among these. The bits of the result are those of the whole market.
"""

from collections import defaultdict
from dataclasses import dataclass, fields, replace
from functools import lru_cache

import numpy as np

from app.market.carry import renamed
from app.market.index import Cycle
from app.market.layout import Layout, anchor_numbers, lay_out, sides, stage_numbers
from app.market.quotes import QuoteColumns
from app.market.registry import USD, Registry, Tier
from app.market.stage import Ints
from app.market.state import BY_ASSET, BY_MARKET, IndexState

KEPT = 256
"""Excerpts in memory; the one asked for longest ago goes first."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The few assets and markets that matter, under numbers of their own."""

    whole: Registry
    layout: Layout
    assets: Ints
    """Their numbers in the whole registry, ascending."""
    markets: Ints
    """The same of the markets."""

    def cycle(self, state: IndexState, quotes: QuoteColumns, now: float) -> Cycle:
        """The cycle of these assets; state and quotes are those of the whole market."""
        return Cycle(self._state(state), self._quotes(quotes), self.layout, now)

    def _quotes(self, quotes: QuoteColumns) -> QuoteColumns:
        return QuoteColumns(
            *(getattr(quotes, column.name)[self.markets] for column in fields(QuoteColumns))
        )

    def _state(self, state: IndexState) -> IndexState:
        number = np.full(len(self.whole.assets), -1)
        number[self.assets] = np.arange(len(self.assets))
        part = {name: getattr(state, name)[self.assets] for name in BY_ASSET}
        part |= {name: getattr(state, name)[self.markets] for name in BY_MARKET}
        excluded = renamed(state.excluded, number, self.whole, self.layout.registry)
        return replace(state, excluded=excluded, **part)


class Excerpts:
    """Excerpts of one registry; what they are found with is computed once."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._voted_on, self._other, _ = sides(registry, stage_numbers(registry))
        self._entries_of: defaultdict[int, list[int]] = defaultdict(list)
        for market, asset in enumerate(self._voted_on.tolist()):
            self._entries_of[asset].append(market)
        whole = Layout(registry, (), anchor_numbers(registry))
        self._anchor_markets: list[int] = whole.anchor_markets.tolist()
        self._dollar = {registry.number_of[USD]} if USD in registry.number_of else set[int]()
        self._kept = lru_cache(maxsize=KEPT)(self._found)

    def of(self, asset: int) -> Excerpt:
        """What the price of this asset depends on."""
        return self._kept(asset)

    def _found(self, asset: int) -> Excerpt:
        registry = self._registry
        needed = self._needed(asset)
        markets = sorted(
            {market for each in needed for market in self._entries_of[each]}
            | set(self._told_by_anchors(needed))
        )
        assets = sorted(needed | {int(n) for m in markets for n in self._both_sides(m)})
        part = Registry(
            registry.version,
            tuple(registry.assets[number] for number in assets),
            tuple(registry.markets[number] for number in markets),
            registry.redenominations,
        )
        return Excerpt(registry, lay_out(part), np.array(assets), np.array(markets, dtype=np.int64))

    def _needed(self, asset: int) -> set[int]:
        """The asset, its peg, and everything that converts these, directly or not."""
        found = {asset, int(self._registry.peg[asset])}
        waiting = [*found]
        while waiting:
            entries = self._entries_of[waiting.pop()]
            new = {int(self._other[market]) for market in entries} - found
            found |= new
            waiting += new
        return found

    def _told_by_anchors(self, needed: set[int]) -> list[int]:
        """Markets of BTC and ETH against the stablecoins among what is needed, and the dollar."""
        registry = self._registry
        stable = {number for number in needed if registry.tier[number] == Tier.STABLE}
        quotes = stable | self._dollar if stable else stable
        return [market for market in self._anchor_markets if int(registry.quote[market]) in quotes]

    def _both_sides(self, market: int) -> tuple[int, int]:
        return int(self._registry.base[market]), int(self._registry.quote[market])
