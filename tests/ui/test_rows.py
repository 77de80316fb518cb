"""Rows as they are sent."""

import numpy as np
import pytest
from numpy.typing import NDArray

from app.ui import format, rows
from app.ui.spark import Spark
from tests.ui import market

pytestmark = pytest.mark.unit

BITCOIN, PEPE, CASH = 2, 4, 5


def shown(*price: float) -> NDArray[np.float64]:
    changed = {"price": price} if price else {}
    return rows.shown(market.snapshot(changed=changed), np.array([BITCOIN, PEPE, CASH]))


def test_a_row_has_every_live_column_rounded_as_it_is_written():
    assert rows.listed(shown()[0]) == [
        42_652.0, 0.0047, -0.0079, -0.0553, 836_030_000_000.0, 20_650_000_000.0, 1, 3, 3, 4, 0
    ]  # fmt: skip


def test_the_unknown_is_none_and_never_a_number():
    assert rows.listed(shown()[2]) == [None, None, None, None, None, 0.0, 0, 0, 1, 0, 0]


def test_equal_rows_are_no_change():
    assert rows.changes(["b", "p", "c"], shown(), shown()) == {}


def test_a_change_is_cut_off_behind_its_last_changed_column():
    after = shown(1.0, 1.0, 42_652.01, 2_511.71, 0.000001234, np.nan)
    assert rows.changes(["b", "p", "c"], shown(), after) == {"b": [42_652.01]}


def test_a_change_below_what_is_shown_is_no_change():
    after = shown(1.0, 1.0, 42_652.004, 2_511.71, 0.00000123404, np.nan)
    assert rows.changes(["b", "p", "c"], shown(), after) == {}


def test_a_price_that_becomes_known_is_a_change():
    after = shown(1.0, 1.0, 42_652.0, 2_511.71, 0.000001234, 240.5)
    assert rows.changes(["b", "p", "c"], shown(), after) == {"c": [240.5]}


@pytest.mark.parametrize("price", [42_652.123, 9.99996, 2.31415, 0.5769981, 0.0012345, 1.23456e-9])
def test_a_rounded_price_is_written_as_the_exact_one(price: float):
    rounded = rows.rounded_price(np.array([price]))[0]
    assert format.price(rounded) == format.price(price)


def test_the_facts_of_a_row_come_in_their_order():
    asset = market.registry().assets[CASH]
    assert rows.facts(asset, Spark("M0 0l1 1", "up")) == [
        "Bitcoin Cash", "BCH", "", None, "M0 0l1 1", "up"
    ]  # fmt: skip
