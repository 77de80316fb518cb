"""Sparklines."""

import numpy as np
import pytest

from app.ui.spark import Spark, Sparks, drawn
from tests.ui import market

pytestmark = pytest.mark.unit


def test_a_line_goes_from_the_lower_left_to_the_upper_right_when_prices_rise():
    assert drawn(np.array([1.0, 2.0, 3.0], dtype=np.float32)) == Spark("M0 27l55-13 55-13", "up")


def test_gaps_are_bridged_and_the_beginning_stays_empty():
    closes = np.array([np.nan, 3.0, np.nan, np.nan, 1.0], dtype=np.float32)
    assert drawn(closes) == Spark("M28 1l82 26", "down")


def test_equal_prices_are_a_line_in_the_middle():
    assert drawn(np.array([5.0, 5.0], dtype=np.float32)) == Spark("M0 14l110 0", "up")


def test_one_close_is_no_line():
    assert drawn(np.array([np.nan, 5.0], dtype=np.float32)) == Spark()


def test_an_asset_without_a_row_of_closes_has_no_line():
    assert Sparks().of(99, market.closes()) == Spark()
