"""The seed table as shipped: its first rows to the letter, and what holds for all of it."""

from collections import Counter
from math import isnan
from pathlib import Path

import pytest

from app.market.registry import Asset, Tier
from jobs.seed import SeedAsset, load_seed, to_asset

pytestmark = pytest.mark.unit

SEEDS = load_seed()
SOURCE = "project estimate 2025-10"
HEADER = (
    "rank,id,symbol,name,tier,category,platform,address,"
    "circulating,total,maximum,supply_source,price,logo"
)


def test_the_first_rows_are_these():
    assert SEEDS[0] == SeedAsset(
        1,
        "bitcoin",
        "BTC",
        "Bitcoin",
        Tier.MAJOR,
        "Payments",
        "",
        "",
        19_930_000.0,
        19_930_000.0,
        21_000_000.0,
        SOURCE,
        120_000.0,
        "btc",
    )
    assert [seed.id for seed in SEEDS[:6]] == [
        "bitcoin",
        "ethereum",
        "tether",
        "ripple",
        "binancecoin",
        "solana",
    ]


def test_an_unknown_number_is_nan_and_an_unknown_text_is_empty():
    ether = SEEDS[1]

    assert (ether.circulating, ether.platform, ether.address) == (120_700_000.0, "", "")
    assert isnan(ether.maximum)


def test_there_are_as_many_assets_of_each_tier():
    tiers = Counter(seed.tier for seed in SEEDS)

    assert len(SEEDS) >= 11_500
    assert (tiers[Tier.FIAT], tiers[Tier.STABLE], tiers[Tier.MAJOR]) == (35, 25, 50)
    assert max(seed.rank for seed in SEEDS if seed.tier == Tier.MID) == 500


def test_ids_are_unique_and_so_are_tickers_but_for_currencies():
    ids = Counter(seed.id for seed in SEEDS)
    tickers = Counter(seed.symbol for seed in SEEDS if seed.tier != Tier.FIAT)

    assert [key for key, count in ids.items() if count > 1] == []
    assert [ticker for ticker, count in tickers.items() if count > 1] == []


def test_ranks_are_counted_without_gaps_and_fiat_has_none():
    ranks = [seed.rank for seed in SEEDS if seed.tier != Tier.FIAT]

    assert ranks == list(range(1, len(ranks) + 1))
    assert {seed.rank for seed in SEEDS if seed.tier == Tier.FIAT} == {0}


def test_known_assets_stand_in_the_order_of_their_market_cap():
    caps = [seed.price * seed.circulating for seed in SEEDS if not isnan(seed.circulating)]

    assert caps == sorted(caps, reverse=True)


def test_a_supply_has_a_source_and_fits_its_maximum():
    for seed in SEEDS:
        assert isnan(seed.circulating) == (seed.supply_source == "")
        assert not seed.circulating > seed.maximum
        assert not seed.circulating > seed.total


def test_currencies_are_named_by_their_codes():
    euro = next(seed for seed in SEEDS if seed.id == "eur")

    assert (euro.symbol, euro.name, euro.tier, euro.price) == ("EUR", "Euro", Tier.FIAT, 1.17)


def test_ethereum_addresses_have_forty_hexadecimal_digits():
    chains = {"ethereum", "base", "arbitrum-one", "optimistic-ethereum", "binance-smart-chain"}
    addresses = [seed.address for seed in SEEDS if seed.platform in chains]

    assert {len(address) for address in addresses} == {42}
    assert all(int(address, 16) for address in addresses)


def test_the_registry_s_asset_carries_all_but_rank_and_price():
    assert to_asset(SEEDS[2]) == Asset(
        "tether",
        "USDT",
        "Tether",
        Tier.STABLE,
        "Stablecoin",
        "ethereum",
        "0xdac17f958d2ee523a2206206994597c13d831ec7",
        177_000_000_000.0,
        181_000_000_000.0,
        SEEDS[2].maximum,
        SOURCE,
        "usdt",
    )


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,bitcoin,BTC,Bitcoin,huge,,,,,,,,,", "'huge'"),
        ("1,bitcoin,BTC,Bitcoin,major,,,,many,,,,,", "many"),
        ("1,bitcoin,BTC", "not enough values"),
    ],
)
def test_a_row_that_does_not_fit_is_shown(tmp_path: Path, row: str, reason: str):
    file = tmp_path / "assets.csv"
    file.write_text(f"{HEADER}\n{row}\n")

    with pytest.raises(ValueError, match="not a row of the seed table") as error:
        load_seed(file)
    assert reason in str(error.value)


def test_a_file_with_other_columns_is_refused(tmp_path: Path):
    file = tmp_path / "assets.csv"
    file.write_text("rank,id\n1,bitcoin\n")

    with pytest.raises(ValueError, match=f"must start with the columns {HEADER}"):
        load_seed(file)
