"""The row of CoinGecko's table of markets: 26 keys, null where we have no number."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.api.coingecko.precision import rounding
from app.api.currencies import SPANS, Currency
from app.api.encoding import Columns, records
from app.api.freshness import Moment, rfc3339
from app.api.table import Rows, Table

Floats = NDArray[np.float64]

_UNMEASURED = (
    "market_cap_change_24h",
    "market_cap_change_percentage_24h",
    "ath",
    "ath_change_percentage",
    "ath_date",
    "atl",
    "atl_change_percentage",
    "atl_date",
    "roi",
)


def coin_rows(
    moment: Moment,
    rows: Rows,
    currency: Currency,
    *,
    precision: str,
    spans: Sequence[str],
    sparkline: bool,
) -> list[dict[str, object]]:
    """The coins as rows of `schemas.CoinRow`, in the order given."""
    table = Table(moment, rows, currency)
    columns: Columns = {
        **_identity(table),
        **_prices(table, precision),
        **_sizes(table),
        **_updated(moment, table),
        **_changes(table, spans),
        **{name: [None] * len(rows) for name in _UNMEASURED},
    }
    if sparkline:
        columns["sparkline_in_7d"] = [_known(closes) for closes in table.sparks()]
    return records(columns)


def _identity(table: Table) -> Columns:
    return {
        "id": [asset.id for asset in table.assets],
        "symbol": [asset.symbol.lower() for asset in table.assets],
        "name": [asset.name for asset in table.assets],
        "image": [asset.image for asset in table.assets],
        "market_cap_rank": table.ranks(),
    }


def _prices(table: Table, precision: str) -> Columns:
    price, change = table.money("price"), table.change("24h")
    rounded = rounding(precision)
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = price - price / (1 + change)
    return {
        "current_price": [rounded(number) for number in price.tolist()],
        "high_24h": [rounded(number) for number in table.money("high_24h").tolist()],
        "low_24h": [rounded(number) for number in table.money("low_24h").tolist()],
        "price_change_24h": [rounded(number) for number in moved.tolist()],
        "price_change_percentage_24h": _percent(change),
    }


def _sizes(table: Table) -> Columns:
    return {
        "market_cap": table.money("market_cap").tolist(),
        "fully_diluted_valuation": table.diluted().tolist(),
        "total_volume": table.money("volume_24h").tolist(),
        "circulating_supply": table.column("circulating").tolist(),
        "total_supply": [asset.total for asset in table.assets],
        "max_supply": [asset.maximum for asset in table.assets],
    }


def _updated(moment: Moment, table: Table) -> Columns:
    """Clients insist on a time, so an asset without one says when the answer was true."""
    answered = rfc3339(moment.snapshot.time)
    times = table.column("updated").tolist()
    return {"last_updated": [rfc3339(time) or answered for time in times]}


def _changes(table: Table, spans: Sequence[str]) -> Columns:
    unknown: list[object] = [None] * len(table.assets)
    return {
        f"price_change_percentage_{span}_in_currency": (
            _percent(table.change(span)) if span in SPANS else unknown
        )
        for span in spans
    }


def _percent(share: Floats) -> list[object]:
    return (share * 100).round(5).tolist()


def _known(closes: list[float | None] | None) -> dict[str, list[float]]:
    return {"price": [close for close in closes or () if close is not None]}
