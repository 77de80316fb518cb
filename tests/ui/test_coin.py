"""The texts of a coin page."""

import pytest

from app.ui.coin import DISTRUST, Coin, Fact, coin
from tests.ui import market

pytestmark = pytest.mark.unit

BITCOIN, PEPE, CASH = 2, 4, 5
TITLES = {"alpha": "Alpha", "beta": "Beta", "gamma": "Gamma"}


def page(number: int, *, heard: bool = True) -> Coin:
    return coin(
        number,
        registry=market.registry(),
        snapshot=market.snapshot(),
        votes=market.votes() if heard else None,
        titles=TITLES,
    )


def test_the_head_says_price_status_and_sources():
    shown = page(BITCOIN)
    assert (shown.price, shown.change, shown.direction) == ("$42,652.00", "0.79%", "down")
    assert (shown.status, shown.confidence) == ("ok", "±$1.92")
    assert (shown.venues_counted, shown.age, shown.rank) == ("3 of 3 venues", "0.2 s", "Rank 1")
    assert shown.title == "Bitcoin (BTC) price $42,652.00"


def test_the_reasons_name_who_counted_who_was_left_out_and_the_conversion():
    assert page(BITCOIN).reasons == [
        "The weighted median of 2 venue operators.",
        "Gamma BTC/USD was left out: too far from the other operators to count as a survivor.",
        "Converted with USDT at $0.999890.",
    ]


def test_a_weak_price_says_why():
    assert page(PEPE).reasons == [
        "The weighted median of 1 venue operator.",
        "Published, but with fewer sources than we ask for.",
        "Fewer than three surviving operators.",
    ]


def test_a_coin_without_a_price_shows_dashes_and_no_number():
    shown = page(CASH)
    assert (shown.price, shown.value, shown.change, shown.confidence) == ("—", None, "—", "")
    assert shown.status_sentence == "No price: there is no source we can trust."


def test_the_facts_count_with_the_maximum_supply_where_there_is_one():
    facts = {fact.label: fact for fact in page(BITCOIN).facts}
    assert facts["Fully diluted"].value == "$895.69B"
    assert facts["Circulating supply"] == Fact(
        "Circulating supply", "19.60M of 21.00M", "19,600,000 BTC"
    )
    assert facts["24h range"].value == "$41,724.00 – $43,244.00"
    assert facts["24h volume"] == Fact("24h volume", "$20.65B")


def test_reported_volume_stands_beside_the_believed_one_where_it_reads_otherwise():
    reported = [0.0, 20.45e9, 34.4e9, 17.89e9, 1e6, 0.0]
    shown = coin(
        BITCOIN,
        registry=market.registry(),
        snapshot=market.snapshot(changed={"volume_reported": reported}),
        votes=market.votes(),
        titles=TITLES,
    )

    (volume,) = [fact for fact in shown.facts if fact.label == "24h volume"]
    assert volume == Fact("24h volume", "$20.65B, reported $34.40B", DISTRUST)


def test_a_venue_line_says_price_distance_weight_and_reason():
    [beta, alpha, gamma] = page(BITCOIN).venues
    assert (alpha.venue, alpha.pair, alpha.price) == ("Alpha", "BTC/USD", "$42,650.10")
    assert (alpha.from_index, alpha.spread, alpha.weight) == ("-0.004%", "0.02%", "60.0%")
    assert (beta.pair, beta.spread, beta.share) == ("BTC/USDT", "—", 66.7)
    assert (gamma.weight, gamma.off, gamma.share) == ("excluded", True, 0.0)
    assert gamma.reason == "Too far from the other operators to count as a survivor."


def test_without_votes_there_are_no_venue_lines_and_no_claims():
    shown = page(BITCOIN, heard=False)
    assert (shown.venues, shown.reasons) == ([], [])
