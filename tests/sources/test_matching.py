"""Rows of a source on assets of ours: by id, or by ticker and name, never by ticker alone."""

from math import nan

import pytest

from app.market.registry import Asset, Tier
from jobs.sources.coingecko import COINGECKO
from jobs.sources.coinpaprika import COINPAPRIKA
from jobs.sources.matching import AssetIndex, match
from jobs.sources.source import Source, Told
from tests.sources.wire import BNB, BTC, ETH

pytestmark = pytest.mark.unit

NEIRO = Asset("neiro-3", "NEIRO", "Neiro", Tier.TAIL)
FIRST_NEIRO = Asset("neiro-on-eth", "NEIRO", "Neiro on ETH", Tier.TAIL)
TWIN = Asset("twin", "TWIN", "Twin", Tier.TAIL)
OTHER_TWIN = Asset("twin-2", "TWIN", "Twin", Tier.TAIL)
INDEX = AssetIndex((BTC, ETH, BNB, NEIRO, FIRST_NEIRO, TWIN, OTHER_TWIN))


def row(id: str, symbol: str, name: str) -> Told:
    return Told(id, symbol, name, 1.0, nan, nan, nan, nan)


def matched(source: Source, *rows: Told) -> tuple[dict[str, str], tuple[str, ...], tuple[str, ...]]:
    """Their id → ours, and the ids of the unmatched and the ambiguous rows."""
    matches = match(source, rows, INDEX)
    found = {told.id: INDEX.assets[number].id for number, told in matches.found}
    return found, matches.unmatched, matches.ambiguous


def test_the_same_id_with_the_same_ticker_is_the_same_asset() -> None:
    assert matched(COINGECKO, row("bitcoin", "btc", "Whatever")) == ({"bitcoin": "bitcoin"}, (), ())


def test_an_id_that_has_gone_over_to_another_ticker_is_not_matched() -> None:
    assert matched(COINGECKO, row("bitcoin", "wbtc", "Bitcoin")) == ({}, ("bitcoin",), ())


def test_a_name_does_not_match_where_ids_are_shared() -> None:
    assert matched(COINGECKO, row("bitcoin-2", "btc", "Bitcoin")) == ({}, ("bitcoin-2",), ())


@pytest.mark.parametrize(
    "name", ["Bitcoin", "BITCOIN", " bit-coin ", "Bit\u200fcoin", "Ｂｉｔｃｏｉｎ"]
)
def test_ticker_and_name_match_whatever_signs_surround_them(name: str) -> None:
    assert matched(COINPAPRIKA, row("btc-bitcoin", "btc", name))[0] == {"btc-bitcoin": "bitcoin"}


@pytest.mark.parametrize(
    ("symbol", "name"),
    [
        ("BTC", "Bitcoin Classic"),
        ("BTCC", "Bitcoin"),
        ("BTC", ""),
        ("", "Bitcoin"),
        ("BTC", "<b>Bitcoin</b>"),
        ("BTC", "Bitcoin" + " " * 10_000),
    ],
)
def test_a_ticker_alone_never_matches(symbol: str, name: str) -> None:
    assert matched(COINPAPRIKA, row("x", symbol, name)) == ({}, ("x",), ())


def test_assets_that_share_a_ticker_are_told_apart_by_name() -> None:
    rows = (row("a", "NEIRO", "Neiro on ETH"), row("b", "NEIRO", "Neiro"))

    assert matched(COINPAPRIKA, *rows)[0] == {"a": "neiro-on-eth", "b": "neiro-3"}


def test_two_assets_of_ours_with_one_name_are_ambiguous() -> None:
    assert matched(COINPAPRIKA, row("twin-twin", "TWIN", "Twin")) == ({}, (), ("twin-twin",))


def test_two_rows_that_claim_one_asset_are_both_ambiguous() -> None:
    rows = (row("eth-ethereum", "ETH", "Ethereum"), row("eth-2", "ETH", "Ethereum"))

    assert matched(COINPAPRIKA, *rows) == ({}, (), ("eth-ethereum", "eth-2"))


def test_an_asset_that_the_source_names_otherwise_has_a_row_in_its_map() -> None:
    assert matched(COINPAPRIKA, row("bnb-binance-coin", "BNB", "Binance Coin"))[0] == {
        "bnb-binance-coin": "binancecoin"
    }
