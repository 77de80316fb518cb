"""Who lists what, on venues of five shapes."""

from collections import Counter, defaultdict
from dataclasses import replace

import pytest

from app.market.registry import Tier
from jobs.sandbox.listings import choose_assets, list_markets
from jobs.seed import load_seed
from tests.sandbox.market import DOLLAR, EURO, FOREIGN, NARROW, SHAPES, voice

pytestmark = pytest.mark.unit

ASSETS = choose_assets(load_seed(), 2000)
MARKETS = list_markets(ASSETS, SHAPES, seed=7)
PAIRS = {
    (market.venue, ASSETS[market.base].symbol, ASSETS[market.quote].symbol) for market in MARKETS
}


def venues_of(markets=MARKETS) -> dict[int, set[str]]:
    venues = defaultdict(set)
    for market in markets:
        venues[market.base].add(market.venue)
    return venues


def test_the_first_crypto_assets_and_all_fiat_are_chosen():
    chosen = choose_assets(load_seed(), 3)

    assert [asset.symbol for asset in chosen if asset.tier != Tier.FIAT] == ["BTC", "ETH", "USDT"]
    assert len(chosen) == 3 + 35


def test_the_same_seed_lists_the_same_and_another_does_not():
    assert list_markets(ASSETS, SHAPES, seed=7) == MARKETS
    assert list_markets(ASSETS, SHAPES, seed=8) != MARKETS


def test_every_asset_is_listed_and_the_well_known_three_times():
    venues = venues_of()
    crypto = [at for at, asset in enumerate(ASSETS) if asset.tier != Tier.FIAT]

    assert min(len(venues[at]) for at in crypto[:1000]) == 3
    assert min(len(venues[at]) for at in crypto) == 1


def test_no_venue_gives_a_symbol_twice():
    symbols = Counter((market.venue, market.symbol) for market in MARKETS)

    assert max(symbols.values()) == 1


def test_no_market_is_quoted_in_its_own_base_or_in_smaller_money():
    assert [market for market in MARKETS if market.base == market.quote] == []
    assert [pair for pair in PAIRS if pair[1:] == ("BTC", "ETH")] == []
    assert [pair for pair in PAIRS if pair[1:] == ("USDT", "USDC")] == []


@pytest.mark.parametrize(
    ("base", "quote", "venues"),
    [
        ("USDT", "USD", {"dollar", "euro", "narrow"}),
        ("USDC", "USD", {"dollar", "euro", "narrow"}),
        ("USDC", "USDT", {"tether", "euro", "narrow", "foreign"}),
        ("EUR", "USD", {"dollar", "euro", "narrow"}),
        ("EUR", "USDT", {"tether", "euro", "narrow", "foreign"}),
        ("GBP", "USD", {"dollar", "euro", "narrow"}),
        ("USD", "JPY", {"euro"}),
        ("USDT", "TRY", {"foreign"}),
        ("FDUSD", "USDT", {"foreign"}),
    ],
)
def test_every_currency_can_be_converted_where_it_is_quoted(
    base: str, quote: str, venues: set[str]
):
    assert venues <= {venue for venue, *pair in PAIRS if pair == [base, quote]}


def test_a_venue_s_own_tickers_are_used():
    spelled = {market.symbol for market in MARKETS if market.venue == "euro"}

    assert {"XBT-USD", "XDG-USD"} <= spelled
    assert "BTC-USD" not in spelled


def test_a_ticker_that_means_another_asset_there_is_not_listed():
    taken = [pair for pair in PAIRS if pair[0] == "euro" and pair[1] in ("XBT", "XDG")]

    assert taken == []


def test_a_wide_venue_lists_more_than_a_narrow_one():
    counts = Counter(market.venue for market in MARKETS)

    assert counts["narrow"] < counts["dollar"] < counts["tether"]


def test_the_depths_of_an_asset_add_up_to_all_its_trade():
    depth = defaultdict(float)
    for market in MARKETS:
        depth[market.base] += market.depth

    assert {round(total, 9) for total in depth.values()} == {1.0}


def test_ten_thousand_assets_are_all_listed():
    assets = choose_assets(load_seed(), 10_000)
    markets = list_markets(assets, SHAPES, seed=1)

    assert len({market.base for market in markets}) == 10_000 + len(["EUR", "GBP", "AUD", "USD"])


def test_one_venue_alone_lists_what_it_can():
    markets = list_markets(choose_assets(load_seed(), 5), (DOLLAR,), seed=1)

    assert {market.symbol for market in markets} >= {"BTC-USD", "ETH-USD", "XRP-USD", "USDT-USD"}
    assert len({NARROW.name, EURO.name, FOREIGN.name} & {market.venue for market in markets}) == 0


def test_books_of_a_venue_that_merges_currencies_are_paid_in_the_stablecoin():
    merging = replace(voice("merging", "USD", breadth=1.0), settles={"USD": "USDC"})
    seeds = choose_assets(load_seed(), 10)

    markets = list_markets(seeds, (merging,), seed=1)

    assert {market.quote_ticker for market in markets} == {"USD"}
    assert {seeds[market.quote].symbol for market in markets} == {"USDC"}
