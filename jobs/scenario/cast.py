"""Who takes part in a scenario → the registry, under the ids that the product knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from app.market.events import Kind, PriceEvent
from app.market.layout import BTC, ETH, USDC, USDT
from app.market.registry import Asset, Market, Registry, Tier
from jobs.scenario.script import (
    TIERS,
    AssetFacts,
    Cast,
    Happening,
    MarketFacts,
    MarketRemap,
    Redenominate,
    ScenarioError,
)
from jobs.venue import CAPITAL_CONTROLLED

Named = TypeVar("Named")

_WELL_KNOWN = {"USDT": USDT, "USDC": USDC, "BTC": BTC, "ETH": ETH}


@dataclass(frozen=True, slots=True)
class Names:
    """How a scenario's names are spelled inside the product."""

    asset: dict[str, str]
    """Scenario's asset id → ours."""
    market: dict[str, int]
    """Scenario's market id → number."""


def names_of(cast: Cast) -> Names:
    """Fiat is called by its code, what every registry must know by its id, the rest as it is."""
    ids: dict[str, str] = {}
    # A coin that shares its ticker with a well-known one comes later, and keeps its own name.
    for name, facts in sorted(cast.assets.items(), key=lambda item: TIERS[item[1].tier]):
        wanted = _wanted(name, facts)
        ids[name] = wanted if wanted not in ids.values() else f"{name}#{len(ids)}"
    return Names(ids, {name: number for number, name in enumerate(cast.markets)})


def registry_of(cast: Cast, names: Names) -> Registry:
    """The first registry of the scenario."""
    assets = [
        Asset(
            id=names.asset[name],
            symbol=facts.symbol or name,
            name=name,
            tier=TIERS[facts.tier],
            peg=names.asset.get(facts.peg, ""),
        )
        for name, facts in cast.assets.items()
    ]
    markets = [_market(name, facts, cast, names) for name, facts in cast.markets.items()]
    return Registry(1, tuple(assets), tuple(markets))


def decision(happened: Happening, registry: Registry, names: Names, *, now: float) -> PriceEvent:
    """What the ledger would say of it; raises ScenarioError for who is not in the cast."""
    time = datetime.fromtimestamp(now, UTC)
    if isinstance(happened, Redenominate):
        detail = {"at": time.isoformat(), "factor": repr(happened.price_factor)}
        asset = _named(happened.asset, names.asset)
        return PriceEvent(time=time, kind=Kind.REDENOMINATION, asset=asset, detail=detail)
    market = registry.markets[_named(happened.market, names.market)]
    is_remap = isinstance(happened, MarketRemap)
    return PriceEvent(
        time=time,
        kind=Kind.REMAP if is_remap else Kind.DISABLE,
        asset=market.base,
        venue=market.venue,
        symbol=market.symbol,
        new=_named(happened.base, names.asset) if is_remap else "",
    )


def _named(name: str, known: Mapping[str, Named]) -> Named:
    if name not in known:
        raise ScenarioError(f"event names {name!r}; accepted: {', '.join(known)}")
    return known[name]


def _wanted(name: str, facts: AssetFacts) -> str:
    symbol = (facts.symbol or name).upper()
    if TIERS[facts.tier] == Tier.FIAT:
        return symbol.lower()
    return _WELL_KNOWN.get(symbol, name)


def _market(name: str, facts: MarketFacts, cast: Cast, names: Names) -> Market:
    quote = cast.assets[facts.quote]
    # A rate between two currencies is the official one, whatever their books are under.
    restricted = (quote.symbol or facts.quote).upper() in CAPITAL_CONTROLLED
    official = TIERS[cast.assets[facts.base].tier] == Tier.FIAT
    return Market(
        venue=facts.venue,
        operator=facts.group or facts.venue,
        symbol=name,
        base=names.asset[facts.base],
        quote=names.asset[facts.usd_book_is or facts.quote],
        approved=facts.approved,
        pinned=facts.pinned,
        restricted=restricted and not official,
        closed=facts.closed,
    )
