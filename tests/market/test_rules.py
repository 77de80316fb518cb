"""Rules S0, S7, S8, S9 and S13 of the method, each on a market made for it."""

from dataclasses import replace

import numpy as np
import pytest

from app.market.carry import carried
from app.market.layout import lay_out
from app.market.registry import Market, Redenomination, Registry
from app.market.verdict import Flag, Status
from tests.market.board import ASSETS, BTC, NOW, PEPE, Exchange, market, number

pytestmark = pytest.mark.unit

VENUES = ("a", "b", "c")


def books(base: str, *venues: str, **how: bool) -> tuple[Market, ...]:
    """One dollar book of the asset at each venue."""
    return tuple(replace(market(venue, base), **how) for venue in venues)


def said(exchange: Exchange, asset: str, *prices: float, every: float = 1.0, times: int = 1):
    """The last of so many cycles, in each of which all markets in order quote these prices."""
    row = next(n for n, a in enumerate(exchange.layout.registry.assets) if a.id == asset)
    published = exchange.cycle()
    for _ in range(times):
        exchange.now += every
        for market_row, price in enumerate(prices):
            if price:
                exchange.say(market_row, price)
        published = exchange.cycle()
    return (
        float(published.price[row]),
        Status(int(published.status[row])),
        Flag(int(published.flags[row])),
    )


def close(price: float) -> object:
    return pytest.approx(price, rel=1e-9)


def test_a_jump_that_three_ticking_operators_confirm_is_published_at_once():
    exchange = Exchange(books("bitcoin", *VENUES))
    said(exchange, "bitcoin", 100.0, 100.0, 100.0)

    price, status, flags = said(exchange, "bitcoin", 90.0, 90.0, 90.0)

    assert (price, status) == (close(90.0), Status.OK)
    assert Flag.JUMP_PENDING not in flags


def test_a_jump_of_two_operators_is_held_until_the_last_good_price_has_no_veto():
    exchange = Exchange(books("bitcoin", "a", "b"))
    said(exchange, "bitcoin", 100.0, 100.0)

    at_once = said(exchange, "bitcoin", 90.0, 90.0)
    before_the_end = said(exchange, "bitcoin", 90.0, 90.0, times=89)
    after = said(exchange, "bitcoin", 90.0, 90.0)

    assert at_once[:2] == (close(100.0), Status.HELD)
    assert Flag.JUMP_PENDING in at_once[2]
    assert before_the_end[:2] == (close(100.0), Status.HELD)
    assert after[:2] == (close(90.0), Status.DEGRADED)


def test_a_jump_of_slow_operators_is_published_after_the_hold_of_its_tier():
    exchange = Exchange(books("pepe", *VENUES))
    said(exchange, "pepe", 1.0, 1.0, 1.0)
    for row in range(3):
        exchange.say(row, 2.0)
    exchange.now += 20.0

    held = said(exchange, "pepe", 0, 0, 0, times=59)
    accepted = said(exchange, "pepe", 0, 0, 0)

    assert held[:2] == (close(1.0), Status.HELD)
    assert accepted[:2] == (close(2.0), Status.OK)


def test_what_is_quoted_in_an_asset_whose_jump_is_held_is_converted_by_the_measured_price():
    markets = (*books("tether", "a", "b"), *(market(v, "pepe", "tether") for v in VENUES))
    exchange = Exchange(markets)
    said(exchange, "pepe", 1.0, 1.0, 2.0, 2.0, 2.0)

    said(exchange, "tether", 0.95, 0.95, 2.0, 2.0, 2.0)
    pepe = said(exchange, "pepe", 0.95, 0.95, 2.0, 2.0, 2.0)
    tether = said(exchange, "tether", 0.95, 0.95, 2.0, 2.0, 2.0)

    assert tether[:2] == (close(1.0), Status.HELD)
    assert pepe[0] == close(1.9)


def test_a_stablecoin_off_its_peg_is_watched_after_a_minute_and_depegged_after_ten_seconds():
    exchange = Exchange(books("tether", *VENUES))
    said(exchange, "tether", 0.994, 0.994, 0.994)
    watched = [said(exchange, "tether", 0.994, 0.994, 0.994, times=n)[2] for n in (58, 2)]
    said(exchange, "tether", 0.97, 0.97, 0.97)
    depegged = [said(exchange, "tether", 0.97, 0.97, 0.97, times=n)[2] for n in (9, 1)]

    assert [Flag.DEPEG_WATCH in flags for flags in watched] == [False, True]
    assert [Flag.DEPEG in flags for flags in depegged] == [False, True]


def test_one_operator_alone_cannot_call_a_stablecoin_depegged():
    exchange = Exchange(books("tether", "a"))

    flags = said(exchange, "tether", 0.97, times=120)[2]

    assert Flag.DEPEG_WATCH in flags
    assert Flag.DEPEG not in flags


def test_a_redenomination_rescales_the_last_price_and_leaves_old_units_out():
    exchange = Exchange(books("pepe", *VENUES))
    said(exchange, "pepe", 2.0, 2.0, 2.0)
    change = Redenomination("pepe", exchange.now + 1.0, 1000.0)
    old, new = exchange.layout, lay_out(Registry(2, ASSETS, exchange.markets, (change,)))
    exchange.state, exchange.layout = carried(exchange.state, old.registry, new.registry), new

    nobody = said(exchange, "pepe", 2.0, 2.0, 2.0)
    one = said(exchange, "pepe", 2000.0, 2.0, 2.0)
    everybody = said(exchange, "pepe", 2010.0, 2010.0, 2010.0)

    assert nobody[:2] == (close(2000.0), Status.STALE)
    assert one[0] == close(2000.0)
    assert Flag.UNIT_MISMATCH in one[2]
    assert everybody[:2] == (close(2010.0), Status.OK)
    assert Flag.UNIT_MISMATCH not in everybody[2]


