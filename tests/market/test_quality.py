"""Quality is counted over the market as it is."""

from math import nan

import numpy as np
import pytest

from app.market.crosscheck import CrosscheckReport
from app.market.quality import Quality, quality
from app.market.registry import Registry
from app.market.verdict import Flag
from tests.api import market

pytestmark = pytest.mark.unit


def measured(*, votes: bool = True, worst: int = 5, **more: CrosscheckReport) -> Quality:
    return quality(
        registry=market.registry(),
        snapshot=market.snapshot(),
        votes=market.votes() if votes else None,
        venues=market.VENUES,
        now=market.TIME,
        worst=worst,
        **more,
    )


def flagged(flags: list[int]) -> Quality:
    votes = market.votes()
    votes.columns["flags"].setflags(write=True)
    votes.columns["flags"][:] = flags
    return quality(
        registry=market.registry(),
        snapshot=market.snapshot(),
        votes=votes,
        venues=market.VENUES,
        now=market.TIME,
        worst=5,
    )


def test_ages_are_those_of_everything_with_a_price():
    found = measured().freshness

    assert (found.prices, found.p50) == (4, 1.5)


def test_a_market_that_never_sent_a_price_is_not_counted():
    found = measured()

    assert (found.markets, found.counted) == (4, 3)


def test_flags_are_counted_over_markets_that_quote_and_over_listed_assets():
    found = {count.flag: count for count in measured().rejects}

    assert (found["clock_skew"].markets, found["clock_skew"].share) == (1, 0.25)
    assert (found["low_quorum"].markets, found["low_quorum"].assets) == (0, 1)


def test_a_venue_is_as_far_off_as_its_median_market_that_is_not_stale():
    stale = [0, Flag.STALE_SOURCE, 0, 0, 0]
    rows = {row.name: row for row in flagged(stale).venues}

    assert (rows["kraken"].stale, rows["kraken"].deviation) == (1, pytest.approx(nan, nan_ok=True))
    assert rows["upbit"].deviation == pytest.approx(0.025)


def test_outliers_and_junk_are_counted_where_they_were_quoted():
    bits = [Flag.OUTLIER_EXCLUDED | Flag.INVALID_INPUT, 0, 0, Flag.OUTLIER_EXCLUDED, 0]
    rows = {row.name: row for row in flagged(bits).venues}

    assert (rows["coinbase"].outliers, rows["coinbase"].invalid) == (1, 1)
    assert (rows["kraken"].markets, rows["kraken"].outliers) == (1, 0)


def test_the_weights_of_all_venues_are_one_whole():
    assert sum(row.weight for row in measured().venues) == pytest.approx(1.0)


def test_without_votes_venues_are_named_and_nothing_is_counted():
    found = measured(votes=False)

    assert [row.name for row in found.venues] == ["coinbase", "kraken", "upbit"]
    assert (found.markets, found.rejects[0].markets) == (0, 0)
    assert np.isnan(found.venues[0].weight)


def test_votes_of_another_registry_are_not_counted():
    found = quality(
        registry=Registry(2, market.ASSETS, market.MARKETS),
        snapshot=market.snapshot(),
        votes=market.votes(),
        venues=market.VENUES,
        now=market.TIME,
        worst=5,
    )

    assert found.markets == 0


def test_only_the_largest_concerns_are_told_in_full():
    found = measured(worst=0)

    assert (found.concerned, found.concerns) == (1, ())


def test_the_last_comparison_is_passed_on():
    report = CrosscheckReport(market.TIME, 3, 0, ("neiro",), ())

    assert measured(crosscheck=report).crosscheck is report
