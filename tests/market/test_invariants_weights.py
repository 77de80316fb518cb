"""Invariants 4, 5 and 9: who has how much of the vote, and what comes of full agreement."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.market.layout import sides, stage_numbers
from app.market.quotes import Quote
from app.market.registry import Market, Registry, Tier
from app.market.verdict import Status
from tests.market.markets_by_chance import COIN, COIN_LEVELS, Cycle, History, histories, registries
from tests.market.played import Played, last, play
from tests.market.voices import Tick

pytestmark = pytest.mark.unit

SUM = 1e-12
"""25 shares that are each rounded once or twice."""

LEVELS = {"eur": 1.08, "tether": 0.9, "usd-coin": 1.0, "bitcoin": 50_000.0}


@given(histories())
def test_invariant_4_weights_sum_to_one_none_is_above_the_cap_and_the_top_f_stay_below_half(
    history: History,
):
    """4: in every cycle, for every asset whose votes are all markets of its own."""
    for played in play(history):
        for asset in history.registry.assets:
            if asset.tier in (Tier.MAJOR, Tier.MID, Tier.TAIL):
                assert_capped(operator_shares(history.registry, played, asset.id))


@given(registries(plain=True), st.sampled_from(COIN_LEVELS), st.binary(min_size=75, max_size=75))
def test_invariant_5_equal_inputs_give_that_value_and_no_flag(
    registry: Registry, price: float, sizes: bytes
):
    """5: three operators or more say the same in whatever they quote; volumes and books differ."""
    extra = tuple(Market(f"x{n}", f"x{n}", "x", COIN, "usd") for n in range(3))
    registry = Registry(1, registry.assets, (*registry.markets, *extra))
    worth = {"usd": 1.0, COIN: price} | LEVELS
    ticks: list[Tick] = []
    for row, market in enumerate(registry.markets):
        if market.base == "ethereum" or (market.quote == "eur" and market.base == "tether"):
            continue
        fair, size = worth[market.base] / worth[market.quote], sizes[row % 75]
        half = fair * 1e-5 * (size % 16)
        turnover = 1e5 * 1.05**size / worth[market.quote]
        quote = Quote("", fair, fair - half, fair + half, turnover=turnover)
        ticks.append(Tick(row, quote, 1.7e9))

    played = last(History(registry, frozenset(), (Cycle(1.7e9, tuple(ticks)),)))

    coin = registry.number_of[COIN]
    assert played.prices.price[coin] == pytest.approx(price, rel=1e-12)
    assert (played.prices.status[coin], played.prices.flags[coin]) == (Status.OK, 0)


@given(histories(plain=True), st.integers(0, 60), st.sampled_from((1.0, 1.01, 0.5, 100.0)))
def test_invariant_9_a_second_market_of_an_operator_adds_no_weight(
    history: History, chosen: int, price: float
):
    """9: its share of every vote stays what it was.

    A copy of an operator's only market does not move a price. Any other one may move what the
    operator says: of an asset that converts nothing, the weights stay what they were even then.
    """
    registry = history.registry
    row = chosen % len(registry.markets)
    twin = replace(registry.markets[row], venue="twin")
    doubled = replace(
        history,
        registry=Registry(1, registry.assets, (*registry.markets, twin)),
        cycles=tuple(
            with_twin(cycle, row, len(registry.markets), price) for cycle in history.cycles
        ),
    )

    plain, other = play(history)[0], play(doubled)[0]

    same = price == 1.0 and is_only_one(registry, row)
    if same:
        assert other.prices.price.tobytes() == plain.prices.price.tobytes()
    if same or twin.base == COIN:
        asset = registry.number_of[twin.base]
        assert other.prices.sources[asset] == plain.prices.sources[asset]
        before = operator_shares(registry, plain, twin.base)
        after = operator_shares(doubled.registry, other, twin.base)
        assert after == pytest.approx(before, abs=SUM)


def is_only_one(registry: Registry, row: int) -> bool:
    """Whether the operator of this market has no other one that votes on the same asset."""
    voted_on, _, _ = sides(registry, stage_numbers(registry))
    mates = (voted_on == voted_on[row]) & (registry.operator == registry.operator[row])
    return int(mates.sum()) == 1


def with_twin(cycle: Cycle, row: int, twin: int, price: float) -> Cycle:
    """The same cycle in which another market says what this one does, at another price."""
    copies = [replace(each.times(price), row=twin) for each in cycle.ticks if each.row == row]
    return Cycle(cycle.now, (*cycle.ticks, *copies))


def operator_shares(registry: Registry, played: Played, asset: str) -> dict[str, float]:
    """The part of the vote on an asset that each voting operator holds.

    A book between two stablecoins may vote, upside down, on its quote.
    """
    shares: dict[str, float] = {}
    voted_on, _, _ = sides(registry, stage_numbers(registry))
    for row in (voted_on == registry.number_of[asset]).nonzero()[0].tolist():
        weight, operator = float(played.votes.weight[row]), registry.markets[row].operator
        if weight > 0:
            shares[operator] = shares.get(operator, 0.0) + weight
    return shares


def assert_capped(shares: dict[str, float]) -> None:
    faults = min((len(shares) - 1) // 2, 3)
    if shares:
        assert sum(shares.values()) == pytest.approx(1.0, abs=SUM)
    if faults > 0:
        assert max(shares.values()) <= 0.48 / faults + SUM
        assert sum(sorted(shares.values())[-faults:]) < 0.5
