"""Carried state under another registry: new markets and assets join without a restart."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from app.market.registry import Registry
from app.market.stage import Ints, group_key, key_parts
from app.market.state import BY_ASSET, BY_MARKET, Floats, IndexState, first_state

Key = TypeVar("Key", bound=Hashable)


def carried(state: IndexState, old: Registry, new: Registry) -> IndexState:
    """The same state under the numbers of another registry version.

    What is new there starts as in `first_state`; what is gone is forgotten.
    """
    fresh = first_state(new)
    assets = _numbers([asset.id for asset in old.assets], new.number_of)
    rows = {(market.venue, market.symbol): row for row, market in enumerate(new.markets)}
    markets = _numbers([(market.venue, market.symbol) for market in old.markets], rows)
    moved = {
        name: _moved(getattr(state, name), getattr(fresh, name), number)
        for names, number in ((BY_ASSET, assets), (BY_MARKET, markets))
        for name in names
    }
    excluded = renamed(state.excluded, assets, old, new)
    return replace(fresh, time=state.time, excluded=excluded, **moved)


def _numbers(old: Sequence[Key], number_of: Mapping[Key, int]) -> Ints:
    """The new number of each old one, -1 where there is none."""
    return np.array([number_of.get(key, -1) for key in old], dtype=np.int64)


def _moved(column: Floats, fresh: Floats, number: Ints) -> Floats:
    kept = number >= 0
    fresh[number[kept]] = column[kept]
    return fresh


def renamed(keys: Ints, assets: Ints, old: Registry, new: Registry) -> Ints:
    """The keys of groups under new numbers; `assets` has the new number of each old one, or -1."""
    operator_of = {name: number for number, name in enumerate(new.operators)}
    operators = _numbers(old.operators, operator_of)
    asset, operator = key_parts(keys)
    asset, operator = assets[asset], operators[operator]
    kept = (asset >= 0) & (operator >= 0)
    return np.sort(group_key(asset[kept], operator[kept]))
