"""Which assets a few typed letters mean: the best match first, not only the biggest."""

from dataclasses import dataclass

import numpy as np

from app.market.registry import Asset, Registry, Tier
from app.market.snapshot import MarketSnapshot

FOUND_MAX = 12
TEXT_MAX = 64

_TICKER = 0
"""Closeness of an asset that trades under exactly this ticker: all of them come first."""


@dataclass(frozen=True, slots=True)
class Found:
    """One asset and how it stands."""

    asset: Asset
    rank: int
    price: float
    change_24h: float


def found(text: str, *, registry: Registry, snapshot: MarketSnapshot) -> list[Found]:
    """Every asset under exactly this ticker, then at most FOUND_MAX of what is listed.

    For an empty text the biggest ones.
    """
    wanted = text.strip()[:TEXT_MAX].casefold()
    listed = snapshot.columns["listed"] > 0
    ranks = snapshot.columns["rank"]
    scored = [
        (score, int(ranks[number]) or len(registry.assets) + 1, number)
        for number in np.flatnonzero(registry.tier != Tier.FIAT).tolist()
        if (score := _closeness(wanted, registry.assets[number])) is not None
        and (listed[number] or score == _TICKER)
    ]
    exact = sum(score == _TICKER for score, _, _ in scored)
    best = sorted(scored)[: max(FOUND_MAX, exact)]
    return [_found(registry.assets[number], number, snapshot) for _, _, number in best]


def _closeness(wanted: str, asset: Asset) -> int | None:
    symbol, name = asset.symbol.casefold(), asset.name.casefold()
    if wanted == symbol:
        return _TICKER
    if wanted == name:
        return 1
    if symbol.startswith(wanted) or name.startswith(wanted):
        return 2
    if any(word.startswith(wanted) for word in name.split()):
        return 3
    return 4 if wanted in name or wanted in asset.id else None


def _found(asset: Asset, number: int, snapshot: MarketSnapshot) -> Found:
    columns = snapshot.columns
    return Found(
        asset=asset,
        rank=int(columns["rank"][number]),
        price=float(columns["price"][number]),
        change_24h=float(columns["change_24h"][number]),
    )
