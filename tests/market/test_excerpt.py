"""An excerpt of the market gives the bits of the whole market, for every asset."""

from dataclasses import fields
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.market.excerpt import Excerpts
from app.market.index import Prices
from app.market.registry import Asset, Market, Redenomination, Registry, Tier
from tests.market.board import ASSETS, BTC, ETH, EUR, PEPE, USD, USDC, USDT, Exchange, market
from tests.market.receipts import Explained, explained

pytestmark = pytest.mark.unit

EURC = Asset("euro-coin", "EURC", "EURC", Tier.STABLE, peg="eur")
MID = Asset("chain-link", "LINK", "Chainlink", Tier.MID)
EVERYTHING = (*ASSETS, EURC, MID)
WORTH = {
    USD: 1.0,
    EUR: 1.2,
    USDT: 0.99,
    USDC: 1.01,
    EURC: 1.21,
    BTC: 5e4,
    ETH: 2e3,
    PEPE: 1e-6,
    MID: 9.0,
}
PAIRS = tuple(
    (base, quote)
    for base in (*EVERYTHING[1:], USD)
    for quote in (USD, USDT, EUR, USDC, BTC, ETH, EURC, MID)
    if base is not quote
)


@st.composite
def exchanges(draw: st.DrawFn) -> Exchange:
    """Up to forty markets of up to eight operators in any pairs, some of which may not count."""
    luck = Random(draw(st.integers(0, 2**32)))
    count = draw(st.integers(1, 40))
    books = {(luck.randrange(8), *luck.choice(PAIRS)) for _ in range(count)}
    ordered = sorted(books, key=lambda book: (book[0], book[1].id, book[2].id))
    luck.shuffle(ordered)
    exchange = Exchange(tuple(_market(luck, *book) for book in ordered), EVERYTHING)
    for _ in range(draw(st.integers(1, 4))):
        for row, (_operator, base, quote) in enumerate(ordered):
            _say(exchange, luck, row, WORTH[base] / WORTH[quote])
        exchange.cycle(after=luck.choice((0.25, 5.0, 70.0)))
    return exchange


def _market(luck: Random, operator: int, base: Asset, quote: Asset) -> Market:
    name = f"v{operator}"
    return Market(
        name,
        f"o{operator // 2}" if luck.random() < 0.2 else name,
        f"{base.symbol}/{quote.symbol}",
        base.id,
        quote.id,
        approved=luck.random() > 0.1,
        pinned=luck.random() < 0.2,
        restricted=luck.random() < 0.05,
        closed=luck.random() < 0.05,
    )


def _say(exchange: Exchange, luck: Random, row: int, worth: float) -> None:
    """Mostly the truth, sometimes a lie, a slip of the unit, or nothing at all."""
    if luck.random() < 0.15:
        return
    lie = luck.choice((1.0, 1.0, 1.0, 1.0, 1.0, 1.004, 0.97, 1.6, 1000.0))
    price = worth * lie * (1 + luck.gauss(0, 2e-4))
    age = luck.choice((0.0, 0.0, 0.3, 4.0, 12.0, 95.0))
    exchange.say(row, price, volume=10 ** luck.uniform(1, 9), age=age)


def bits(prices: Prices, at: int) -> dict[str, bytes]:
    return {field.name: getattr(prices, field.name)[at].tobytes() for field in fields(Prices)}


def assert_each_asset_is_reproduced(case: Explained) -> None:
    registry, frame = case.exchange.layout.registry, case.frame
    for number in range(len(registry.assets)):
        excerpt = case.excerpts.of(number)
        again = excerpt.cycle(frame.state, frame.quotes, frame.time).prices()
        at = int(np.searchsorted(excerpt.assets, number))
        assert bits(again, at) == bits(case.prices, number), registry.assets[number].id


@settings(deadline=None)
@given(exchanges())
def test_each_excerpt_gives_the_bits_of_the_whole_market(exchange: Exchange):
    assert_each_asset_is_reproduced(explained(exchange, after=0.25))


