"""Which market tells an asset's past, and what its hours were in USD."""

from dataclasses import replace
from math import nan

import numpy as np
import pytest

from app.market.candles import HOUR, Candles
from app.market.quotes import Floats
from app.market.registry import Asset, Market, Registry, Tier
from jobs.tasks.hours import Rates, Span, in_usd, joined, ranked_markets, span_before
from jobs.venue import HourCandle

pytestmark = pytest.mark.unit

SPAN = Span(10 * HOUR, 14 * HOUR)
TIERS = {"usd": Tier.FIAT, "try": Tier.FIAT, "tether": Tier.STABLE}


def registry(*markets: Market) -> Registry:
    ids = dict.fromkeys(id for market in markets for id in ("usd", market.base, market.quote))
    assets = tuple(Asset(id, id.upper(), id, TIERS.get(id, Tier.MAJOR)) for id in ids)
    return Registry(1, assets, markets)


def market(venue: str, base: str, quote: str) -> Market:
    return Market(venue, venue, f"{base}-{quote}", base, quote)


def prices(of: Registry, **known: float) -> Floats:
    return np.array([known.get(asset.id, nan) for asset in of.assets])


def rates(of: Registry, **known: float) -> Rates:
    return Rates(of, SPAN, lambda: prices(of, **known))


def closes(asset: int, *pairs: tuple[int, float]) -> Candles:
    time = np.array([hour * HOUR for hour, _ in pairs])
    close = np.array([price for _, price in pairs])
    return Candles(np.full(len(pairs), asset), time, close, close, close, close, close)


def ranked(of: Registry, base: str, *volumes: float, unknown: str = "") -> list[int]:
    """The choices among the venues a, b and c; one quote asset has no rate."""
    return ranked_markets(
        of,
        of.number_of[base],
        venues="abc",
        convertible=set(of.quote.tolist()) - {of.number_of.get(unknown)},
        volumes=np.array(volumes or [nan] * len(of.markets)),
    )


def test_a_span_ends_with_the_last_hour_that_has_ended():
    assert span_before(14 * HOUR + 59.0, hours=4) == SPAN
    assert SPAN.hours == 4


def test_a_book_in_dollars_goes_before_a_larger_one():
    listed = registry(market("a", "coin", "euro"), market("b", "coin", "tether"))

    assert ranked(listed, "coin", 9.0, 1.0) == [1, 0]


def test_the_largest_volume_goes_first_counted_in_units_of_the_asset():
    listed = registry(
        market("a", "coin", "usd"),
        replace(market("b", "coin", "tether"), multiplier=1000.0),
        market("c", "coin", "usd-coin"),
    )

    assert ranked(listed, "coin", 900.0, 1.0, nan) == [1, 0, 2]


def test_without_volumes_the_registry_s_order_decides():
    listed = registry(market("b", "coin", "usd"), market("a", "coin", "tether"))

    assert ranked(listed, "coin") == [0, 1]


def test_what_converts_others_is_told_in_dollars_that_are_no_stablecoin():
    listed = registry(market("a", "tether", "usd-coin"), market("b", "tether", "usd"))

    assert ranked(listed, "tether", 9.0, 1.0) == [1, 0]


def test_only_venues_that_can_be_asked_and_markets_that_count_are_chosen():
    listed = registry(
        market("z", "coin", "usd"),
        replace(market("a", "coin", "usd"), approved=False),
        replace(market("b", "coin", "usd"), restricted=True),
    )

    assert ranked(listed, "coin") == []


def test_a_quote_that_cannot_be_converted_is_no_choice():
    listed = registry(market("a", "coin", "usd"), market("b", "coin", "bitcoin"))

    assert ranked(listed, "coin", unknown="bitcoin") == [0]
    assert ranked(listed, "coin", unknown="usd") == [1]


def test_one_dollar_is_one_dollar_and_nothing_else_is():
    listed = registry(market("a", "coin", "usd"), market("a", "coin", "tether"))

    assert rates(listed).known() == {0}


def test_money_without_a_past_has_its_present_price_in_every_hour():
    listed = registry(market("a", "coin", "try"))
    number = listed.number_of["try"]

    rate = rates(listed, **{"try": 0.025}).of(number)

    assert rate is not None
    assert rate.tolist() == [0.025] * 4


def test_what_moves_is_not_converted_at_its_present_price():
    listed = registry(market("a", "coin", "bitcoin"))

    assert rates(listed, bitcoin=60_000.0).of(listed.number_of["bitcoin"]) is None


def test_own_closes_go_before_the_present_price_and_gaps_are_bridged():
    listed = registry(market("a", "coin", "tether"))
    number = listed.number_of["tether"]
    told = rates(listed, tether=0.5)
    told.learn(closes(number, (12, 1.02), (10, 1.0)))

    rate = told.of(number)

    assert rate is not None
    assert rate.tolist() == pytest.approx([1.0, 1.01, 1.02, 1.02])


def test_closes_of_less_than_half_of_the_hours_make_no_rate():
    listed = registry(market("a", "coin", "bitcoin"))
    number = listed.number_of["bitcoin"]
    told = rates(listed)
    told.learn(closes(number, (12, 60_000.0)))

    assert told.of(number) is None


def test_hours_in_a_coin_are_told_in_usd_at_the_rates_of_their_hours():
    hours = [
        HourCandle(10 * HOUR, 2.0, 3.0, 1.0, 2.5, 7.0),
        HourCandle(12 * HOUR, 2.5, 2.75, 2.25, 2.5, 7.0),
    ]
    rate = np.array([10.0, 20.0, 8.0, 9.0])

    told = in_usd(hours, asset=3, per_unit=0.5, rate=rate, span=SPAN)

    assert told.asset.tolist() == [3, 3]
    assert told.time.tolist() == [10 * HOUR, 12 * HOUR]
    # The third hour opened at what the second one's rate ended with, which its high includes.
    assert told.open.tolist() == [10.0, 25.0]
    assert told.high.tolist() == [15.0, 25.0]
    assert told.low.tolist() == [5.0, 9.0]
    assert told.close.tolist() == [12.5, 10.0]
    assert np.isnan(told.volume).all()


def test_batches_are_joined_in_their_order():
    both = joined([closes(1, (10, 1.0)), closes(2, (10, 3.0), (11, 4.0))])

    assert both.asset.tolist() == [1, 2, 2]
    assert both.close.tolist() == [1.0, 3.0, 4.0]
