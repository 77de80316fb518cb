"""One stage of the evaluation: its entries, their groups, and the blocks they are counted in.

An entry is one market's vote on one asset. A group is one operator's entries on one asset, and has
one vote. Assets with similar numbers of groups stand together in a block, a matrix with one column
per asset and one seat per group.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.market import tiers

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

_OPERATOR_BITS = 16


class Seats(NamedTuple):
    """Positions in a column that is one longer than what it describes.

    A seat of nobody points to the last element, which votes for nothing.
    """

    owner: Ints
    """Whose column of the matrix it is."""
    at: Ints
    """Shape (seats, owners)."""


class Block(NamedTuple):
    """Assets of one stage that have about as many groups; they stand side by side."""

    assets: slice
    """Where in the stage's assets."""
    seat: Ints
    """Group of each seat, shape (seats, assets)."""


@dataclass(frozen=True)
class Stage:
    """Assets that are evaluated together.

    Entries are sorted by the asset's place in `assets`, operator, venue and symbol.
    """

    assets: Ints
    """Asset numbers, those of one block side by side."""
    blocks: tuple[Block, ...]
    market: Ints
    """Market of each entry."""
    upside_down: Mask
    """Whether the entry votes on the quote of its market."""
    other: Ints
    """Asset number of the other side of the book, which converts the price."""
    group: Ints
    """Group of each entry."""
    group_asset: Ints
    """Place in `assets` of each group, ascending."""
    group_key: Ints
    """Asset and operator number of each group in one integer; carried state names it so."""
    tier: NDArray[np.int8]
    """Tier of each asset."""
    log_unit: Floats
    """ln of what turns the listed price of each entry into the price of one unit."""
    open: Mask
    """Whether each entry may have a weight at all, once its mapping is approved."""
    standing_flags: NDArray[np.uint32]
    """The flags that each entry carries whatever it says."""
    pinned: Mask

    @cached_property
    def sign(self) -> Floats:
        """-1 for entries that are read upside down, else 1."""
        return np.where(self.upside_down, -1.0, 1.0)

    @cached_property
    def upright(self) -> Ints | None:
        """Entries that vote on the base of their market; None where all do."""
        return np.flatnonzero(~self.upside_down) if self.upside_down.any() else None

    @cached_property
    def asset_of(self) -> Ints:
        """Place in `assets` of each entry."""
        return self.group_asset.take(self.group)

    @cached_property
    def fresh(self) -> Floats:
        """τ0 of each entry, in seconds."""
        return tiers.FRESH[self.tier[self.asset_of]]

    @cached_property
    def half_life(self) -> Floats:
        """Half-life of each entry's weight, in seconds."""
        return tiers.HALF_LIFE[self.tier[self.asset_of]]

    @cached_property
    def age_max(self) -> Floats:
        """Age in seconds beyond which each entry counts for nothing."""
        return tiers.AGE_MAX[self.tier[self.asset_of]]

    @cached_property
    def asset_seen(self) -> Ints:
        """Places of the assets that have an entry, ascending."""
        return np.unique(self.group_asset)

    @cached_property
    def asset_start(self) -> Ints:
        """The first entry of each of those."""
        return np.searchsorted(self.asset_of, self.asset_seen)

    @cached_property
    def first(self) -> Ints:
        """The first entry of each group."""
        return np.searchsorted(self.group, np.arange(len(self.group_asset)))

    @cached_property
    def crowd(self) -> Seats:
        """Entries of the groups that have several."""
        count = np.bincount(self.group, minlength=len(self.group_asset))
        return seated(self.group, np.flatnonzero(count.take(self.group) > 1), len(self.group))

    @cached_property
    def pins(self) -> Seats:
        """Pinned entries of the assets that have entries of both kinds."""
        pinned = np.zeros((2, len(self.assets)), dtype=bool)
        pinned[self.pinned.astype(np.int64), self.asset_of] = True
        both = pinned.all(axis=0)
        chosen = np.flatnonzero(self.pinned & both.take(self.asset_of))
        return seated(self.asset_of, chosen, len(self.asset_of))

    @cached_property
    def group_order(self) -> Ints:
        """Positions that sort `group_key`."""
        return np.argsort(self.group_key)


def group_key(asset: Ints, operator: Ints) -> Ints:
    """Asset and operator number in one integer."""
    return asset << _OPERATOR_BITS | operator


def key_parts(key: Ints) -> tuple[Ints, Ints]:
    """Asset and operator number of each key."""
    return key >> _OPERATOR_BITS, key & ((1 << _OPERATOR_BITS) - 1)


def seated(owner: Ints, chosen: Ints, nobody: int) -> Seats:
    """A matrix of the chosen positions, a column for each of their owners.

    `owner` names the owner of every position; those of one owner stand side by side.
    """
    owners, start, count = np.unique(owner.take(chosen), return_index=True, return_counts=True)
    at = np.full((int(count.max(initial=0)), len(owners)), nobody, dtype=np.int64)
    row = np.arange(len(chosen)) - np.repeat(start, count)
    at[row, np.repeat(np.arange(len(owners)), count)] = chosen
    return Seats(owners, at)
