"""The texts of the drawer "Why this price?"."""

from math import nan

import pytest

from app.market.receipt import Receipt
from app.market.registry import Market
from app.market.verdict import Flag
from app.store.mirror import Published
from app.store.receipts import Explained
from app.ui.receipt import FlagLine, ReceiptTexts, Seat, receipt_texts
from app.ui.receipt_lines import RejectionLine
from tests.market.board import BTC, PEPE, USD, USDT, Exchange, five_dollar_books, market, number
from tests.market.receipts import explained

pytestmark = pytest.mark.unit

TITLES = {f"v{index}": f"Venue {index}" for index in range(5)}


def books(*markets: Market) -> Exchange:
    """Five operators that say 50,000 of bitcoin, and further markets."""
    exchange = Exchange((*five_dollar_books().markets, *markets))
    for row in range(5):
        exchange.say(row, 50_000.0)
    return exchange


def texts(exchange: Exchange, *, asset=BTC, after: float = 0.0, flags: int = 0) -> ReceiptTexts:
    case = explained(exchange, after=after)
    at = number(exchange, asset)
    prices = case.prices
    published = Published(
        float(prices.price[at]),
        float(prices.confidence[at]),
        int(prices.status[at]),
        int(prices.flags[at]) | flags,
    )
    told = Explained(case.receipt(asset), published)
    return receipt_texts(told, registry=exchange.layout.registry, titles=TITLES)


def test_the_headline_says_who_voted_who_agreed_and_who_was_heaviest():
    exchange = books()
    exchange.say(3, 50_000.0, volume=1e12)

    shown = texts(exchange)

    assert shown.headline == "5 operators voted; 5 agreed within ±0.60 %. Venue 3 carried 24 %."
    assert (shown.price, shown.status) == ("$50,000.00", "ok")
    assert shown.status_reason == "At least three independent operators agree."
    assert shown.held == ""


def test_one_operator_is_told_in_the_singular():
    exchange = Exchange((market("v0", "bitcoin"),))
    exchange.say(0, 50_000.0)

    shown = texts(exchange)

    assert shown.headline == "1 operator voted; 1 agreed within ±0.60 %. Venue 0 carried 100 %."
    assert shown.quorum == "1 of 1 agree, 3 needed; they hold 100 % of the vote, 50 % needed"
    assert shown.seats == [Seat(0, "agreed"), Seat(1, "empty"), Seat(2, "empty")]
    assert not shown.quorum_met


def test_the_vote_of_bitcoin_and_ether_is_told():
    exchange = Exchange(
        (market("v0", "bitcoin"), market("v0", "bitcoin", "tether"), market("v0", "tether"))
    )
    for row, price in enumerate((50_000.0, 50_000.0, 1.0)):
        exchange.say(row, price)

    assert texts(exchange, asset=USDT).headline == (
        "1 operator, and BTC and ETH together, voted; 2 agreed within ±0.30 %."
        " Venue 0 carried 50 %."
    )


def test_without_a_vote_there_is_no_price_to_explain():
    shown = texts(five_dollar_books())

    assert (shown.headline, shown.price, shown.confidence) == ("No operator voted.", "—", "—")
    assert (shown.status, shown.gate, shown.contributors) == ("unavailable", "—", [])
    assert shown.seats == [Seat(0, "empty"), Seat(1, "empty"), Seat(2, "empty")]


def test_a_dollar_is_a_dollar():
    assert texts(books(), asset=USD).headline == "One dollar is one dollar."


def test_flags_are_told_with_those_that_slower_checks_found():
    exchange = five_dollar_books()
    for row in range(5):
        exchange.say(row, 50_000.0 if row else 60_000.0)

    assert texts(exchange, flags=Flag.XCHECK_FAIL).flags == [
        FlagLine(
            "outlier_excluded",
            "Too far from the other operators to count as a survivor.",
            "/methodology#flags",
        ),
        FlagLine("xcheck_fail", "Differs from an independent source.", "/methodology#flags"),
    ]


