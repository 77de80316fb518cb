"""Which assets a few typed letters mean: the best match first, not only the biggest."""

from dataclasses import dataclass

import numpy as np

from app.market.registry import Asset, Registry, Tier
from app.market.snapshot import MarketSnapshot

FOUND_MAX = 12
TEXT_MAX = 64


@dataclass(frozen=True, slots=True)
class Found:
    """One asset and how it stands."""

    asset: Asset
    rank: int
    price: float
    change_24h: float


def found(text: str, *, registry: Registry, snapshot: MarketSnapshot) -> list[Found]:
    """At most FOUND_MAX listed assets; for an empty text the biggest ones."""
    wanted = text.strip()[:TEXT_MAX].casefold()
    listed = np.flatnonzero((snapshot.columns["listed"] > 0) & (registry.tier != Tier.FIAT))
    ranks = snapshot.columns["rank"]
    scored = [
        (score, int(ranks[number]) or len(registry.assets) + 1, number)
        for number in listed.tolist()
        if (score := _closeness(wanted, registry.assets[number])) is not None
    ]
    best = sorted(scored)[:FOUND_MAX]
    return [_found(registry.assets[number], number, snapshot) for _, _, number in best]


def _closeness(wanted: str, asset: Asset) -> int | None:
    symbol, name = asset.symbol.casefold(), asset.name.casefold()
    if wanted in (symbol, name):
        return 0
    if symbol.startswith(wanted) or name.startswith(wanted):
        return 1
    if any(word.startswith(wanted) for word in name.split()):
        return 2
    return 3 if wanted in name or wanted in asset.id else None


def _found(asset: Asset, number: int, snapshot: MarketSnapshot) -> Found:
    columns = snapshot.columns
    return Found(
        asset=asset,
        rank=int(columns["rank"][number]),
        price=float(columns["price"][number]),
        change_24h=float(columns["change_24h"][number]),
    )
