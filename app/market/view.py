"""Which assets a reader asked for, in which order: filters, sorting and pages over a snapshot."""

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from app.market.registry import Registry, Tier
from app.market.snapshot import MarketSnapshot
from app.market.verdict import Status

ORDERS = (
    "rank",
    "name",
    "price",
    "change_1h",
    "change_24h",
    "change_7d",
    "volume_24h",
    "market_cap",
    "circulating",
    "sources",
    "confidence",
)
"""What a list can be sorted by."""

PER_PAGE_MAX = 250


@dataclass(frozen=True, slots=True)
class Query:
    """One view of the market; the empty query is everything that has a price, by rank."""

    order: str = "rank"
    descending: bool = False
    ids: tuple[str, ...] = ()
    category: str = ""
    status: str = ""
    search: str = ""


def matching(snapshot: MarketSnapshot, registry: Registry, query: Query) -> NDArray[np.int64]:
    """Asset numbers in the order asked for; unknown values last, ties by rank then number."""
    rows = np.flatnonzero(_mask(snapshot, registry, query))
    keys = _sort_keys(snapshot, registry, query.order)[rows]
    return rows[_ordered(keys, _rank_key(snapshot)[rows], descending=query.descending)]


def page_of(rows: NDArray[np.int64], *, page: int, per_page: int) -> NDArray[np.int64]:
    """The rows of one page, counted from 1; empty past the end."""
    start = (page - 1) * per_page
    return rows[start : start + per_page]


def pages(count: int, *, per_page: int) -> int:
    """How many pages `count` rows fill; at least 1."""
    return max(1, ceil(count / per_page))


def _mask(snapshot: MarketSnapshot, registry: Registry, query: Query) -> NDArray[np.bool_]:
    if query.ids:
        mask = np.zeros(len(registry.assets), dtype=bool)
        known = [registry.number_of[id] for id in query.ids if id in registry.number_of]
        mask[known] = True
        return mask
    mask = (registry.tier != Tier.FIAT) & (snapshot.columns["listed"] > 0)
    if query.status:
        mask &= snapshot.columns["status"] == Status[query.status.upper()]
    if query.category:
        mask &= np.array([asset.category == query.category for asset in registry.assets])
    if query.search:
        mask &= _found(registry, query.search.casefold())
    return mask


def _found(registry: Registry, text: str) -> NDArray[np.bool_]:
    return np.array(
        [
            text in asset.name.casefold() or text in asset.symbol.casefold()
            for asset in registry.assets
        ]
    )


def _sort_keys(snapshot: MarketSnapshot, registry: Registry, order: str) -> NDArray[np.float64]:
    if order == "name":
        names = np.array([asset.name.casefold() for asset in registry.assets])
        return np.argsort(np.argsort(names, kind="stable"), kind="stable").astype(np.float64)
    if order == "rank":
        return _rank_key(snapshot)
    return snapshot.columns[order].astype(np.float64)


def _rank_key(snapshot: MarketSnapshot) -> NDArray[np.float64]:
    rank = snapshot.columns["rank"].astype(np.float64)
    return np.where(rank > 0, rank, np.inf)


def _ordered(
    keys: NDArray[np.float64], ranks: NDArray[np.float64], *, descending: bool
) -> NDArray[np.int64]:
    unknown = ~np.isfinite(keys)
    signed = np.where(unknown, 0.0, -keys if descending else keys)
    return np.lexsort((ranks, signed, unknown))