def books(*pairs: tuple[Asset, Asset], venues: int = 3) -> Exchange:
    """So many operators with a book in each pair, all at the true price."""
    names = [f"v{index}" for index in range(venues)]
    markets = [market(name, base.id, quote.id) for base, quote in pairs for name in names]
    exchange = Exchange(tuple(markets), EVERYTHING)
    speak(exchange, pairs)
    return exchange


def speak(exchange: Exchange, pairs: tuple[tuple[Asset, Asset], ...], *, off: float = 1.0) -> None:
    """Every book says the true price, the first pair so many times as much."""
    each = len(exchange.markets) // len(pairs)
    for row in range(len(exchange.markets)):
        base, quote = pairs[row // each]
        exchange.say(row, WORTH[base] / WORTH[quote] * (off if row < each else 1.0))


def members(exchange: Exchange, asset: Asset) -> tuple[set[str], int]:
    """Ids of the assets, and the number of markets, of an asset's excerpt."""
    registry = exchange.layout.registry
    excerpt = Excerpts(registry).of(registry.number_of[asset.id])
    return {registry.assets[number].id for number in excerpt.assets}, len(excerpt.markets)


def test_an_excerpt_has_only_what_the_price_depends_on():
    exchange = books((PEPE, USDT), (USDT, USD), (ETH, USDC), (MID, USD))

    assert members(exchange, PEPE) == ({"usd", "tether", "pepe"}, 6)
    assert members(exchange, MID) == ({"usd", "chain-link"}, 3)
    assert members(exchange, USD) == ({"usd"}, 0)


def test_what_bitcoin_says_of_a_stablecoin_belongs_to_the_excerpt():
    exchange = books((PEPE, USDT), (USDT, USD), (BTC, USDT), (BTC, USD))

    assert members(exchange, PEPE) == ({"usd", "tether", "bitcoin", "pepe"}, 12)


def test_a_stablecoin_is_measured_against_its_own_peg():
    pairs = ((EURC, USD), (EUR, USD))
    exchange = books(*pairs)
    for _ in range(4):
        speak(exchange, pairs, off=0.9)
        exchange.cycle(after=20.0)
    speak(exchange, pairs, off=0.9)

    case = explained(exchange, after=1.0)

    assert "depeg" in case.receipt(EURC).flags
    assert_each_asset_is_reproduced(case)


def test_an_operator_that_was_outside_the_gate_is_remembered_under_other_numbers():
    exchange = books((MID, USD), (BTC, USD), venues=4)
    for price in (1.002 * 5e4, 1.008 * 5e4, 1.004 * 5e4):
        exchange.say(7, price)
        exchange.cycle(after=1.0)

    case = explained(exchange, after=0.25)

    # Within the gate again, but not within half of it.
    assert case.rejection(BTC, "v3").flag == "outlier_excluded"
    assert_each_asset_is_reproduced(case)


def test_the_old_unit_is_known_to_an_excerpt():
    exchange = books((PEPE, USD), (BTC, USD))
    exchange.cycle()
    registry = exchange.layout.registry
    changed = Registry(
        1,
        registry.assets,
        registry.markets,
        (Redenomination("pepe", exchange.now + 0.5, 1000.0),),
    )
    exchange.layout = type(exchange.layout)(
        changed, exchange.layout.stages, exchange.layout.anchors
    )
    exchange.now += 1.0
    for row in range(2):
        exchange.say(row, WORTH[PEPE] * 1000)
    exchange.say(2, WORTH[PEPE])

    case = explained(exchange)

    assert case.rejection(PEPE, "v2").rule == "S9"
    assert_each_asset_is_reproduced(case)


def test_an_excerpt_is_found_once():
    registry = books((BTC, USD)).layout.registry
    excerpts = Excerpts(registry)

    assert excerpts.of(4) is excerpts.of(4)
    assert excerpts.of(4).whole is registry
