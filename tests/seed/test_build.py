"""How the seed table is made from facts, names and logos."""

import csv
from collections.abc import Mapping

import pytest

from jobs.seed import load_seed
from jobs.seed.build import FACTS_FILE, build

pytestmark = pytest.mark.unit

FACT = {
    "id": "bitcoin",
    "symbol": "BTC",
    "name": "Bitcoin",
    "tier": "",
    "category": "Payments",
    "platform": "",
    "address": "",
    "circulating": "10",
    "total": "",
    "maximum": "",
    "price": "100",
}
DEARER = {**FACT, "id": "ethereum", "symbol": "ETH", "name": "Ethereum", "price": "200"}
EURO = {**FACT, "id": "eur", "symbol": "EUR", "name": "Euro", "tier": "fiat", "circulating": ""}


def ids(names: Mapping[str, str], logos: Mapping[str, str] | None = None) -> list[str]:
    rows = build([EURO, FACT, DEARER], names, logos or {})
    return [row["id"] for row in rows[3:]]


def test_facts_come_by_market_cap_then_fiat_then_names():
    rows = build([EURO, FACT, DEARER], {"ABC": "Abc Coin"}, {})

    assert [(row["id"], row.get("rank"), row["tier"]) for row in rows] == [
        ("ethereum", "1", "major"),
        ("bitcoin", "2", "major"),
        ("eur", None, "fiat"),
        ("abc-coin", "3", "major"),
    ]


def test_the_tier_follows_the_rank_where_none_was_written():
    stable = {**FACT, "id": "tether", "symbol": "USDT", "name": "Tether", "tier": "stable"}
    names = {f"C{number:03}": f"Coin {number}" for number in range(600)}
    tiers = [row["tier"] for row in build([stable], names, {})]

    assert tiers == ["stable"] + ["major"] * 50 + ["mid"] * 449 + ["tail"] * 101


@pytest.mark.parametrize(
    "names",
    [
        {"BTC": "Another Thing"},
        {"btc": "Another Thing"},
        {"EUR": "Eurocoin"},
        {"XBT": "Bitcoin"},
        {"XETH": "Ethereum Coin", "ETHX": "ethereum"},
        {"A": "One Letter"},
        {"A-B": "Odd Sign"},
        {"ÄBC": "Not ASCII"},
        {"808": "808"},
        {"ABC": "Nämlich"},
        {"BULL": "3X Long Bitcoin Token"},
        {"OLD": "Thing [OLD]"},
    ],
)
def test_a_name_that_could_mislead_is_left_out(names: dict[str, str]):
    assert [key for key in ids(names) if key != "ethereum-coin"] == []


def test_a_second_asset_of_a_name_gets_its_ticker_in_the_id():
    assert ids({"GLX": "Galaxy", "GALAXY": "Galaxy"}) == ["galaxy", "galaxy-galaxy"]


@pytest.mark.parametrize(
    ("pictured", "logo"),
    [("Abc", "abc"), ("ABC Token", "abc"), ("Abc Network", "abc"), ("Alphabet", ""), ("Ab", "")],
)
def test_a_logo_is_taken_only_if_the_names_agree(pictured: str, logo: str):
    rows = build([FACT], {"ABC": "Abc Coin"}, {"ABC": pictured})

    assert rows[1]["logo"] == logo


def test_assets_with_a_logo_come_before_those_without():
    assert ids({"ABC": "Abc", "XYZ": "Xyz"}, {"XYZ": "Xyz"}) == ["xyz", "abc"]


def test_the_shipped_table_holds_every_fact():
    with FACTS_FILE.open(newline="") as lines:
        facts = {row["id"]: row["price"] for row in csv.DictReader(lines)}
    shipped = {seed.id: seed.price for seed in load_seed()}

    assert {key: shipped[key] for key in facts} == {key: float(facts[key]) for key in facts}
