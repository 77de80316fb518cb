"""Numbers as people read them, and the same rules in the browser."""

import json

import pytest

from app.ui import format
from tests.ui.bun import answer

pytestmark = pytest.mark.unit

PRICES = [
    (42_652.0, "$42,652.00"),
    (1_234_567.891, "$1,234,567.89"),
    (95.149, "$95.15"),
    (10.0, "$10.00"),
    (9.99996, "$10.00"),
    (9.9999, "$9.9999"),
    (2.3141, "$2.3141"),
    (1.0, "$1.0000"),
    (0.9999996, "$1.0000"),
    (0.999892, "$0.999892"),
    (0.080785, "$0.080785"),
    (0.01, "$0.010000"),
    (0.0099999, "$0.010000"),
    (0.0078125, "$0.007813"),
    (0.00123456, "$0.001235"),
    (0.000123456, "$0.0001235"),
    (0.0000123456, "$0.0₄1235"),
    (0.000001234, "$0.0₅1234"),
    (9.99996e-6, "$0.0₄1000"),
    (1e-12, "$0.0₁₁1000"),
    (0.0, "$0.0000"),
    (None, "—"),
]
MONEY = [
    (1.71e12, "$1.71T"),
    (20.65e9, "$20.65B"),
    (955.16e6, "$955.16M"),
    (999_995_000.0, "$1.00B"),
    (999_994_000.0, "$999.99M"),
    (999_995.0, "$1.00M"),
    (1_000.0, "$1.00K"),
    (999.995, "$1.00K"),
    (532.1, "$532.10"),
    (1.5e15, "$1,500.00T"),
    (-2e6, "-$2.00M"),
    (0.0, "$0.00"),
    (None, "—"),
]
PERCENTS = [
    (0.0124, "1.24%", "up"),
    (-0.0079, "0.79%", "down"),
    (627.97, "62,797%", "up"),
    (9.99994, "999.99%", "up"),
    (0.00004, "0.00%", ""),
    (-0.00004, "0.00%", ""),
    (0.0, "0.00%", ""),
    (None, "—", ""),
]


@pytest.mark.parametrize(("value", "text"), PRICES)
def test_a_price_is_written_by_its_magnitude(value: float | None, text: str):
    assert format.price(value) == text


def test_a_shortened_price_has_all_its_zeros_in_full():
    assert format.price_in_full(0.000001234) == "$0.000001234"


def test_what_is_not_finite_is_a_dash():
    written = [format.price(float("nan")), format.money(float("inf")), format.percent(float("nan"))]
    assert written == ["—", "—", "—"]


@pytest.mark.parametrize(("value", "text"), MONEY)
def test_money_is_shortened_to_two_decimals(value: float | None, text: str):
    assert format.money(value) == text


@pytest.mark.parametrize(("share", "text", "direction"), PERCENTS)
def test_a_change_has_a_size_and_a_direction(share: float | None, text: str, direction: str):
    assert (format.percent(share), format.direction(share)) == (text, direction)


def test_a_small_difference_carries_its_sign():
    written = [format.signed_percent(share) for share in (0.00009, -0.00788, 0.000001, None)]
    assert written == ["+0.009%", "-0.788%", "0.000%", "—"]


def test_an_age_is_never_overstated():
    written = [format.age(seconds) for seconds in (0.34, 9.99, 12.9, 61, 7300, 200_000, None)]
    assert written == ["0.3 s", "9.9 s", "12 s", "1 min", "2 h", "2 d", "—"]


def test_the_browser_writes_every_number_as_the_server_does():
    cases = {
        "price": [value for value, _ in PRICES],
        "priceInFull": [value for value, _ in PRICES],
        "money": [value for value, _ in MONEY],
        "amount": [value for value, _ in MONEY],
        "percent": [share for share, _, _ in PERCENTS],
        "direction": [share for share, _, _ in PERCENTS],
    }
    written = answer(
        "numbers/format.js",
        f"""const cases = {json.dumps(cases)};
        return Object.fromEntries(Object.entries(cases).map(
            ([name, values]) => [name, values.map((value) => it[name](value))]));""",
    )
    expected = {
        "price": [format.price(value) for value in cases["price"]],
        "priceInFull": [format.price_in_full(value) for value in cases["priceInFull"]],
        "money": [format.money(value) for value in cases["money"]],
        "amount": [format.amount(value) for value in cases["amount"]],
        "percent": [format.percent(share) for share in cases["percent"]],
        "direction": [format.direction(share) for share in cases["direction"]],
    }
    assert written == expected
