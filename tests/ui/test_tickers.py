"""What a word in the address of a coin means."""

from dataclasses import replace

import numpy as np
import pytest

from app.market.directory import Directory
from app.market.registry import Asset, Registry, Tier
from app.market.snapshot import MarketSnapshot
from app.ui.search import FOUND_MAX, found
from app.ui.tickers import Meaning, meaning
from tests.ui import market

pytestmark = pytest.mark.unit

TWINS = 15


def twins() -> tuple[Registry, MarketSnapshot]:
    """The market with as many more coins that trade as BTC, none of them listed."""
    assets = market.registry().assets
    more = [
        Asset(f"twin-{n}", "BTC", f"Twin {n}", Tier.TAIL, platform="base") for n in range(TWINS)
    ]
    columns = {
        name: np.concatenate(
            [column, np.full(TWINS, np.nan if column.dtype.kind == "f" else 0)]
        ).astype(column.dtype)
        for name, column in market.snapshot().columns.items()
    }
    return Registry(1, (*assets, *more), ()), replace(market.snapshot(), columns=columns)


def meant(word: str) -> Meaning:
    return meaning(word, directory=Directory(market.registry()), snapshot=market.snapshot())


@pytest.mark.parametrize("word", ["btc", "BTC", "Bitcoin", "BITCOIN"])
def test_a_ticker_of_one_coin_and_an_id_in_capitals_mean_that_coin(word: str):
    assert meant(word) == Meaning(only="bitcoin")


def test_a_ticker_of_several_means_none_and_lists_all_of_them():
    registry, snapshot = twins()
    several = meaning("btc", directory=Directory(registry), snapshot=snapshot)

    assert (several.only, several.near, len(several.candidates)) == ("", [], TWINS + 1)
    first, second = several.candidates[:2]
    assert (first.id, first.rank, first.price, first.href) == (
        "bitcoin",
        "Rank 1",
        "$42,652.00",
        "/coin/bitcoin",
    )
    assert (second.id, second.rank, second.price, second.platform) == (
        "twin-0",
        "Not ranked",
        "—",
        "on base",
    )


def test_a_word_that_nobody_has_is_answered_with_what_looks_like_it():
    assert [line.id for line in meant("bitcon").near] == ["bitcoin"]
    assert meant("zzzz") == Meaning()


def test_the_palette_shows_every_owner_of_a_ticker_before_anything_else():
    registry, snapshot = twins()
    ids = [hit.asset.id for hit in found("btc", registry=registry, snapshot=snapshot)]

    assert ids == ["bitcoin", *(f"twin-{number}" for number in range(TWINS))]
    assert len(ids) > FOUND_MAX
