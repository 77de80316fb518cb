"""The book of supplies: what is heard, decided, stored, and rescaled."""

from dataclasses import replace
from math import isnan, nan

import pytest

from app.market.registry import Redenomination, Registry
from app.market.supply import PERSON, Observation, Supply
from app.market.verdict import Flag
from app.store.supply import Decision
from jobs.sources.source import Told
from jobs.tasks.supplies import SupplyBook
from tests.sources.wire import BNB, BTC, ETH, OURS, REGISTRY

pytestmark = pytest.mark.unit

NOW = 1_760_000_000.0


def says(number: int, circulating: float, total: float = nan) -> list[tuple[int, Told]]:
    return [(number, Told("x", "X", "X", 1.0, circulating, total, nan, nan))]


def heard(book: SupplyBook, source: str, *figures: float, now: float = NOW) -> None:
    """The source tells of bitcoin, and it is decided again."""
    for number in book.hear(source, says(0, *figures), now=now):
        book.decide(number, now=now)


def circulating(book: SupplyBook, number: int = 0) -> float:
    supply = book.supply(number)
    return nan if supply is None else supply.circulating


def test_what_is_heard_is_decided_and_waits_to_be_stored() -> None:
    book = SupplyBook(REGISTRY)
    heard(book, "coingecko", 19.9e6, 20e6)

    said = Observation("bitcoin", "coingecko", NOW, 19.9e6, 20e6, nan)
    assert list(book.unstored_observations) == [said]
    assert [(one.asset, one.decided) for one in book.unstored_decisions] == [("bitcoin", NOW)]
    assert (circulating(book), book.flags().tolist()) == (19.9e6, [0, 0, 0, 0])


def test_the_newest_word_of_each_source_explains_the_decision() -> None:
    book = SupplyBook(REGISTRY)
    for source, figure in (("coinpaprika", 1e6), ("coingecko", 1.5e6), ("coingecko", 1.01e6)):
        heard(book, source, figure)

    assert [(one.source, one.circulating) for one in book.observations(0)] == [
        ("coingecko", 1.01e6),
        ("coinpaprika", 1e6),
    ]


def test_only_what_changed_is_stored_again() -> None:
    book = SupplyBook(REGISTRY)
    for turn, figure in enumerate((1e6, 1e6, 1e6 * 1.00009, 1e6 * 1.0002)):
        heard(book, "coingecko", figure, now=NOW + 60 * turn)

    assert [one.circulating for one in book.unstored_observations] == [1e6, 1e6 * 1.0002]
    assert [one.decided for one in book.unstored_decisions] == [NOW, NOW + 180]
    assert circulating(book) == 1e6 * 1.0002


def test_a_step_of_one_source_raises_the_flag_until_another_says_the_same() -> None:
    book = SupplyBook(REGISTRY)
    heard(book, "coingecko", 1e6)
    heard(book, "coingecko", 1e15)
    suspect = (circulating(book), book.flags().tolist()[0])
    heard(book, "coinpaprika", 1e15)

    assert suspect == (1e6, Flag.SUPPLY_SUSPECT)
    assert (circulating(book), book.flags().tolist()[0]) == (1e15, 0)


def test_what_a_person_stored_is_taken_over_once() -> None:
    book = SupplyBook(REGISTRY)
    heard(book, "coingecko", 1e6)
    word = Observation("bitcoin", PERSON, NOW, 5e6, nan, nan)

    assert (book.hear_person([word]), book.hear_person([word])) == ([0], [])
    book.decide(0, now=NOW)
    assert circulating(book) == 5e6


def test_an_asset_that_nobody_speaks_of_keeps_what_the_registry_knows() -> None:
    book = SupplyBook(REGISTRY)
    heard(book, "coingecko", 19.9e6)
    column = book.circulating().tolist()

    assert (column[0], column[3]) == (19.9e6, 7.0)
    assert (isnan(column[1]), book.supply(1)) == (True, None)


def test_a_row_without_any_supply_is_no_observation() -> None:
    assert SupplyBook(REGISTRY).hear("coingecko", says(0, nan), now=NOW) == []


def test_what_was_stored_is_the_value_that_a_step_is_measured_against() -> None:
    book = SupplyBook(REGISTRY)
    stored = Supply(1e6, nan, nan, ("coingecko",), NOW - 1e6, suspect=False)
    book.recall([], [Decision("bitcoin", NOW - 1e6, stored), Decision("gone", NOW, stored)])
    heard(book, "coingecko", 2e6)

    assert (circulating(book), book.flags().tolist()[0]) == (1e6, Flag.SUPPLY_SUSPECT)


def test_a_redenomination_rescales_what_was_decided_before_it() -> None:
    change = Redenomination("bitcoin", NOW + 30, 1000.0)
    book = SupplyBook(Registry(1, (BTC, ETH, BNB, OURS), (), (change,)))
    heard(book, "coingecko", 3e9)

    assert book.redenominated(since=NOW, until=NOW + 29) == []
    assert book.redenominated(since=NOW, until=NOW + 30) == [0]
    book.decide(0, now=NOW + 31)
    assert (circulating(book), book.unstored_decisions[-1].decided) == (3e6, NOW + 31)
    book.decide(0, now=NOW + 91)
    assert circulating(book) == 3e6


def test_a_redenomination_that_is_registered_later_counts_from_its_time() -> None:
    book = SupplyBook(REGISTRY)
    heard(book, "coingecko", 3e9)
    change = Redenomination("bitcoin", NOW + 30, 1000.0)
    book.adopt(Registry(2, REGISTRY.assets, (), (change,)))

    assert book.redenominated(since=NOW, until=NOW + 60) == [0]
    heard(book, "coingecko", 3e9, now=NOW + 60)
    assert (circulating(book), book.flags().tolist()[0]) == (3e6, 0)


def test_a_redenomination_while_we_were_away_counts_as_well() -> None:
    change = Redenomination("bitcoin", NOW - 500, 1000.0)
    book = SupplyBook(Registry(1, (BTC, ETH, BNB, OURS), (), (change,)))
    stored = Supply(3e9, nan, nan, ("coingecko",), NOW - 1000, suspect=False)
    book.recall([], [Decision("bitcoin", NOW - 1000, stored)])

    book.decide(0, now=NOW)

    assert circulating(book) == 3e6


def test_assets_are_described_again_only_when_their_decided_supply_says_something_else() -> None:
    book, titles = SupplyBook(REGISTRY), {"coingecko": "CoinGecko"}
    nobody = book.described(titles)
    heard(book, "coingecko", 19.9e6, 20e6)
    described = book.described(titles)
    assert described is not None
    book.adopt(replace(REGISTRY, assets=described))
    heard(book, "coingecko", 19.9e6 * 1.00009, 20e6, now=NOW + 60)

    assert nobody is None
    assert (described[0].circulating, described[0].total) == (19.9e6, 20e6)
    assert described[0].supply_source == "CoinGecko"
    assert described[1:] == REGISTRY.assets[1:]
    assert book.described(titles) is None