def test_a_vote_is_told_with_its_conversion_distance_and_weights():
    exchange = books(market("w", "bitcoin", "tether"))
    exchange.layout = Exchange(
        (*exchange.markets, *(market(f"v{index}", "tether") for index in range(3)))
    ).layout
    fuller = Exchange(exchange.layout.registry.markets)
    for row in range(5):
        fuller.say(row, 50_000.0, volume=1e12)
    fuller.say(5, 50_050.0, volume=1.0)
    for row in range(6, 9):
        fuller.say(row, 1.0)

    shown = texts(fuller)

    last = shown.contributors[-1]
    assert (last.venue, last.pair) == ("w", "BTC/USDT")
    assert (last.raw, last.conversion) == ("50,050.00 USDT", "1 USDT = $1.0000")
    assert (last.price, last.distance, last.outside) == ("$50,050.00", "+10.0 bp", False)
    assert (last.age, last.spread, last.note) == ("0.0 s old", "0.10 % spread", "")
    assert (last.weight_before, last.weight) == ("<0.1", "<0.1 %")
    first = shown.contributors[0]
    assert (first.conversion, first.distance) == ("in dollars", "0.0 bp")
    assert (first.weight_before, first.weight, first.after) == ("20.0", "20.0 %", 100.0)


def test_a_vote_far_away_is_told_in_percent_and_with_a_note():
    exchange = five_dollar_books()
    for row in range(5):
        exchange.say(row, 50_000.0 if row else 25_000.0)

    vote = next(line for line in texts(exchange).contributors if line.venue == "Venue 0")

    assert (vote.distance, vote.outside, vote.note) == ("-50.0 %", True, "Outside the gate.")


def rejection(exchange: Exchange, venue: str, **asked) -> RejectionLine:
    return next(line for line in texts(exchange, **asked).rejections if line.venue == venue)


def test_what_was_measured_is_told_in_the_units_of_people():
    exchange = five_dollar_books()
    for row, (price, age) in enumerate(
        ((50_000.0, 0.0),) * 3 + ((51_000.0, 0.0), (50_000.0, 300.0))
    ):
        exchange.say(row, price, age=age)

    outlier, old = rejection(exchange, "Venue 3"), rejection(exchange, "Venue 4")

    assert (outlier.rule, outlier.href) == ("S4", "/methodology#s4")
    assert outlier.measured == "2.0 % away, at most 0.60 %"
    assert (old.rule, old.measured) == ("S3", "5 min old, at most 90 s")
    assert texts(exchange).rejected == "2"


def test_probation_and_other_units_are_told_so():
    new = Market("new", "new", "x", "pepe", "usd", approved=False)
    exchange = Exchange((*five_dollar_books(PEPE).markets, new))
    for _ in range(2):
        for row in range(6):
            exchange.say(row, 1e-3 if row == 4 else 1e-6)
        exchange.cycle(after=30.0)

    assert rejection(exchange, "new", asset=PEPE).measured == "observed for 30 s of 60 min"
    assert rejection(exchange, "Venue 4", asset=PEPE).measured == "1,000× the index, within 1.5×"


def test_a_price_that_is_held_says_since_when_and_what_the_votes_say_now():
    exchange = books()
    exchange.cycle()
    exchange.now += 20.0
    for row in range(5):
        exchange.say(row, 60_000.0, age=0.0 if row < 2 else 11.0)
    exchange.cycle()

    shown = texts(exchange, after=0.25)

    assert shown.status == "held"
    assert shown.held == (
        "Held since 22:13:20 UTC (20 s ago) at $50,000.00. The votes say $60,000.00 now."
        " The step has waited 0.2 s for confirmation."
    )


def test_a_stale_price_says_since_when_it_is_known():
    exchange = books()
    exchange.cycle()

    shown = texts(exchange, after=120.0)

    assert shown.status == "stale"
    assert shown.held == "Last known at 22:13:20 UTC (2 min ago): $50,000.00."


@pytest.mark.parametrize(
    ("change", "verdict"), [({}, "same"), ({"price": 1.0}, "differs"), (None, "unknown")]
)
def test_the_badge_says_whether_the_published_price_came_out(
    change: dict[str, float] | None, verdict: str
):
    exchange = books()
    receipt: Receipt = explained(exchange).receipt(BTC)
    published = None if change is None else Published(change.get("price", receipt.price), nan, 4, 0)

    shown = receipt_texts(
        Explained(receipt, published), registry=exchange.layout.registry, titles={}
    )

    assert shown.verdict == verdict
    assert (shown.version, shown.time) == ("7", "22:13:20 UTC")
    assert shown.href == "/api/v1/receipts/bitcoin"
