"""A cycle's prices → the snapshot and the votes that are published."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.market.index import Prices, Votes
from app.market.layout import BTC, ETH, Layout
from app.market.registry import Registry
from app.market.snapshot import ASSET_COLUMNS, MarketSnapshot, MarketVotes, Totals
from app.market.stats import CONFIDENCE_MAX, History, is_coin, ranks
from app.market.verdict import Status

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Edition:
    """What all snapshots of one run have in common, and the number of this one."""

    version: int
    source: str
    venues_live: int
    venues: int


@dataclass(frozen=True, slots=True)
class Findings:
    """What slower tasks found out about each asset; it says more of a price, and never moves it."""

    flags: NDArray[np.uint32]
    circulating: Floats
    """Units; NaN where the supply is unknown."""


def first_findings(registry: Registry) -> Findings:
    """Nothing was checked yet; the supplies are those of the registry."""
    return Findings(np.zeros(len(registry.assets), dtype=np.uint32), registry.circulating.copy())


def makes_history(prices: Prices) -> NDArray[np.bool_]:
    """S14: candles and highs come only from good samples."""
    good = (prices.status == Status.OK) | (prices.status == Status.DEGRADED)
    return good & (prices.confidence < CONFIDENCE_MAX)


def snapshot_of(
    prices: Prices,
    layout: Layout,
    history: History,
    edition: Edition,
    findings: Findings,
    *,
    now: float,
) -> MarketSnapshot:
    """The market as it is published at `now`."""
    changes = history.changes(now, prices.price)
    market_cap = prices.price * findings.circulating
    listed = layout.operators_of
    columns = {
        "price": prices.price,
        "confidence": prices.confidence,
        "status": prices.status,
        "flags": prices.flags | findings.flags,
        "sources": prices.sources,
        "listed": listed,
        "updated": prices.updated,
        "volume_24h": prices.volume,
        "volume_reported": prices.reported,
        "market_cap": market_cap,
        "circulating": findings.circulating,
        "rank": ranks(market_cap, prices.volume, listed),
        "change_1h": changes.hour,
        "change_24h": changes.day,
        "change_7d": changes.week,
        "high_24h": changes.high,
        "low_24h": changes.low,
    }
    return MarketSnapshot(
        version=edition.version,
        registry_version=layout.registry.version,
        time=now,
        source=edition.source,
        totals=_totals(market_cap, prices, changes.day_ago, layout.registry, edition),
        columns={name: columns[name].astype(kind) for name, kind in ASSET_COLUMNS.items()},
    )


def votes_of(votes: Votes, registry: Registry, *, version: int, now: float) -> MarketVotes:
    """How each market stood in the same cycle."""
    columns = {
        "raw": votes.raw,
        "usd": votes.usd,
        "weight": votes.weight.astype(np.float32),
        "spread": votes.spread.astype(np.float32),
        "volume_24h": votes.volume,
        "updated": votes.updated,
        "flags": votes.flags,
    }
    return MarketVotes(version, registry.version, now, columns)


def _totals(
    market_cap: Floats, prices: Prices, day_ago: Floats, registry: Registry, edition: Edition
) -> Totals:
    coins = is_coin(registry)
    cap = np.where(coins, market_cap, np.nan)
    total = float(np.nansum(cap))
    before = cap / prices.price * day_ago
    known = np.isfinite(before)
    then = float(before[known].sum())
    return Totals(
        market_cap=total,
        volume_24h=float(np.nansum(prices.volume[coins])),
        market_cap_change_24h=float(cap[known].sum()) / then - 1 if then else float("nan"),
        bitcoin_share=_share(cap, total, registry, BTC),
        ethereum_share=_share(cap, total, registry, ETH),
        assets=int((coins & np.isfinite(prices.price)).sum()),
        venues_live=edition.venues_live,
        venues=edition.venues,
    )


def _share(cap: Floats, total: float, registry: Registry, id: str) -> float:
    number = registry.number_of.get(id)
    return float(cap[number]) / total if number is not None and total else float("nan")
