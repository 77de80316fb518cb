"""Invariants 1 and 10: whatever a few operators say, the price stays where the honest ones are."""

from collections.abc import Iterable
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from app.market.registry import Market, Registry, Tier
from app.market.verdict import Status
from tests.market.markets_by_chance import History, histories
from tests.market.played import Played, play
from tests.market.voices import Tick

pytestmark = pytest.mark.unit

ROUNDING = 1e-12
"""A price goes through a logarithm below 60 and back: a few times 60 × 2⁻⁵³."""

PUBLISHED = (Status.OK, Status.DEGRADED)

LIES = (1.0, 1.004, 0.997, 1.03, 0.96, 2.0, 1e-8, 1e8)


@given(histories())
def test_invariant_1_liars_that_an_asset_can_bear_never_move_it_out_of_the_honest_hull(
    history: History,
):
    """1: P lies between the honest, or is one that did, or is null."""
    assert_honest(history, play(history))


@given(histories(cycles=2, liars="nobody"), st.integers(0, 24), st.sampled_from(LIES))
def test_invariant_10_a_millionfold_volume_of_one_operator_buys_no_price_outside_the_others(
    history: History, chosen: int, lie: float
):
    """10: beside the volume, its prices may lie as well."""
    operators = history.registry.operators
    liar = operators[chosen % len(operators)]

    def inflated(tick: Tick) -> Tick:
        if history.registry.markets[tick.row].operator != liar:
            return tick
        told = tick.times(lie)
        size = {name: getattr(told.quote, name) * 1e6 for name in ("volume", "turnover")}
        return replace(told, quote=msgspec.structs.replace(told.quote, **size))

    corrupt = replace(history.spoken(inflated), liars=frozenset({liar}))
    assert_honest(corrupt, play(corrupt))


def assert_honest(history: History, cycles: Iterable[Played]) -> None:
    """Every price was within the honest hull when it was first published."""
    registry = history.registry
    good = np.full(len(registry.assets), np.nan)
    sound = np.ones(len(registry.assets), dtype=bool)
    for played in cycles:
        for number, asset in enumerate(registry.assets[1:], start=1):
            price, status = played.prices.price[number], played.prices.status[number]
            if status in PUBLISHED:
                hull = honest_hull(history, played, number)
                sound[number] = hull is not None
                event(f"{asset.tier.name.lower()}: {'checked' if hull else 'too many liars'}")
                assert hull is None or hull[0] <= price <= hull[1], (asset.id, played.now, hull)
                good[number] = price
            elif status != Status.UNAVAILABLE and sound[number]:
                assert price == good[number], (asset.id, played.now)


def honest_hull(history: History, played: Played, asset: int) -> tuple[float, float] | None:
    """Lowest and highest honest vote, rounding allowed; None if more lie than f(n) bears.

    A vote whose value no column tells counts as a lie: that of a book that is read upside down,
    and the one that BTC and ETH imply for a stablecoin.
    """
    registry = history.registry
    votes: dict[str, list[float]] = {}
    for row in np.flatnonzero(played.votes.weight > 0):
        market = registry.markets[row]
        if registry.number_of[voted(market)] == asset:
            votes.setdefault(market.operator, []).append(dollars(played, registry, int(row)))
    implied = registry.assets[asset].tier == Tier.STABLE
    honest = {name: told for name, told in votes.items() if name not in history.liars}
    told = [value for name in honest for value in honest[name]]
    lying = len(votes) - len(honest) + sum(np.isnan(values).any() for values in honest.values())
    borne = lying <= faults(len(votes)) and lying + implied <= faults(len(votes) + implied)
    if not borne or not told:
        return None
    return np.nanmin(told) * (1 - ROUNDING), np.nanmax(told) * (1 + ROUNDING)


def voted(market: Market) -> str:
    """Id of the asset that a market votes on."""
    return market.quote if (market.base, market.quote) == ("tether", "usd-coin") else market.base


def dollars(played: Played, registry: Registry, row: int) -> float:
    """What a market says in dollars; a book in dollars is taken at its word."""
    market = registry.markets[row]
    if voted(market) != market.base:
        return np.nan
    if market.quote == "usd":
        return float(played.votes.raw[row] / market.multiplier)
    return float(played.votes.usd[row])


def faults(operators: int) -> int:
    """f(n): how many of so many may lie."""
    return min((operators - 1) // 2, 3)
