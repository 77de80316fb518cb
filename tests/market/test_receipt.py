"""A receipt says who made a price, who was left out, by which rule and by how much."""

from math import exp, isnan

import pytest

from app.market.index import METHOD
from app.market.receipt import Conversion, Quorum
from app.market.registry import Asset, Tier
from app.market.verdict import STATUS_SENTENCE, Status
from tests.market.board import (
    ASSETS,
    BTC,
    EUR,
    NOW,
    PEPE,
    USD,
    USDT,
    Exchange,
    five_dollar_books,
    market,
    number,
)
from tests.market.receipts import agreeing, explained, joined_by

pytestmark = pytest.mark.unit


def test_a_receipt_says_which_price_it_explains():
    case = explained(agreeing())

    receipt = case.receipt(BTC)

    btc = number(case.exchange, BTC)
    assert (receipt.asset, receipt.symbol, receipt.name, receipt.tier) == (
        "bitcoin",
        "BTC",
        "Bitcoin",
        "major",
    )
    assert (receipt.method, receipt.version, receipt.registry_version) == (METHOD, 7, 1)
    assert (receipt.time, receipt.source) == (NOW, "sandbox")
    assert receipt.price == case.prices.price[btc]
    assert receipt.confidence == case.prices.confidence[btc]
    assert (receipt.status, receipt.status_reason) == ("ok", STATUS_SENTENCE[Status.OK])
    assert receipt.flags == ()
    assert receipt.volume == 5e6
    assert receipt.gate == pytest.approx(exp(0.006) - 1)
    assert receipt.median == pytest.approx(100.0)


def test_the_quorum_is_told_beside_what_is_needed():
    quorum = explained(agreeing()).receipt(BTC).quorum

    assert (quorum.operators, quorum.implied) == (5, False)
    assert (quorum.survivors, quorum.survivors_needed) == (5, 3)
    assert (quorum.surviving_share, quorum.share_needed) == (pytest.approx(1.0), 0.5)


def test_a_contributor_is_told_with_all_that_its_vote_was_made_of():
    exchange = agreeing(but=0)
    exchange.say(0, 101.0, volume=4e6, age=2.0)

    first = explained(exchange).receipt(BTC).contributors[0]

    assert (first.venue, first.operator, first.symbol) == ("v0", "v0", "bitcoin/usd")
    assert first.raw == pytest.approx(101.0)
    assert first.conversion == Conversion("usd", 1.0, 0.0)
    assert first.price == pytest.approx(101.0)
    assert first.age == 2.0
    assert first.spread == pytest.approx(0.001)
    assert first.volume == 4e6
    assert first.flags == ("outlier_excluded",)


def test_weights_are_told_before_and_after_the_cap():
    exchange = agreeing()
    exchange.say(3, 100.0, volume=1.6e9)

    votes = explained(exchange).receipt(BTC).contributors

    # The root of the volume: 40 of 44 parts; five operators may hide two liars, so 0.48 / 2.
    assert [vote.venue for vote in votes] == ["v3", "v0", "v1", "v2", "v4"]
    assert votes[0].weight_before == pytest.approx(40 / 44)
    assert votes[0].weight == pytest.approx(0.24)
    assert [vote.weight_before for vote in votes[1:]] == pytest.approx([1 / 44] * 4)
    assert [vote.weight for vote in votes[1:]] == pytest.approx([0.19] * 4)
    assert sum(vote.weight for vote in votes) == pytest.approx(1.0)
    assert sum(vote.weight_before for vote in votes) == pytest.approx(1.0)


def test_an_operator_with_two_markets_has_one_vote_that_they_share():
    exchange = joined_by(market("w0", "bitcoin", operator="v0"), price=100.0)
    exchange.say(0, 100.0, volume=9e6)

    votes = {vote.venue: vote for vote in explained(exchange).receipt(BTC).contributors}

    assert votes["v0"].weight / votes["w0"].weight == pytest.approx(3.0)
    assert votes["v0"].weight_before / votes["w0"].weight_before == pytest.approx(3.0)
    assert votes["v0"].weight + votes["w0"].weight == pytest.approx(0.24)
    assert votes["v0"].weight_before + votes["w0"].weight_before == pytest.approx(3 / 7)
    assert sum(vote.weight for vote in votes.values()) == pytest.approx(1.0)


