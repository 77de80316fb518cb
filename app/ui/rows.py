"""The rows of the market table as browsers get them: plain lists, rounded as they are shown."""

from collections.abc import Sequence
from math import isfinite
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.market.registry import Asset
from app.market.snapshot import MarketSnapshot
from app.ui.spark import Spark

Floats = NDArray[np.float64]
Row: TypeAlias = list[Any]

LIVE = (
    "price",
    "change_1h",
    "change_24h",
    "change_7d",
    "market_cap",
    "volume_24h",
    "rank",
    "sources",
    "listed",
    "status",
    "flags",
)
"""Columns that change while a reader looks, the restless ones first: a row that changed only
in its first columns is sent as a shorter list."""

FACTS = ("name", "symbol", "logo", "circulating", "spark", "spark_way")
"""Columns that are sent once a row."""

_SHARE_PLACES = 4
_MONEY_DIGITS = 5


def shown(snapshot: MarketSnapshot, numbers: NDArray[np.int64]) -> Floats:
    """The live columns of these assets, one row each, rounded to what is written on the page."""
    columns = {name: snapshot.columns[name][numbers].astype(np.float64) for name in LIVE}
    columns["price"] = rounded_price(columns["price"])
    for name in ("change_1h", "change_24h", "change_7d"):
        columns[name] = np.round(columns[name], _SHARE_PLACES)
    for name in ("market_cap", "volume_24h"):
        columns[name] = _significant(columns[name])
    return np.column_stack([columns[name] for name in LIVE])


def rounded_price(price: Floats) -> Floats:
    """Prices with as many decimals as `format.price` writes."""
    with np.errstate(divide="ignore", invalid="ignore"):
        exponent = np.floor(np.log10(np.abs(price)))
        places = np.select(
            [exponent >= 1, exponent == 0, exponent >= -2], [2.0, 4.0, 6.0], 3.0 - exponent
        )
        scale = 10.0**places
        rounded = np.round(price * scale) / scale
    return np.where(np.isfinite(rounded), rounded, price)


def listed(values: Floats, cells: int = len(LIVE)) -> Row:
    """One row of `shown` as JSON can carry it: None for the unknown, whole numbers whole."""
    return [
        None if not isfinite(value) else int(value) if value.is_integer() else value
        for value in values[:cells].tolist()
    ]


def changes(ids: Sequence[str], before: Floats, after: Floats) -> dict[str, Row]:
    """Rows that differ, each cut off behind its last changed column; NaN equals NaN."""
    differs = (before != after) & ~(np.isnan(before) & np.isnan(after))
    cells = np.where(differs.any(axis=1), len(LIVE) - np.argmax(differs[:, ::-1], axis=1), 0)
    return {ids[row]: listed(after[row], int(cells[row])) for row in np.flatnonzero(cells)}


def facts(asset: Asset, spark: Spark) -> Row:
    """What a row shows beside its live columns, in the order of FACTS."""
    circulating = asset.circulating if np.isfinite(asset.circulating) else None
    return [asset.name, asset.symbol, asset.logo, circulating, spark.path, spark.way]


def _significant(values: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        exponent = np.floor(np.log10(np.abs(values)))
        scale = 10.0 ** (exponent - (_MONEY_DIGITS - 1))
        rounded = np.round(values / scale) * scale
    # Above one unit a multiple of a power of ten is whole, below it two decimals are shown.
    rounded = np.where(scale >= 1, np.round(rounded), np.round(rounded, 2))
    return np.where(np.isfinite(rounded), rounded, values)
