"""Who the assets are: all of them, one of them, and the markets of one."""

from dataclasses import asdict

import numpy as np

from app.api import caching
from app.api.currencies import DOLLAR
from app.api.encoding import enveloped
from app.api.errors import NotReadyError
from app.api.freshness import Moment, milliseconds, rfc3339
from app.api.parameters import Parameters, Word
from app.api.resource import Resource, by_registry
from app.api.table import flag_words, rows_of
from app.api.v1.lookups import number_of
from app.api.v1.rows import market_rows
from app.api.v1.schemas import AssetAnswer, AssetMarketsAnswer, AssetsAnswer
from app.market.registry import Asset
from app.market.snapshot import MarketVotes
from app.market.verdict import FLAG_SENTENCE, Flag

_NO_QUOTE = {"flag": "no_quote", "sentence": "It has not sent a price yet."}


class AssetsQuery(Parameters):
    """All assets, or those under one symbol."""

    symbol: Word = ""


class AssetQuery(Parameters):
    """Which asset."""

    id: Word


def assets(moment: Moment, query: AssetsQuery) -> bytes:
    """Every asset; with a symbol, all candidates for it, the best ranked first."""
    everyone = moment.registry.assets
    numbers = range(len(everyone))
    if query.symbol:
        rank = moment.snapshot.columns["rank"]
        numbers = moment.directory.candidates(query.symbol, rank=rank)
    facts = [_facts(everyone[number]) for number in numbers]
    return enveloped(moment, total=len(facts), data=facts)


def asset(moment: Moment, query: AssetQuery) -> bytes:
    """One asset and its row of the ranked table."""
    number = number_of(moment, query.id)
    (row,) = market_rows(moment, rows_of([number]), DOLLAR)
    return enveloped(moment, data=_facts(moment.registry.assets[number]), market=row)


def asset_markets(moment: Moment, query: AssetQuery) -> bytes:
    """The asset's markets, the heaviest first; each says whether it counts and why not."""
    number = number_of(moment, query.id)
    if moment.votes is None:
        raise NotReadyError("The votes of the venues have not been read yet.")
    markets = moment.registry.markets_of.get(number, ())
    weight = np.nan_to_num(moment.votes.columns["weight"])
    heaviest = sorted(markets, key=lambda market: (-weight[market], market))
    rows = [_market(moment, moment.votes, market) for market in heaviest]
    return enveloped(moment, id=query.id, voted_at=rfc3339(moment.votes.time), data=rows)


def _facts(asset: Asset) -> dict[str, object]:
    platform = {"chain": asset.platform, "address": asset.address}
    supply = {
        "circulating": asset.circulating,
        "total": asset.total,
        "maximum": asset.maximum,
        "source": asset.supply_source or None,
    }
    return {
        "id": asset.id,
        "symbol": asset.symbol,
        "name": asset.name,
        "tier": asset.tier.name.lower(),
        "category": asset.category or None,
        "platforms": [platform] if asset.platform else [],
        "supply": supply,
        "logo": asset.image or None,
    }


def _market(moment: Moment, votes: MarketVotes, number: int) -> dict[str, object]:
    market = asdict(moment.registry.markets[number])
    vote = {name: column[number].item() for name, column in votes.columns.items()}
    weight = round(vote["weight"], 6) if vote["weight"] == vote["weight"] else 0.0
    return {
        **{name: market[name] for name in ("venue", "operator", "symbol", "quote", "multiplier")},
        "raw": vote["raw"],
        "usd": vote["usd"],
        "spread": round(vote["spread"], 6),
        "volume_24h": vote["volume_24h"],
        "updated": rfc3339(vote["updated"]),
        "age_ms": milliseconds(moment.now - vote["updated"]),
        "weight": weight,
        "excluded": weight == 0,
        "flags": flag_words(vote["flags"]),
        "reasons": _reasons(vote["flags"], quoted=vote["updated"] == vote["updated"]),
    }


def _reasons(flags: int, *, quoted: bool) -> list[dict[str, str]]:
    silent = [] if quoted else [_NO_QUOTE]
    flagged = [
        {"flag": word, "sentence": FLAG_SENTENCE[Flag[word.upper()]]} for word in flag_words(flags)
    ]
    return silent + flagged


RESOURCES = (
    Resource(
        path="/api/v1/assets",
        name="assets",
        summary="All assets, or all under one symbol",
        query=AssetsQuery,
        body=assets,
        shape=AssetsAnswer,
        stamp=by_registry,
        cache_control=caching.IDENTITIES,
    ),
    Resource(
        path="/api/v1/assets/{id}",
        name="asset",
        summary="One asset and its price",
        query=AssetQuery,
        body=asset,
        shape=AssetAnswer,
    ),
    Resource(
        path="/api/v1/assets/{id}/markets",
        name="asset_markets",
        summary="Every market of one asset, and why it counts or not",
        query=AssetQuery,
        body=asset_markets,
        shape=AssetMarketsAnswer,
    ),
)