def test_a_conversion_is_told_with_its_price_and_its_width():
    books = [market(f"v{index}", "tether") for index in range(3)]
    exchange = Exchange((*books, *(market(f"v{index}", "pepe", "tether") for index in range(3))))
    for row in range(3):
        exchange.say(row, 0.5)
        exchange.say(3 + row, 4.0)
    case = explained(exchange)

    for vote in case.receipt(PEPE).contributors:
        assert vote.raw == pytest.approx(4.0)
        assert vote.conversion.quote == "tether"
        assert vote.conversion.factor == pytest.approx(0.5)
        assert vote.conversion.confidence == pytest.approx(case.receipt(USDT).confidence)
        assert vote.price == pytest.approx(2.0)


def test_what_bitcoin_says_of_a_stablecoin_is_told_as_a_vote():
    books = [market("v0", "bitcoin"), market("v0", "bitcoin", "tether"), market("v0", "tether")]
    exchange = Exchange(tuple(books))
    for row, price in enumerate((100.0, 100.0, 1.0)):
        exchange.say(row, price)

    quorum = explained(exchange).receipt(USDT).quorum

    assert (quorum.operators, quorum.implied, quorum.survivors) == (1, True, 2)


def test_a_dollar_needs_no_market():
    receipt = explained(agreeing()).receipt(USD)

    assert (receipt.price, receipt.status, receipt.gate, receipt.median) == (1.0, "ok", 0.0, 1.0)
    assert receipt.quorum == Quorum(0, False, 0, 3, 0.0, 0.5)
    assert (receipt.contributors, receipt.rejections) == ((), ())


def test_an_asset_without_a_vote_has_no_price_and_says_so():
    case = explained(five_dollar_books())

    receipt = case.receipt(BTC)

    assert isnan(receipt.price)
    assert isnan(receipt.median)
    assert isnan(receipt.gate)
    assert receipt.status == "unavailable"
    assert receipt.contributors == ()
    assert isnan(receipt.carried.good)
    assert isnan(receipt.carried.good_at)
    assert [line.venue for line in receipt.rejections] == ["v0", "v1", "v2", "v3", "v4"]


def test_a_jump_that_waits_is_told_with_the_price_that_is_held():
    exchange = agreeing()
    exchange.cycle()
    exchange.now += 20.0
    for row in range(5):
        exchange.say(row, 120.0, age=0.0 if row < 2 else 11.0)
    exchange.cycle()
    case = explained(exchange, after=0.25)

    receipt = case.receipt(BTC)

    assert (receipt.status, receipt.flags) == ("held", ("jump_pending",))
    assert receipt.price == pytest.approx(100.0)
    assert receipt.median == pytest.approx(120.0)
    assert receipt.carried.good == pytest.approx(100.0)
    assert (receipt.carried.good_at, receipt.carried.pending_since) == (NOW, NOW + 20.0)


def test_a_book_that_votes_upside_down_is_told_by_its_own_price():
    euro_in_dollars = [market(f"v{index}", "eur") for index in range(3)]
    exchange = Exchange((*euro_in_dollars, market("w", "usd", "eur")))
    for row in range(3):
        exchange.say(row, 1.25)
    exchange.say(3, 0.8)

    (vote,) = (v for v in explained(exchange).receipt(EUR).contributors if v.venue == "w")

    assert (vote.raw, vote.price) == (pytest.approx(0.8), pytest.approx(1.25))
    assert vote.conversion == Conversion("usd", 1.0, 0.0)


def test_assets_of_every_tier_name_theirs():
    assets = (*ASSETS, Asset("mid", "MID", "Mid", Tier.MID))
    exchange = Exchange(five_dollar_books().markets, assets)
    case = explained(exchange)

    tiers = {asset.id: case.receipt(asset).tier for asset in assets}

    assert tiers == {asset.id: asset.tier.name.lower() for asset in assets}
