"""A venue's ticker means an asset only where nothing else can be meant."""

from dataclasses import replace

import pytest

from app.market.registry import Asset, Market, Tier
from jobs.mapping import build_registry
from jobs.seed import SeedAsset
from jobs.venue import Listing
from jobs.venues import VENUES

pytestmark = pytest.mark.unit


def known(id: str, symbol: str, tier: Tier = Tier.MID) -> SeedAsset:
    nan = float("nan")
    return SeedAsset(1, id, symbol, id.title(), tier, "", "", "", nan, nan, nan, "", nan, "")


SEED = (
    known("bitcoin", "BTC"),
    known("shiba-inu", "SHIB"),
    known("usd-coin", "USDC", Tier.STABLE),
    known("first-twin", "TWIN"),
    known("second-twin", "TWIN"),
    known("usd", "USD", Tier.FIAT),
    known("south-korean-won", "KRW", Tier.FIAT),
)


def markets(venue: str, *listings: Listing) -> tuple[Market, ...]:
    return build_registry(SEED, {venue: listings}, VENUES, version=1).markets


def test_a_listing_becomes_a_market_between_two_assets():
    assert markets("kraken", Listing("BTC/USD", "BTC", "USD")) == (
        Market("kraken", "kraken", "BTC/USD", "bitcoin", "usd"),
    )


def test_a_venues_own_ticker_is_translated():
    (market,) = markets("kraken", Listing("BTC/USD", "XBT", "USD"))

    assert market.base == "bitcoin"


def test_the_other_ticker_of_bitcoin_is_bitcoin_whoever_claims_it():
    seed = (*SEED, known("xbit", "XBT"))
    listings = {"coinbase": [Listing("XBT-KRW", "XBT", "KRW")]}

    (market,) = build_registry(seed, listings, VENUES, version=1).markets

    assert market.base == "bitcoin"


def test_dollar_books_of_a_venue_that_merges_them_are_quoted_in_the_stablecoin():
    (market,) = markets("coinbase", Listing("BTC-USD", "BTC", "USD"))

    assert market.quote == "usd-coin"


def test_a_bundle_of_a_thousand_is_priced_per_unit():
    (market,) = markets("binance", Listing("1000SHIBUSDC", "1000SHIB", "USDC"))

    assert (market.base, market.multiplier) == ("shiba-inu", 1000.0)


@pytest.mark.parametrize(
    "listing",
    [
        Listing("TWIN-USD", "TWIN", "USD"),
        Listing("NEW-USD", "NEW", "USD"),
        Listing("BTC-NEW", "BTC", "NEW"),
        Listing("BTC-USD", "BTC", "USD", active=False),
        Listing("USDC-USD", "USDC", "USD"),
    ],
    ids=["two owners", "unknown base", "unknown quote", "closed", "against itself"],
)
def test_what_cannot_be_meant_stays_unmapped(listing: Listing):
    assert markets("coinbase", listing) == ()


def test_books_in_a_capital_controlled_currency_are_restricted():
    (market,) = markets("upbit", Listing("KRW-BTC", "BTC", "KRW"))

    assert market.restricted


def test_a_known_asset_keeps_its_number_and_gets_new_facts():
    before = (Asset("bitcoin", "XBT", "old", Tier.MID), Asset("gone", "GONE", "Gone", Tier.TAIL))
    listings = {"kraken": [Listing("SHIB/USD", "SHIB", "USD")]}

    registry = build_registry(SEED, listings, VENUES, known=before, version=2)

    assert [asset.id for asset in registry.assets] == ["bitcoin", "gone", "shiba-inu", "usd"]
    assert registry.assets[0].symbol == "BTC"


def test_a_venue_that_does_not_answer_keeps_the_markets_it_had():
    silent = Market("okx", "okx", "BTC-USDC", "bitcoin", "usd-coin")

    registry = build_registry(SEED, {}, VENUES, also=(silent,), version=2)

    assert registry.markets == (silent,)


def test_important_markets_come_first():
    listed = [Listing("SHIB/USD", "SHIB", "USD"), Listing("BTC/USD", "BTC", "USD")]
    registry = build_registry(SEED, {"kraken": listed}, VENUES, version=1)

    assert [market.base for market in registry.markets] == ["bitcoin", "shiba-inu"]


def test_the_seed_row_is_copied_as_it_is():
    seed = (replace(SEED[0], circulating=19.0, logo="btc"), *SEED[1:])
    listings = {"kraken": [Listing("BTC/USD", "BTC", "USD")]}

    bitcoin = build_registry(seed, listings, VENUES, version=1).assets[0]

    assert (bitcoin.circulating, bitcoin.logo) == (19.0, "btc")


def test_of_two_markets_that_claim_one_symbol_neither_is_believed():
    listings = (
        Listing("PAIR", "BTC", "USD"),
        Listing("PAIR", "SHIB", "USD"),
        Listing("SHIB/USD", "SHIB", "USD"),
        Listing("SHIB/USD", "SHIB", "USD"),
    )

    assert {market.symbol for market in markets("kraken", *listings)} == {"SHIB/USD"}
