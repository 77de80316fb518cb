"""The comparison with sources that are no inputs: who convicts, who acquits, and when."""

from math import isnan, nan

import numpy as np
import pytest

from app.market.crosscheck import (
    Crosscheck,
    CrosscheckState,
    References,
    cross_check,
    first_state,
)
from app.market.registry import Asset, Tier
from app.market.verdict import Flag

pytestmark = pytest.mark.unit

NOW = 1_760_000_000.0
MAJOR = Asset("bitcoin", "BTC", "Bitcoin", Tier.MAJOR)
STABLE = Asset("tether", "USDT", "Tether", Tier.STABLE)
MID = Asset("kaspa", "KAS", "Kaspa", Tier.MID)
TAIL = Asset("nano", "XNO", "Nano", Tier.TAIL)


def told(*prices: float, age: float = 0.0, now: float = NOW) -> References:
    """One value a source, of one asset."""
    names = ("coingecko", "coinpaprika", "third")[: len(prices)]
    return References(
        names, np.array(prices, dtype=float)[:, None], np.full((len(prices), 1), now - age)
    )


def compared(
    published: float,
    *rounds: References,
    asset: Asset = MAJOR,
    state: CrosscheckState | None = None,
) -> Crosscheck:
    """The last of several comparisons of one asset, a minute after each other."""
    found = None
    state = state or first_state(sources=len(rounds[0].sources), assets=1)
    for turn, references in enumerate(rounds):
        moved = References(references.sources, references.price, references.time + 60 * turn)
        found = cross_check(state, (asset,), np.array([published]), moved, now=NOW + 60 * turn)
        state = found.state
    assert found is not None
    return found


def test_three_failures_in_a_row_convict() -> None:
    twice, thrice = compared(104.0, *[told(100.0)] * 2), compared(104.0, *[told(100.0)] * 3)

    assert (twice.failed.tolist(), thrice.failed.tolist()) == ([False], [True])
    assert thrice.flags().tolist() == [Flag.XCHECK_FAIL]
    assert thrice.report.failing == ("bitcoin",)


def test_one_comparison_that_passes_acquits() -> None:
    convicted = compared(104.0, *[told(100.0)] * 4)

    again = compared(104.0, told(103.0, now=NOW + 400), state=convicted.state)

    assert (again.failed.tolist(), again.state.failures.tolist()) == ([False], [0])


def test_a_pass_in_between_starts_the_count_again() -> None:
    far, near = told(100.0), told(104.0)

    assert compared(104.0, far, far, near, far, far).state.failures.tolist() == [2]


@pytest.mark.parametrize(
    ("asset", "published", "fails"),
    [
        (MAJOR, 103.0, 0),
        (MAJOR, 103.1, 1),
        (MAJOR, 97.0, 1),
        (STABLE, 103.1, 1),
        (MID, 109.0, 0),
        (MID, 111.0, 1),
        (TAIL, 110.0, 0),
        (TAIL, 111.0, 1),
    ],
)
def test_the_tier_says_how_far_is_too_far(asset: Asset, published: float, fails: int) -> None:
    assert compared(published, told(100.0), asset=asset).state.failures.tolist() == [fails]


def test_a_value_that_the_source_has_not_renewed_is_compared_once() -> None:
    old = References(("coingecko",), np.array([[100.0]]), np.array([[NOW]]))
    state = first_state(sources=1, assets=1)
    for turn in range(5):
        state = cross_check(state, (MAJOR,), np.array([104.0]), old, now=NOW + 60 * turn).state

    assert state.failures.tolist() == [1]


def test_a_price_that_comes_back_is_acquitted_by_the_value_at_hand() -> None:
    old = References(("coingecko",), np.array([[100.0]]), np.array([[NOW]]))
    far = cross_check(first_state(sources=1, assets=1), (MAJOR,), np.array([104.0]), old, now=NOW)
    near = cross_check(far.state, (MAJOR,), np.array([101.0]), old, now=NOW + 60)

    assert (far.state.failures.tolist(), near.state.failures.tolist()) == ([1], [0])


@pytest.mark.parametrize("reference", [nan, 0.0, -1.0, float("inf")])
def test_a_reference_that_is_no_price_is_not_compared(reference: float) -> None:
    found = compared(104.0, told(reference))

    assert (found.report.compared, found.state.failures.tolist()) == (0, [0])


def test_a_reference_older_than_ten_minutes_is_not_compared() -> None:
    assert compared(104.0, told(100.0, age=600)).report.compared == 1
    assert compared(104.0, told(100.0, age=601)).report.compared == 0


def test_a_price_that_is_not_published_is_not_compared() -> None:
    assert compared(nan, told(100.0)).report.compared == 0


def test_a_source_that_falls_silent_leaves_the_verdict_as_it_was() -> None:
    convicted = compared(104.0, *[told(100.0)] * 3)

    assert compared(104.0, told(nan), state=convicted.state).failed.tolist() == [True]


def test_two_sources_that_contradict_each_other_do_not_convict() -> None:
    found = compared(100.0, *[told(110.0, 90.0)] * 4)

    assert (found.failed.tolist(), found.report.contradicted) == ([False], 1)


def test_two_sources_that_agree_convict() -> None:
    assert compared(100.0, *[told(110.0, 109.0)] * 3).failed.tolist() == [True]


def test_one_source_that_agrees_with_us_acquits() -> None:
    found = compared(100.0, *[told(110.0, 100.5)] * 4)

    assert (found.failed.tolist(), found.report.contradicted) == ([False], 0)


def test_the_report_tells_how_far_each_source_is() -> None:
    assets = (MAJOR, STABLE, MID, TAIL)
    references = References(
        ("coingecko", "coinpaprika"),
        np.array([[100.0, 1.0, 2.0, nan], [nan] * 4]),
        np.full((2, 4), NOW - 30.0),
    )
    published = np.array([125.0, 1.0, 2.0, 5.0])

    report = cross_check(
        first_state(sources=2, assets=4), assets, published, references, now=NOW
    ).report

    first, second = report.sources
    assert (report.time, report.compared, report.failing) == (NOW, 3, ())
    assert (first.source, first.compared, first.beyond, first.median) == ("coingecko", 3, 1, 0.0)
    assert first.p95 == pytest.approx(0.9 * np.log(1.25))
    assert [row.asset for row in first.worst] == ["bitcoin", "tether", "kaspa"]
    assert (first.worst[0].published, first.worst[0].reference) == (125.0, 100.0)
    assert (first.worst[0].divergence, first.worst[0].age) == (0.25, 30.0)
    assert (second.compared, second.worst, isnan(second.median)) == (0, (), True)


def test_without_any_source_nothing_fails() -> None:
    none = References((), np.empty((0, 1)), np.empty((0, 1)))

    found = cross_check(
        first_state(sources=0, assets=1), (MAJOR,), np.array([100.0]), none, now=NOW
    )

    assert (found.failed.tolist(), found.report.sources) == ([False], ())
