"""The order in which a registry is evaluated: who votes on which asset, converted by what.

An entry is one market's vote on one asset. A market votes on its base; a book between two
fiats or stablecoins also votes, upside down, on its quote. An entry is only kept where the
other side of the book is known earlier: fiat → USDT → USDC → other stablecoins → BTC → ETH →
other quote assets → the rest.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.market import tiers
from app.market.registry import USD, Registry, Tier

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

USDT = "tether"
USDC = "usd-coin"
BTC = "bitcoin"
ETH = "ethereum"

_STAGE_OF = {USD: -1, USDT: 1, USDC: 2, BTC: 4, ETH: 5}
_OTHER_QUOTE_ASSET = 6
_THE_REST = 7


@dataclass(frozen=True)
class Stage:
    """Assets that are evaluated together; entries sorted by asset, operator, venue and symbol."""

    assets: Ints
    """Asset numbers."""
    market: Ints
    """Market of each entry."""
    upside_down: NDArray[np.bool_]
    """Whether the entry votes on the quote of its market."""
    other: Ints
    """Asset number of the other side of the book, which converts the price."""
    group: Ints
    """Group of each entry; a group is one operator's entries on one asset."""
    group_asset: Ints
    """Position in `assets` of each group, ascending."""
    group_slot: Ints
    """Number of each group over all stages; carried state is kept under it."""
    tier: NDArray[np.int8]
    """Tier of each asset."""
    log_unit: Floats
    """ln of what turns the listed price of each entry into the price of one unit."""
    counts: NDArray[np.bool_]
    """Whether each entry may have a weight at all."""
    standing_flags: NDArray[np.uint32]
    """The flags that each entry carries whatever it says."""

    @cached_property
    def sign(self) -> Floats:
        """-1 for entries that are read upside down, else 1."""
        return np.where(self.upside_down, -1.0, 1.0)

    @cached_property
    def _entry_tier(self) -> NDArray[np.int8]:
        return self.tier[self.group_asset[self.group]]

    @cached_property
    def fresh(self) -> Floats:
        """τ0 of each entry, in seconds."""
        return tiers.FRESH[self._entry_tier]

    @cached_property
    def half_life(self) -> Floats:
        """Half-life of each entry's weight, in seconds."""
        return tiers.HALF_LIFE[self._entry_tier]

    @cached_property
    def age_max(self) -> Floats:
        """Age in seconds beyond which each entry counts for nothing."""
        return tiers.AGE_MAX[self._entry_tier]

    @cached_property
    def asset_seen(self) -> Ints:
        """Positions of the assets that have an entry, ascending."""
        return np.unique(self.group_asset)

    @cached_property
    def asset_start(self) -> Ints:
        """Position of the first entry of each of those."""
        return np.searchsorted(self.group_asset[self.group], self.asset_seen)

    @cached_property
    def group_start(self) -> Ints:
        """Position of the first entry of each group."""
        return np.searchsorted(self.group, np.arange(len(self.group_asset)))

    @cached_property
    def crowded(self) -> Ints:
        """Entries that share their group with another one."""
        return np.flatnonzero(np.bincount(self.group)[self.group] > 1)


@dataclass(frozen=True)
class Layout:
    """The evaluation order of one registry version."""

    registry: Registry
    stages: tuple[Stage, ...]
    groups: int
    group_keys: tuple[tuple[str, str], ...]
    """Asset id and operator of each group slot."""
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
        """Markets whose base is an anchor."""
        return np.flatnonzero(np.isin(self.registry.base, self.anchors))


def lay_out(registry: Registry) -> Layout:
    """The evaluation order of a registry; the order of its markets changes nothing."""
    stage_of = _stages(registry)
    entries = _entries(registry, stage_of)
    operators = registry.operators
    stages: list[Stage] = []
    keys: list[tuple[int, int]] = []
    for number in sorted({int(stage) for stage in stage_of} - {-1}):
        chosen = [entry for entry in entries if stage_of[entry.asset] == number]
        assets = np.flatnonzero(stage_of == number)
        stage = _stage(registry, assets, chosen, first_slot=len(keys))
        stages.append(stage)
        keys += sorted({(entry.asset, entry.operator) for entry in chosen})
    named = tuple((registry.assets[asset].id, operators[operator]) for asset, operator in keys)
    anchors = sorted(registry.number_of[id] for id in (BTC, ETH) if id in registry.number_of)
    return Layout(registry, tuple(stages), len(keys), named, tuple(anchors))


class _Entry(NamedTuple):
    """One vote; its fields are in the order in which votes are sorted."""

    asset: int
    operator: int
    venue: str
    symbol: str
    market: int
    other: int
    upside_down: bool


def _stages(registry: Registry) -> Ints:
    stage = np.full(len(registry.assets), _THE_REST, dtype=np.int64)
    stage[np.unique(registry.quote)] = _OTHER_QUOTE_ASSET
    stage[registry.tier == Tier.FIAT] = 0
    stage[registry.tier == Tier.STABLE] = 3
    for id, number in _STAGE_OF.items():
        if id in registry.number_of:
            stage[registry.number_of[id]] = number
    return stage


def _entries(registry: Registry, stage_of: Ints) -> list[_Entry]:
    entries: list[_Entry] = []
    operator = registry.operator.tolist()
    pegged = (registry.tier == Tier.FIAT) | (registry.tier == Tier.STABLE)
    sides = zip(registry.base.tolist(), registry.quote.tolist(), strict=True)
    for number, (base, quote) in enumerate(sides):
        upside_down = bool(stage_of[base] < stage_of[quote] and pegged[base] and pegged[quote])
        if stage_of[quote] < stage_of[base] or upside_down:
            asset, other = (quote, base) if upside_down else (base, quote)
            market = registry.markets[number]
            named = (market.venue, market.symbol)
            entries.append(_Entry(asset, operator[number], *named, number, other, upside_down))
    return sorted(entries)


def _stage(registry: Registry, assets: Ints, entries: list[_Entry], *, first_slot: int) -> Stage:
    position = {int(asset): index for index, asset in enumerate(assets)}
    pairs = sorted({(entry.asset, entry.operator) for entry in entries})
    group_of = {pair: index for index, pair in enumerate(pairs)}
    market = np.array([entry.market for entry in entries], dtype=np.int64)
    return Stage(
        assets=assets,
        market=market,
        tier=registry.tier[assets],
        log_unit=np.log(registry.per_unit[market]),
        counts=registry.counts[market],
        standing_flags=registry.standing_flags[market],
        upside_down=np.array([entry.upside_down for entry in entries], dtype=bool),
        other=np.array([entry.other for entry in entries], dtype=np.int64),
        group=np.array(
            [group_of[entry.asset, entry.operator] for entry in entries], dtype=np.int64
        ),
        group_asset=np.array([position[asset] for asset, _ in pairs], dtype=np.int64),
        group_slot=np.arange(first_slot, first_slot + len(pairs), dtype=np.int64),
    )
