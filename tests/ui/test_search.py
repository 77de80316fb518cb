"""What typed letters find."""

import pytest

from app.ui.search import found
from tests.ui import market

pytestmark = pytest.mark.unit


def ids(text: str) -> list[str]:
    hits = found(text, registry=market.registry(), snapshot=market.snapshot())
    return [hit.asset.id for hit in hits]


def test_an_exact_ticker_comes_before_bigger_coins():
    assert ids("bch") == ["bitcoin-cash"]
    assert ids("BTC") == ["bitcoin"]


def test_the_biggest_comes_first_among_equal_matches():
    assert ids("bit") == ["bitcoin", "bitcoin-cash"]


def test_a_later_word_is_found_after_beginnings():
    assert ids("c") == ["bitcoin-cash", "bitcoin"]


def test_nothing_typed_shows_the_biggest_and_no_currency():
    assert ids("") == ["bitcoin", "ethereum", "tether", "pepe", "bitcoin-cash"]


def test_a_text_that_nothing_matches_finds_nothing():
    assert ids("zzz" * 1000) == []
