"""Which simulated venue lists which market: decided once, by seed, before any price exists.

Well-known assets are listed nearly everywhere and in many currencies, the long tail on one or
two venues; every currency that a venue quotes in can be converted on that venue.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from app.market.quotes import Mask
from app.market.registry import Tier
from jobs.sandbox.voice import Voice
from jobs.seed import SeedAsset

WELL_KNOWN = 1000
"""So many assets are listed on at least three venues, where there are three."""

CONVERSIONS = (
    ("USDT", "USD"),
    ("USDC", "USD"),
    ("USDC", "USDT"),
    ("EUR", "USD"),
    ("EUR", "USDT"),
    ("GBP", "USD"),
    ("AUD", "USD"),
)
"""Base and quote of the books that every venue has that quotes in the second currency."""

_SECOND_QUOTES = 18.0
"""How fast the chance of a second quote currency falls with an asset's place."""
_QUOTE_FADE = 0.55
"""How much of the first quote's trade the second has, the third of the second, and so on."""
_MONEY = {"USDT": 1, "USDC": 2, "BTC": 4, "ETH": 5, "BNB": 6}
"""What is quoted in what: always in the smaller number. Fiat is 0, other stablecoins are 3."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One market of one simulated venue."""

    venue: str
    symbol: str
    base: int
    """Position of the base in the assets."""
    quote: int
    base_ticker: str
    """The venue's own ticker."""
    quote_ticker: str
    depth: float
    """The market's share of all trade in its base, 0 to 1."""


def choose_assets(seeds: Sequence[SeedAsset], count: int) -> tuple[SeedAsset, ...]:
    """All fiat currencies, then the first `count` other assets, in the order of the table."""
    crypto = [seed for seed in seeds if seed.tier != Tier.FIAT][:count]
    return (*(seed for seed in seeds if seed.tier == Tier.FIAT), *crypto)


def list_markets(
    assets: Sequence[SeedAsset], voices: Sequence[Voice], seed: int
) -> tuple[Listed, ...]:
    """Every market, grouped by venue in the order of the voices; no symbol twice on a venue."""
    luck = np.random.default_rng([seed, 1])
    crypto = [number for number, asset in enumerate(assets) if asset.tier != Tier.FIAT]
    on_venue = _placed([assets[number].symbol for number in crypto], voices, luck)
    markets: list[Listed] = []
    for column, voice in enumerate(voices):
        placed = [(place, crypto[place]) for place in np.flatnonzero(on_venue[:, column]).tolist()]
        markets.extend(_VenueLister(assets, voice, luck).markets(placed))
    return _shared_out(markets, len(assets), luck)


def _placed(symbols: Sequence[str], voices: Sequence[Voice], luck: np.random.Generator) -> Mask:
    """Which asset is on which venue, shape (assets, voices), by the venues' breadth."""
    shape = (len(symbols), len(voices))
    breadth = np.array([voice.breadth for voice in voices])
    place = (np.arange(len(symbols))[:, None] + 0.5) / len(symbols)
    slope = np.maximum(np.minimum(breadth, 1 - breadth), 0.05)
    barred = np.array(
        [[symbol in _renamed(voice) for voice in voices] for symbol in symbols], dtype=bool
    )
    on_venue = (luck.random(shape) < (breadth - place) / slope + 0.5) & ~barred
    appeal = np.where(barred, -1.0, breadth + 0.3 * luck.random(shape)) + 9 * on_venue
    wanted = np.where(luck.random(len(symbols)) < 0.7, 2, 1)
    wanted[:WELL_KNOWN] = 3
    nth = np.argsort(np.argsort(-appeal, axis=1), axis=1)
    return (on_venue | (nth < wanted[:, None])) & ~barred


def _renamed(voice: Voice) -> set[str]:
    """Tickers that mean something else on this venue than in common speech."""
    return {own for common, own in voice.aliases.items() if own != common}


def _shared_out(
    markets: Sequence[Listed], assets: int, luck: np.random.Generator
) -> tuple[Listed, ...]:
    """The same markets with depths that add up to 1 for each base."""
    weight = np.array([market.depth for market in markets]) * luck.lognormal(0, 0.4, len(markets))
    base = np.array([market.base for market in markets], dtype=np.int64)
    depth: list[float] = (weight / np.bincount(base, weight, assets)[base]).tolist()
    return tuple(
        Listed(
            market.venue,
            market.symbol,
            market.base,
            market.quote,
            market.base_ticker,
            market.quote_ticker,
            share,
        )
        for market, share in zip(markets, depth, strict=True)
    )


class _VenueLister:
    """Lists the markets of one venue; a symbol that is taken is not given again."""

    def __init__(
        self, assets: Sequence[SeedAsset], voice: Voice, luck: np.random.Generator
    ) -> None:
        self._assets = assets
        self._voice = voice
        self._luck = luck
        self._taken: set[str] = set()
        # A currency and a coin may share a ticker; what comes first, the currency, is meant.
        number = {assets[at].symbol: at for at in reversed(range(len(assets)))}
        self._number = number
        self._quotes = [number[ticker] for ticker in voice.quotes if ticker in number]

    def markets(self, placed: Sequence[tuple[int, int]]) -> Iterator[Listed]:
        """The conversions, then the markets of each (place, asset); depths not yet divided."""
        for base, quote in self._conversions():
            if base in self._number and quote in self._number:
                yield from self._list(self._number[base], self._number[quote], turn=0)
        draws = self._luck.random((len(placed), len(self._quotes)))
        for (place, base), row in zip(placed, draws, strict=True):
            likely = 1.5 / (1 + place / _SECOND_QUOTES)
            fitting = [quote for quote in self._quotes if self._money(quote) < self._money(base)]
            for turn, quote in enumerate(fitting):
                if turn == 0 or row[turn] < likely:
                    yield from self._list(base, quote, turn=turn)

    def _conversions(self) -> Iterator[tuple[str, str]]:
        quotes = self._voice.quotes
        yield from ((base, quote) for base, quote in CONVERSIONS if quote in quotes)
        dollar = next((ticker for ticker in ("USD", "USDT", "USDC") if ticker in quotes), "USDT")
        known = {dollar, *(base for base, _ in CONVERSIONS)}
        for ticker in quotes:
            if ticker in known or ticker not in self._number:
                continue
            fiat = self._assets[self._number[ticker]].tier == Tier.FIAT
            yield (dollar, ticker) if fiat else (ticker, dollar)

    def _list(self, base: int, quote: int, *, turn: int) -> Iterator[Listed]:
        voice = self._voice
        base_ticker, quote_ticker = (
            voice.aliases.get(self._assets[number].symbol, self._assets[number].symbol)
            for number in (base, quote)
        )
        symbol = voice.symbol(base_ticker, quote_ticker)
        settled = self._settled(quote)
        if symbol not in self._taken and settled != base:
            self._taken.add(symbol)
            depth = voice.share * _QUOTE_FADE**turn
            yield Listed(voice.name, symbol, base, settled, base_ticker, quote_ticker, depth)

    def _settled(self, quote: int) -> int:
        """What books in that currency are really paid in on this venue, if it is simulated."""
        ticker = self._assets[quote].symbol
        return self._number.get(self._voice.settles.get(ticker, ticker), quote)

    def _money(self, number: int) -> int:
        asset = self._assets[number]
        if asset.tier == Tier.FIAT:
            return 0
        return _MONEY.get(asset.symbol, 3 if asset.tier == Tier.STABLE else 9)