def test_a_slip_by_a_power_of_ten_is_named_and_never_rescaled():
    exchange = Exchange(books("pepe", *VENUES))

    price, status, flags = said(exchange, "pepe", 2.0, 2.0, 2000.0)

    assert (price, status) == (close(2.0), Status.DEGRADED)
    assert Flag.UNIT_MISMATCH | Flag.OUTLIER_EXCLUDED in flags


def test_markets_far_from_the_pinned_ones_count_for_nothing_even_when_those_fall_silent():
    pinned, others = books("pepe", "a", "b", pinned=True), books("pepe", "c", "d", "e")
    exchange = Exchange((*pinned, *others))

    both = said(exchange, "pepe", 1.0, 1.0, 9.0, 9.0, 9.0, times=61)
    silent = said(exchange, "pepe", 0, 0, 9.0, 9.0, 9.0, times=60, every=70.0)

    assert both[0] == close(1.0)
    assert Flag.IDENTITY_CONFLICT in both[2]
    assert silent[:2] == (close(1.0), Status.STALE)


def test_a_market_that_comes_back_to_the_pinned_ones_counts_again():
    exchange = Exchange((*books("pepe", "a", pinned=True), *books("pepe", "b")))
    said(exchange, "pepe", 1.0, 9.0, times=61)

    flags = said(exchange, "pepe", 1.0, 1.0)[2]

    assert Flag.IDENTITY_CONFLICT not in flags
    assert exchange.votes.weight.tolist() == [0.5, 0.5]


def test_a_mapping_on_probation_counts_after_an_hour_of_agreement():
    exchange = Exchange((*books("pepe", "a"), *books("pepe", "b", approved=False)))
    said(exchange, "pepe", 1.0, 1.01)
    before = [said(exchange, "pepe", 1.0, 1.01, every=30.0, times=n) for n in (119,)]
    waiting = exchange.votes.weight.tolist()

    said(exchange, "pepe", 1.0, 1.01, every=30.0, times=2)

    assert before[0][0] == close(1.0)
    assert waiting == [1.0, 0.0]
    assert exchange.votes.weight.tolist() == [0.5, 0.5]


def test_a_mapping_on_probation_that_disagrees_begins_its_hour_again():
    exchange = Exchange((*books("pepe", "a"), *books("pepe", "b", approved=False)))
    said(exchange, "pepe", 1.0, 1.5, every=30.0, times=10)
    said(exchange, "pepe", 1.0, 1.01, every=30.0, times=115)

    assert exchange.votes.weight.tolist() == [1.0, 0.0]
    assert exchange.state.tried[1] < 3600.0


def test_the_breaker_holds_what_is_ten_times_its_usual_price_while_few_agree():
    exchange = Exchange(books("pepe", *VENUES))
    said(exchange, "pepe", 1.0, 1.0, 1.0)
    exchange.state = replace(exchange.state, usual=np.zeros(len(ASSETS)))

    held = said(exchange, "pepe", 11.0, 11.0, 11.0)
    locked = said(exchange, "pepe", 11.0, 11.0, 11.0, every=3000.0, times=2)

    assert held[:2] == (close(1.0), Status.HELD)
    assert Flag.BREAKER in held[2]
    assert locked[0] == close(11.0)


def test_five_operators_are_enough_for_a_price_ten_times_away():
    exchange = Exchange(books("pepe", *VENUES, "d", "e"))
    said(exchange, "pepe", *[1.0] * 5)
    exchange.state = replace(exchange.state, usual=np.zeros(len(ASSETS)))

    price, status, flags = said(exchange, "pepe", *[0.05] * 5)

    assert (price, status) == (close(0.05), Status.OK)
    assert Flag.BREAKER not in flags


@pytest.mark.parametrize(
    ("how", "flag"),
    [
        ({"restricted": True}, Flag.PREMIUM_MARKET),
        ({"closed": True}, Flag.RESTRICTED_MARKET),
        ({"disabled": True}, Flag.DISABLED),
    ],
)
def test_markets_that_are_closed_in_some_way_are_shown_with_weight_0(
    how: dict[str, bool], flag: Flag
):
    exchange = Exchange((*books("bitcoin", *VENUES), *books("bitcoin", "d", **how)))

    price = said(exchange, "bitcoin", 100.0, 100.0, 100.0, 130.0)[0]

    assert price == close(100.0)
    assert (exchange.votes.usd[3], exchange.votes.weight[3]) == (close(130.0), 0.0)
    assert Flag(int(exchange.votes.flags[3])) == flag


def test_state_is_carried_by_name_when_numbers_change():
    exchange = Exchange(books("bitcoin", *VENUES))
    said(exchange, "bitcoin", 100.0, 100.0, 130.0)
    turned = Registry(2, tuple(reversed(ASSETS)), (market("0", "pepe"), *exchange.markets))

    state = carried(exchange.state, exchange.layout.registry, turned)
    back = carried(state, turned, exchange.layout.registry)

    assert len(exchange.state.excluded) == 1
    assert back.excluded.tolist() == exchange.state.excluded.tolist()
    assert state.good[turned.number_of["bitcoin"]] == exchange.state.good[number(exchange, BTC)]
    assert np.isnan(state.good[turned.number_of[PEPE.id]])
    assert state.time == NOW + 1.0
