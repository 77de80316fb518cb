"""A receipt names each market that was left out, the rule, and by how much."""

from math import exp, isnan, nan

import pytest

from app.market.quotes import Quote
from app.market.receipt import Rejection
from app.market.registry import Asset, Market
from app.market.verdict import FLAG_SENTENCE, Flag
from tests.market.board import BTC, NOW, PEPE, Exchange, five_dollar_books, market
from tests.market.receipts import agreeing, explained, joined_by

pytestmark = pytest.mark.unit


def rejected(exchange: Exchange, venue: str, asset: Asset = BTC) -> Rejection:
    return explained(exchange).rejection(asset, venue)


def told(line: Rejection) -> tuple[str, str, str]:
    return line.rule, line.flag, line.reason


def measured(line: Rejection) -> tuple[float, float, str]:
    return line.measured, line.threshold, line.unit


NOTHING = pytest.approx((nan, nan), nan_ok=True)


def by_flag(rule: str, flag: Flag) -> tuple[str, str, str]:
    return rule, str(flag.name).lower(), FLAG_SENTENCE[flag]


def test_probation_is_measured_in_seconds_of_its_hour():
    new = Market("new", "new", "x", "bitcoin", "usd", approved=False)
    exchange = joined_by(new, price=100.0)
    exchange.cycle()
    for row in range(6):
        exchange.say(row, 100.0)
    exchange.cycle(after=30.0)

    line = rejected(exchange, "new")

    assert told(line) == by_flag("S0", Flag.PROBATION)
    assert measured(line) == (30.0, 3600.0, "s")


def test_another_asset_under_the_ticker_is_measured_against_the_votes():
    pinned = [Market(f"v{i}", f"v{i}", "x", "bitcoin", "usd", pinned=True) for i in range(3)]
    exchange = Exchange((*pinned, market("other", "bitcoin")))
    for row, price in enumerate((100.0, 100.0, 100.0, 50.0)):
        exchange.say(row, price)

    line = rejected(exchange, "other")

    assert told(line) == by_flag("S0", Flag.IDENTITY_CONFLICT)
    assert measured(line) == (pytest.approx(2.0), pytest.approx(1.5), "ratio")


def test_a_market_that_never_spoke_is_told_apart_from_one_that_sent_no_price():
    exchange = joined_by(market("mute", "bitcoin"), market("junk", "bitcoin"), price=100.0)
    exchange.board = type(exchange.board)(len(exchange.markets))
    for row in range(5):
        exchange.say(row, 100.0)
    exchange.board.put(6, Quote("", -1.0, time=NOW), NOW)
    case = explained(exchange)

    never = ("S1", "invalid_input", "Has not sent a price yet.")
    mute, junk = case.rejection(BTC, "mute"), case.rejection(BTC, "junk")
    assert (told(mute), told(junk)) == (never, never)
    assert (mute.measured, mute.threshold) == NOTHING
    assert mute.unit == ""
    assert isnan(mute.raw)
    assert isnan(mute.price)


def test_a_number_that_is_no_price_is_told_of_the_market_that_sent_it():
    exchange = agreeing(but=4)
    exchange.say(4, 100.0, age=100.0)
    exchange.board.settle()
    exchange.board.put(4, Quote("", -1.0, time=NOW), NOW)

    line = rejected(exchange, "v4")

    # It is out because it is old; that it sends junk is why nothing newer came.
    assert told(line) == by_flag("S3", Flag.STALE_SOURCE)
    assert measured(line) == (100.0, 90.0, "s")


def test_a_market_whose_quote_has_no_price_cannot_be_converted():
    line = rejected(joined_by(market("euro", "bitcoin", "eur"), price=90.0), "euro")

    assert told(line) == by_flag("S2", Flag.CONVERSION_SUSPECT)
    assert (line.measured, line.threshold) == NOTHING
    assert line.raw == pytest.approx(90.0)
    assert isnan(line.price)


def test_an_old_quote_is_measured_against_the_oldest_that_its_tier_allows():
    exchange = agreeing(but=2)
    exchange.say(2, 100.0, age=91.0)

    line = rejected(exchange, "v2")

    assert told(line) == by_flag("S3", Flag.STALE_SOURCE)
    assert measured(line) == (91.0, 90.0, "s")
    assert line.age == 91.0


def test_a_quote_that_is_not_needed_is_measured_against_twice_tau():
    exchange = agreeing(but=2)
    exchange.say(2, 100.0, age=11.0)

    line = rejected(exchange, "v2")

    assert told(line) == (
        "S3",
        "stale_source",
        "Older than twice τ0, while three operators are fresher.",
    )
    assert measured(line) == (11.0, 10.0, "s")


def test_an_outlier_is_measured_against_the_gate_and_still_votes():
    exchange = agreeing()
    exchange.say(4, 102.0)
    case = explained(exchange)

    line = case.rejection(BTC, "v4")

    assert told(line) == by_flag("S4", Flag.OUTLIER_EXCLUDED)
    assert measured(line) == (pytest.approx(0.02), pytest.approx(exp(0.006) - 1), "share")
    assert case.receipt(BTC).quorum.survivors == 4
    assert case.receipt(BTC).contributors[4].weight == pytest.approx(0.2)


def test_another_unit_is_measured_as_a_ratio():
    exchange = agreeing(PEPE)
    exchange.say(4, 100_000.0)

    line = rejected(exchange, "v4", PEPE)

    assert told(line) == by_flag("S9", Flag.UNIT_MISMATCH)
    assert measured(line) == (pytest.approx(1000.0), pytest.approx(1.5), "ratio")


@pytest.mark.parametrize(
    ("change", "rule", "flag"),
    [
        ({"restricted": True}, "S10", Flag.PREMIUM_MARKET),
        ({"closed": True}, "S10", Flag.RESTRICTED_MARKET),
        ({"disabled": True}, "S0", Flag.DISABLED),
    ],
)
def test_a_market_that_may_not_count_says_why(change: dict[str, bool], rule: str, flag: Flag):
    shut = Market("shut", "shut", "x", "bitcoin", "usd", **change)

    line = rejected(joined_by(shut, price=130.0), "shut")

    assert told(line) == by_flag(rule, flag)
    assert (line.measured, line.threshold) == NOTHING
    assert (line.unit, line.price) == ("", pytest.approx(130.0))


def test_a_disabled_market_that_never_spoke_is_disabled_before_all():
    shut = Market("shut", "shut", "x", "bitcoin", "usd", restricted=True, disabled=True)
    exchange = Exchange((*five_dollar_books().markets, shut))

    assert told(rejected(exchange, "shut")) == by_flag("S0", Flag.DISABLED)


def test_nobody_is_both_left_out_and_counted_but_outliers():
    exchange = joined_by(
        Market("new", "new", "x", "bitcoin", "usd", approved=False),
        market("euro", "bitcoin", "eur"),
        price=100.0,
    )
    exchange.say(1, 103.0)
    exchange.say(2, 100.0, age=200.0)

    receipt = explained(exchange).receipt(BTC)

    voted = {line.venue for line in receipt.contributors}
    left_out = {line.venue for line in receipt.rejections}
    assert (voted & left_out, voted | left_out) == (
        {"v1"},
        {"v0", "v1", "v2", "v3", "v4", "new", "euro"},
    )


def test_the_distance_of_an_outlier_is_told_on_both_sides_as_a_share():
    exchange = agreeing()
    exchange.say(4, 98.0)

    assert rejected(exchange, "v4").measured == pytest.approx(0.02)
