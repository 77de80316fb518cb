"""The index: what is published when venues agree, lie, fall silent or contradict each other."""

import numpy as np
import pytest

from app.market.quotes import Quote
from app.market.registry import Market
from app.market.verdict import Flag, Status
from tests.market.board import BTC, PEPE, USD, USDT, Exchange, five_dollar_books, market, number

pytestmark = pytest.mark.unit


def test_equal_prices_give_that_price_without_a_flag():
    exchange = five_dollar_books()
    for row in range(5):
        exchange.say(row, 50_000.0)

    prices = exchange.cycle()

    btc = number(exchange, BTC)
    assert prices.price[btc] == pytest.approx(50_000.0, rel=1e-12)
    assert (prices.status[btc], prices.flags[btc], prices.sources[btc]) == (Status.OK, 0, 5)


def test_one_dollar_costs_one_dollar():
    exchange = five_dollar_books()

    prices = exchange.cycle()

    assert prices.price[number(exchange, USD)] == 1.0
    assert prices.status[number(exchange, USD)] == Status.OK


def test_two_liars_of_five_cannot_leave_the_honest_range():
    exchange = five_dollar_books()
    for row, price in enumerate((50_000.0, 50_010.0, 50_020.0, 5.0, 4.0)):
        exchange.say(row, price, volume=1e12 if price < 10 else 1e6)

    prices = exchange.cycle()

    assert 50_000.0 <= prices.price[number(exchange, BTC)] <= 50_020.0


def test_a_far_operator_is_flagged_as_an_outlier_and_the_price_is_still_ok():
    exchange = five_dollar_books()
    for row, price in enumerate((50_000.0, 50_000.0, 50_000.0, 50_000.0, 40_000.0)):
        exchange.say(row, price)

    prices = exchange.cycle()

    assert prices.status[number(exchange, BTC)] == Status.OK
    assert Flag(int(prices.flags[number(exchange, BTC)])) == Flag.OUTLIER_EXCLUDED
    assert Flag(int(exchange.votes.flags[4])) == Flag.OUTLIER_EXCLUDED
    assert exchange.votes.flags[0] == 0


def test_an_excluded_operator_returns_only_inside_half_the_gate():
    exchange = five_dollar_books()
    for row, price in enumerate((50_000.0, 50_000.0, 50_000.0, 50_000.0, 50_400.0)):
        exchange.say(row, price)
    exchange.cycle()
    exchange.say(4, 50_200.0)
    exchange.cycle(after=0.25)
    inside_the_gate = Flag(int(exchange.votes.flags[4]))
    exchange.say(4, 50_100.0)
    exchange.cycle(after=0.25)

    assert inside_the_gate == Flag.OUTLIER_EXCLUDED
    assert exchange.votes.flags[4] == 0


def test_no_operator_of_five_holds_more_than_its_cap():
    exchange = five_dollar_books()
    for row in range(5):
        exchange.say(row, 50_000.0, volume=1e12 if row == 0 else 1e6)

    exchange.cycle()

    assert exchange.votes.weight[0] == pytest.approx(0.24)
    assert exchange.votes.weight.sum() == pytest.approx(1.0)


def test_a_second_market_of_an_operator_adds_no_vote():
    books = tuple(market(venue, "bitcoin") for venue in ("a", "b", "c"))
    exchange = Exchange((*books, market("a2", "bitcoin", operator="a")))
    for row, price in enumerate((100.0, 101.0, 102.0, 100.0)):
        exchange.say(row, price)

    prices = exchange.cycle()

    assert prices.sources[number(exchange, BTC)] == 3
    assert prices.price[number(exchange, BTC)] == pytest.approx(101.0)


def test_two_that_agree_are_published_as_degraded():
    exchange = five_dollar_books()
    exchange.say(0, 100.0)
    exchange.say(1, 100.1)

    prices = exchange.cycle()

    btc = number(exchange, BTC)
    assert prices.status[btc] == Status.DEGRADED
    assert Flag(int(prices.flags[btc])) == Flag.LOW_QUORUM | Flag.THIN_MARKET


def test_a_dispute_of_two_is_never_averaged():
    exchange = Exchange((market("a", "bitcoin"), market("b", "bitcoin")))
    exchange.say(0, 100.0)
    exchange.say(1, 100.0)
    exchange.cycle()
    exchange.say(1, 150.0)

    held = exchange.cycle(after=1.0)

    btc = number(exchange, BTC)
    assert held.price[btc] == pytest.approx(100.0)
    assert held.status[btc] == Status.HELD
    assert Flag.DISPUTED in Flag(int(held.flags[btc]))


def test_the_last_of_several_is_held_and_becomes_a_single_source_when_history_is_withdrawn():
    exchange = five_dollar_books()
    for row in range(5):
        exchange.say(row, 100.0)
    exchange.cycle()
    exchange.cycle(after=85.0)
    exchange.say(0, 130.0)
    held = exchange.cycle(after=10.0)
    exchange.now += 100.0
    exchange.say(0, 130.0)
    stale = exchange.cycle(after=1.0)
    exchange.now += 800.0
    exchange.say(0, 130.0)
    later = exchange.cycle(after=1.0)

    btc = number(exchange, BTC)
    assert (held.price[btc], held.status[btc]) == (pytest.approx(100.0), Status.HELD)
    assert (stale.price[btc], stale.status[btc]) == (pytest.approx(100.0), Status.STALE)
    assert later.price[btc] == pytest.approx(130.0)
    assert later.status[btc] == Status.DEGRADED
    assert Flag.SINGLE_SOURCE in Flag(int(later.flags[btc]))


