"""The simulated market as numbers: determinism, consistency and pace."""

from collections import Counter
from math import log

import numpy as np
import pytest

from app.market.registry import Tier
from jobs.sandbox.books import rounded
from jobs.sandbox.pace import Pace
from jobs.sandbox.prices import AssetPrices
from jobs.sandbox.voice import Book
from jobs.sandbox.world import World
from jobs.seed import load_seed
from tests.sandbox.market import SHAPES, START

pytestmark = pytest.mark.unit

SEEDS = load_seed()
BITCOIN = Book(
    "BTC-USD",
    "BTC",
    "USD",
    last=116029.96,
    bid=116027.04,
    ask=116042.65,
    open=120000.0,
    high=120318.54,
    low=115997.57,
    volume=12891.394,
    time=START + 199 * 0.05,
    sequence=83,
)
DOGECOIN = Book(
    "XDG-EUR",
    "XDG",
    "EUR",
    last=0.2069148,
    bid=0.2069131,
    ask=0.20697655,
    open=0.21367521,
    high=0.21624986,
    low=0.20442901,
    volume=629629830.0,
    time=START + 197 * 0.05,
    sequence=18,
)


def world(seed: int = 7, rate: float = 1500.0, assets: int = 300) -> World:
    return World(SEEDS, SHAPES, assets=assets, seed=seed, rate=rate, now=START)


def books(of: World) -> dict[tuple[str, str], Book]:
    all_books = of.books.of(range(len(of.markets)))
    return {
        (market.venue, book.symbol): book
        for market, book in zip(of.markets, all_books, strict=True)
    }


def mid(book: Book) -> float:
    return (book.bid + book.ask) / 2


def test_the_same_seed_and_times_give_these_books():
    simulated = world()
    for beat in range(1, 201):
        simulated.advance(START + 0.05 * beat)
    now = books(simulated)

    assert now["dollar", "BTC-USD"] == BITCOIN
    assert now["euro", "XDG-EUR"] == DOGECOIN


def test_another_seed_gives_other_books():
    assert books(world(seed=8)) != books(world(seed=7))


def test_every_book_is_one_that_a_venue_could_have():
    simulated = world()
    simulated.advance(START + 3600)

    for book in books(simulated).values():
        assert 0 < book.bid < book.ask
        assert book.bid <= book.last <= book.ask
        assert book.low <= min(book.last, book.open)
        assert max(book.last, book.open) <= book.high
        assert book.volume > 0


def test_cross_rates_agree_within_their_spreads():
    now = books(world())
    spread = sum(
        now["dollar", symbol].ask / now["dollar", symbol].bid - 1
        for symbol in ("BTC-EUR", "EUR-USD", "BTC-USD")
    )

    through_euro = mid(now["dollar", "BTC-EUR"]) * mid(now["dollar", "EUR-USD"])
    assert abs(log(through_euro / mid(now["dollar", "BTC-USD"]))) < spread


def test_venues_differ_by_less_than_a_spread():
    now = books(world())
    one, two = now["tether", "BTC-USDT"], now["narrow", "BTC-USDT"]

    assert mid(one) != mid(two)
    assert abs(log(mid(one) / mid(two))) < (one.ask - one.bid) / one.bid + (two.ask / two.bid - 1)


def test_stablecoins_stay_near_their_peg_and_wrapped_assets_near_theirs():
    assets = tuple(SEEDS[:400])
    prices = AssetPrices(assets, 7, START)
    for day in range(1, 31):
        prices.advance(START + day * 86400)
    value = {asset.id: prices.log[at] for at, asset in enumerate(assets)}

    stable = [at for at, asset in enumerate(assets) if asset.tier == Tier.STABLE]
    pegged = [value["eur"] if assets[at].price > 1.1 else 0.0 for at in stable]
    assert np.abs(prices.log[stable] - pegged).max() < 0.0015
    assert abs(value["wrapped-bitcoin"] - value["bitcoin"]) < 0.0015
    assert abs(value["tether-gold"] - value["pax-gold"]) < 0.0015
    assert value["usd"] == 0.0
    assert abs(value["bitcoin"] - log(120_000)) > 0.0015


def test_daily_changes_are_as_large_as_the_tier_says():
    assets = tuple(asset for asset in SEEDS if asset.tier in (Tier.MAJOR, Tier.TAIL))[:4000]
    prices = AssetPrices(assets, 7, START)
    tail = np.array([asset.tier == Tier.TAIL for asset in assets])
    days: list[np.ndarray] = []
    for day in range(1, 41):
        before = prices.log
        prices.advance(START + day * 86400)
        days.append(prices.log - before)
    change = np.std(days, axis=0)

    assert np.mean(change[~tail]) == pytest.approx(0.03, rel=0.1)
    assert np.mean(change[tail]) == pytest.approx(0.08, rel=0.1)


def test_a_day_s_open_high_and_low_are_of_the_last_24_hours():
    prices = AssetPrices(SEEDS[:1], 7, START)
    seen = [prices.log[0]]
    for hour in range(1, 49):
        prices.advance(START + hour * 3600)
        seen.append(prices.log[0])

    assert (prices.opened[0], prices.high[0], prices.low[0]) == (
        seen[24],
        max(seen[24:]),
        min(seen[24:]),
    )


def test_a_clock_that_goes_back_moves_no_price():
    prices = AssetPrices(SEEDS[:50], 7, START)
    before = prices.log
    prices.advance(START - 3600)

    assert prices.log.tolist() == before.tolist()


def test_prices_have_eight_digits_at_any_size():
    prices = np.array([123456.789012, 1.23456789012e-9, 0.99999999999])

    assert rounded(prices).tolist() == [123456.79, 1.2345679e-09, 1.0]


def test_the_pace_is_the_rate_and_no_market_rests_longer_than_twenty_seconds():
    pace = Pace(np.array([1e9] + [1e4] * 999), 200.0, seed=7)
    quoted = Counter()
    rows_in_all = 0
    for _ in range(400):
        rows = pace.due(0.05)
        quoted.update(rows.tolist())
        rows_in_all += len(rows)

    assert rows_in_all == pytest.approx(4000, abs=20)
    assert len(quoted) == 1000
    assert quoted[0] == 200


def test_a_rate_too_low_for_all_still_prefers_what_trades_most():
    pace = Pace(np.array([1e9] + [1e4] * 999), 10.0, seed=7)

    assert pace.rates.sum() == pytest.approx(10.0)
    assert pace.rates[0] / pace.rates[1] == pytest.approx(437.525, abs=0.01)


def test_a_market_s_number_rises_by_one_with_each_quote():
    simulated = world(rate=5000.0)
    first = simulated.advance(START + 20).tolist()

    assert first == list(range(len(simulated.markets)))
    assert {book.sequence for book in books(simulated).values()} == {2}
