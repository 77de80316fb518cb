"""Venue listings → the registry: which asset a venue's ticker means.

A ticker means an asset only if exactly one asset of the seed table has it. Everything else
stays unmapped, because a price on the wrong asset is worse than none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.market.registry import USD, Asset, Market, Registry
from jobs.seed import SeedAsset, to_asset
from jobs.venue import Listing, Venue

_BUNDLES = {"1000": 1_000.0, "10000": 10_000.0, "1M": 1_000_000.0}
"""Prefixes under which venues list many units of a cheap asset as one."""

_SPOKEN_FOR = {"XBT": "bitcoin"}
"""Tickers that venues use for a major asset, whoever else claims them."""


@dataclass(frozen=True, slots=True)
class _Meaning:
    asset: str
    multiplier: float


def build_registry(
    seed: Sequence[SeedAsset],
    listings: Mapping[str, Sequence[Listing]],
    venues: Mapping[str, Venue],
    *,
    known: Sequence[Asset] = (),
    also: Sequence[Market] = (),
    version: int,
) -> Registry:
    """The registry that these listings make, the most important markets first.

    Assets in `known` keep their numbers. `also` are markets of venues that did not answer.
    """
    tickers = _Tickers(seed)
    found = {(market.venue, market.symbol): market for market in also}
    for name, rows in listings.items():
        mapped = [market for row in rows if (market := _market(tickers, venues[name], row))]
        found |= {(name, market.symbol): market for market in _unclaimed(mapped)}
    order = {row.id: place for place, row in enumerate(seed)}
    markets = sorted(
        found.values(),
        key=lambda market: (order.get(market.base, len(order)), market.venue, market.symbol),
    )
    return Registry(version, _assets(seed, markets, known), tuple(markets))


def _unclaimed(markets: Sequence[Market]) -> Iterator[Market]:
    """Those whose symbol means one thing; of two claims to one symbol neither is believed."""
    meanings: dict[str, set[Market]] = {}
    for market in markets:
        meanings.setdefault(market.symbol, set()).add(market)
    yield from (market for market in markets if len(meanings[market.symbol]) == 1)


class _Tickers:
    """What a ticker means, by the seed table."""

    def __init__(self, seed: Sequence[SeedAsset]) -> None:
        owners: dict[str, list[str]] = {}
        for row in seed:
            owners.setdefault(row.symbol.upper(), []).append(row.id)
        alone = {ticker: ids[0] for ticker, ids in owners.items() if len(ids) == 1}
        known = {row.id for row in seed}
        self._owner = alone | {t: id for t, id in _SPOKEN_FOR.items() if id in known}

    def meaning(self, ticker: str, venue: Venue) -> _Meaning | None:
        """The one asset that the venue's ticker can mean, and how many units it bundles."""
        name = venue.aliases.get(ticker, ticker).upper()
        if name in self._owner:
            return _Meaning(self._owner[name], 1.0)
        for prefix, multiplier in _BUNDLES.items():
            rest = name.removeprefix(prefix)
            if rest != name and rest in self._owner:
                return _Meaning(self._owner[rest], multiplier)
        return None


def _market(tickers: _Tickers, venue: Venue, listing: Listing) -> Market | None:
    base = tickers.meaning(listing.base, venue)
    settled = venue.settles.get(listing.quote, listing.quote)
    quote = tickers.meaning(settled, venue)
    usable = listing.active and base and quote and quote.multiplier == 1.0
    if not usable or base is None or quote is None or base.asset == quote.asset:
        return None
    return Market(
        venue=venue.name,
        operator=venue.operator,
        symbol=listing.symbol,
        base=base.asset,
        quote=quote.asset,
        multiplier=base.multiplier,
        restricted=listing.quote in venue.restricted_quotes,
    )


def _assets(
    seed: Sequence[SeedAsset], markets: Sequence[Market], known: Sequence[Asset]
) -> tuple[Asset, ...]:
    facts = {row.id: to_asset(row) for row in seed}
    numbered = {asset.id for asset in known}
    wanted = {USD} | {market.base for market in markets} | {market.quote for market in markets}
    before = [facts.get(asset.id, asset) for asset in known]
    new = [facts[id] for id in facts if id in wanted - numbered]
    return (*before, *new)