def test_an_asset_with_one_source_is_published_and_says_so():
    exchange = Exchange((market("a", "pepe"),))
    exchange.say(0, 0.00001234)

    prices = exchange.cycle()

    pepe = number(exchange, PEPE)
    assert prices.price[pepe] == pytest.approx(0.00001234)
    assert Flag(int(prices.flags[pepe])) == Flag.SINGLE_SOURCE | Flag.THIN_MARKET


def test_silence_changes_the_status_and_never_the_price():
    exchange = five_dollar_books()
    for row in range(5):
        exchange.say(row, 100.0)
    exchange.cycle()

    stale = exchange.cycle(after=91.0)
    gone = exchange.cycle(after=900.0)

    btc = number(exchange, BTC)
    assert (stale.price[btc], stale.status[btc]) == (pytest.approx(100.0), Status.STALE)
    assert gone.status[btc] == Status.UNAVAILABLE
    assert np.isnan(gone.price[btc])


def test_old_operators_are_ignored_while_three_are_fresh():
    exchange = five_dollar_books()
    for row, age in enumerate((0.0, 1.0, 2.0, 60.0, 60.0)):
        exchange.say(row, 100.0 if age < 10 else 90.0, age=age)

    prices = exchange.cycle()

    assert prices.sources[number(exchange, BTC)] == 3
    assert Flag(int(exchange.votes.flags[3])) == Flag.STALE_SOURCE


def test_a_book_without_a_converted_quote_is_dropped():
    exchange = Exchange(tuple(market(venue, "bitcoin", "tether") for venue in "abc"))
    for row in range(3):
        exchange.say(row, 100.0)

    prices = exchange.cycle()

    assert prices.status[number(exchange, BTC)] == Status.UNAVAILABLE
    assert Flag(int(exchange.votes.flags[0])) == Flag.CONVERSION_SUSPECT


def test_a_stablecoin_converts_at_its_measured_price():
    exchange = Exchange(
        (
            *(market(venue, "tether") for venue in "abc"),
            *(market(venue, "pepe", "tether") for venue in "abc"),
        )
    )
    for row in range(3):
        exchange.say(row, 0.95)
        exchange.say(row + 3, 2.0)

    prices = exchange.cycle()

    assert prices.price[number(exchange, PEPE)] == pytest.approx(1.9)


def test_bitcoin_tells_what_a_stablecoin_is_worth_beside_its_only_book():
    exchange = Exchange(
        (
            market("a", "tether"),
            market("a", "bitcoin"),
            market("b", "bitcoin"),
            market("c", "bitcoin", "tether"),
            market("c", "pepe", "tether"),
        )
    )
    for row, price in enumerate((0.98, 98.0, 98.0, 100.0, 1.0)):
        exchange.say(row, price)

    prices = exchange.cycle()

    assert prices.price[number(exchange, USDT)] == pytest.approx(0.98)
    assert prices.price[number(exchange, PEPE)] == pytest.approx(0.98)


def test_a_book_between_two_stablecoins_votes_on_the_earlier_one_upside_down():
    exchange = Exchange((market("a", "tether"), market("b", "eur", "tether"), market("c", "eur")))
    exchange.say(0, 1.0)
    exchange.say(1, 1.1)
    exchange.say(2, 1.1)

    prices = exchange.cycle()

    assert prices.sources[number(exchange, USDT)] == 1
    assert prices.price[number(exchange, USDT)] == pytest.approx(1.0)


def test_a_market_on_probation_has_no_weight():
    trusted = tuple(market(venue, "bitcoin") for venue in "ab")
    exchange = Exchange((*trusted, Market("c", "c", "x", "bitcoin", "usd", approved=False)))
    for row, price in enumerate((100.0, 100.0, 50.0)):
        exchange.say(row, price)

    exchange.cycle()

    assert exchange.votes.weight[2] == 0.0
    assert Flag(int(exchange.votes.flags[2])) == Flag.PROBATION


def test_a_junk_price_leaves_the_last_good_one_and_is_flagged():
    exchange = five_dollar_books()
    for row in range(5):
        exchange.say(row, 100.0)
    exchange.cycle()
    exchange.now += 1.0
    exchange.say(0, 0.0)

    prices = exchange.cycle()

    assert prices.price[number(exchange, BTC)] == pytest.approx(100.0)
    assert Flag(int(exchange.votes.flags[0])) == Flag.INVALID_INPUT


def test_a_venue_whose_clock_is_ahead_is_read_by_our_clock():
    exchange = five_dollar_books()
    ahead = Quote("", 100.0, time=exchange.now + 3600.0)
    exchange.board.put(0, ahead, exchange.now)

    exchange.cycle()

    assert exchange.votes.updated[0] == exchange.now
    assert Flag(int(exchange.votes.flags[0])) == Flag.CLOCK_SKEW
