"""Snapshots and deltas: the same bits on both sides, and gaps are noticed."""

from dataclasses import replace

import numpy as np
import pytest

from app.market.snapshot import (
    ASSET_COLUMNS,
    EMPTY_TOTALS,
    MarketSnapshot,
    SnapshotError,
    applied,
    decode_delta,
    decode_snapshot,
    delta_between,
    encode,
)

pytestmark = pytest.mark.unit


def snapshot(version: int = 1, **prices: float) -> MarketSnapshot:
    columns = {name: np.zeros(3, dtype=kind) for name, kind in ASSET_COLUMNS.items()}
    columns["price"] = np.array([1.0, 2.0, float("nan")])
    for row, price in prices.items():
        columns["price"][int(row[1:])] = price
    return MarketSnapshot(version, 9, 100.0 + version, "sandbox", EMPTY_TOTALS, columns)


def test_a_snapshot_survives_its_bytes():
    original = snapshot()

    copy = decode_snapshot(encode(original))

    assert (copy.version, copy.time, copy.source) == (1, 101.0, "sandbox")
    for name in ASSET_COLUMNS:
        assert copy.columns[name].tobytes() == original.columns[name].tobytes()


def test_a_delta_carries_only_the_rows_that_changed():
    delta = delta_between(snapshot(), snapshot(2, p1=2.5))

    assert delta.rows.tolist() == [1]
    assert delta.columns["price"].tolist() == [2.5]


def test_a_missing_price_that_stays_missing_is_no_change():
    assert delta_between(snapshot(), snapshot(2)).rows.tolist() == []


def test_a_reader_that_applies_the_delta_has_the_new_snapshot():
    old, new = snapshot(), snapshot(2, p0=1.5, p2=3.0)
    delta = decode_delta(encode(delta_between(old, new)))

    following = applied(old, delta)

    assert following is not None
    assert encode(following) == encode(new)


def test_a_delta_after_a_gap_is_refused():
    delta = delta_between(snapshot(2), snapshot(3, p0=1.5))

    assert applied(snapshot(1), delta) is None


def test_a_delta_of_another_registry_is_refused():
    delta = delta_between(snapshot(), snapshot(2))

    assert applied(replace(snapshot(), registry_version=8), delta) is None


@pytest.mark.parametrize("body", [b"", b"\x93", b"<html>", encode(snapshot())[:-9]])
def test_other_bytes_are_a_snapshot_error(body: bytes):
    with pytest.raises(SnapshotError):
        decode_snapshot(body)


def test_a_delta_is_no_snapshot():
    with pytest.raises(SnapshotError, match="expected MarketSnapshot"):
        decode_snapshot(encode(delta_between(snapshot(), snapshot(2))))
