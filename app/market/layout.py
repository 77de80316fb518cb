"""The order in which a registry is evaluated: who votes on which asset, converted by what.

An entry is one market's vote on one asset. A market votes on its base; a book between two
fiats or stablecoins also votes, upside down, on its quote. An entry is only kept where the
other side of the book is known earlier: fiat → USDT → USDC → other stablecoins → BTC → ETH →
other quote assets → the rest.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from app.market.registry import USD, Registry, Tier
from app.market.stage import Block, Floats, Ints, Mask, Seats, Stage, group_key, seated

USDT = "tether"
USDC = "usd-coin"
BTC = "bitcoin"
ETH = "ethereum"

_STAGE_OF = {USD: -1, USDT: 1, USDC: 2, BTC: 4, ETH: 5}
_OTHER_QUOTE_ASSET = 6
_THE_REST = 7
_NARROWEST = 4
"""Seats of the smallest block; narrower ones would cost more calls than they save."""


@dataclass(frozen=True)
class Layout:
    """The evaluation order of one registry version."""

    registry: Registry
    stages: tuple[Stage, ...]
    anchors: tuple[int, ...]
    """Ascending asset numbers of BTC and ETH, whose prices tell what a stablecoin is worth."""

    @cached_property
    def operators_of(self) -> Ints:
        """How many operators have a vote on each asset, whether they use it or not."""
        count = np.zeros(len(self.registry.assets), dtype=np.int64)
        for stage in self.stages:
            count[stage.assets] = np.bincount(stage.group_asset, minlength=len(stage.assets))
        return count

    @cached_property
    def anchor_markets(self) -> Ints:
        """Markets whose base is an anchor and which may have a weight."""
        registry = self.registry
        usable = registry.counts & np.isin(registry.base, self.anchors)
        return np.flatnonzero(usable)

    @cached_property
    def anchor_cells(self) -> Seats:
        """Those markets by anchor and quote; the owner is anchor × assets + quote."""
        registry, markets = self.registry, self.anchor_markets
        anchor = np.searchsorted(self.anchors, registry.base[markets])
        cell = anchor * len(registry.assets) + registry.quote[markets]
        order = np.argsort(cell, kind="stable")
        found = seated(cell[order], np.arange(len(cell)), len(cell))
        return Seats(found.owner, np.append(order, len(cell))[found.at])

    @cached_property
    def anchor_weight(self) -> Floats:
        """What each of those markets weighs, so that an operator has one vote on each cell."""
        registry, markets = self.registry, self.anchor_markets
        whose = (registry.base[markets], registry.quote[markets], registry.operator[markets])
        _, of, count = np.unique(np.stack(whose), axis=1, return_inverse=True, return_counts=True)
        return 1.0 / count[of]

    @cached_property
    def on_trial(self) -> Ints:
        """Markets whose mapping still has to prove itself."""
        return np.flatnonzero(~self.registry.approved)


def lay_out(registry: Registry) -> Layout:
    """The evaluation order of a registry; the order of its markets changes nothing."""
    stage_of = stage_numbers(registry)
    entries: dict[int, list[_Entry]] = {}
    for entry in _entries(registry, stage_of):
        entries.setdefault(int(stage_of[entry.asset]), []).append(entry)
    numbers = sorted({int(stage) for stage in stage_of} - {-1})
    stages = tuple(
        _stage(registry, np.flatnonzero(stage_of == number), entries.get(number, []))
        for number in numbers
    )
    return Layout(registry, stages, anchor_numbers(registry))


def sides(registry: Registry, stage_of: Ints) -> tuple[Ints, Ints, Mask]:
    """Of each market the asset that it votes on, the one that converts, and if it is upside down.

    A market that nothing could convert in time votes on -1.
    """
    base, quote = registry.base, registry.quote
    pegged = (registry.tier == Tier.FIAT) | (registry.tier == Tier.STABLE)
    upside_down = (stage_of[base] < stage_of[quote]) & pegged[base] & pegged[quote]
    usable = upside_down | (stage_of[quote] < stage_of[base])
    asset = np.where(usable, np.where(upside_down, quote, base), -1)
    return asset, np.where(upside_down, base, quote), upside_down


class _Entry(NamedTuple):
    """One vote; its fields are in the order in which votes are sorted."""

    asset: int
    operator: int
    venue: str
    symbol: str
    market: int
    other: int
    upside_down: bool


def anchor_numbers(registry: Registry) -> tuple[int, ...]:
    """Ascending asset numbers of BTC and ETH."""
    return tuple(sorted(registry.number_of[id] for id in (BTC, ETH) if id in registry.number_of))


def stage_numbers(registry: Registry) -> Ints:
    """In which stage each asset is priced; the dollar is before all others."""
    stage = np.full(len(registry.assets), _THE_REST, dtype=np.int64)
    stage[np.unique(registry.quote)] = _OTHER_QUOTE_ASSET
    stage[registry.tier == Tier.FIAT] = 0
    stage[registry.tier == Tier.STABLE] = 3
    for id, number in _STAGE_OF.items():
        if id in registry.number_of:
            stage[registry.number_of[id]] = number
    return stage


def _entries(registry: Registry, stage_of: Ints) -> list[_Entry]:
    asset, other, upside_down = sides(registry, stage_of)
    operator, markets = registry.operator, registry.markets
    return sorted(
        _Entry(
            int(asset[number]),
            int(operator[number]),
            markets[number].venue,
            markets[number].symbol,
            number,
            int(other[number]),
            bool(upside_down[number]),
        )
        for number in np.flatnonzero(asset >= 0).tolist()
    )


def _stage(registry: Registry, numbers: Ints, entries: list[_Entry]) -> Stage:
    """`numbers` and `entries` in ascending order."""
    width = _widths(numbers, entries)
    by_width = np.argsort(width, kind="stable")
    assets = numbers[by_width]
    place = {asset: index for index, asset in enumerate(assets.tolist())}
    entries.sort(key=lambda entry: place[entry.asset])
    asset, operator, market, other = (
        np.array([entry[field] for entry in entries], dtype=np.int64) for field in (0, 1, 4, 5)
    )
    key = group_key(asset, operator)
    begins = np.diff(key, prepend=-1) != 0
    group_asset = np.array([place[number] for number in asset[begins].tolist()], dtype=np.int64)
    return Stage(
        assets=assets,
        blocks=tuple(_blocks(width[by_width], group_asset)),
        market=market,
        upside_down=np.array([entry.upside_down for entry in entries], dtype=bool),
        other=other,
        group=np.cumsum(begins) - 1,
        group_asset=group_asset,
        group_key=key[begins],
        tier=registry.tier[assets],
        log_unit=np.log(registry.per_unit[market]),
        open=registry.open[market],
        standing_flags=registry.standing_flags[market],
        pinned=registry.pinned[market],
    )


def _widths(numbers: Ints, entries: list[_Entry]) -> Ints:
    """Seats of each asset's block: a power of two that has a seat for each of its groups."""
    groups = Counter(asset for asset, _ in {(entry.asset, entry.operator) for entry in entries})
    count = np.array([max(groups[number], _NARROWEST) for number in numbers.tolist()])
    return 1 << np.ceil(np.log2(count)).astype(np.int64)


def _blocks(width: Ints, group_asset: Ints) -> Iterable[Block]:
    """`width` of each asset in ascending order, and each group's asset."""
    found = seated(group_asset, np.arange(len(group_asset)), len(group_asset))
    seats = np.full((int(width.max(initial=0)), len(width)), len(group_asset), dtype=np.int64)
    seats[: len(found.at), found.owner] = found.at
    for wide in np.unique(width).tolist():
        first, end = np.searchsorted(width, (wide, wide + 1)).tolist()
        yield Block(slice(first, end), np.ascontiguousarray(seats[:wide, first:end]))
