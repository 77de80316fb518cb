"""The row of the ranked table, which also stands in an asset's own answer."""

from app.api.currencies import Currency
from app.api.encoding import Columns, records
from app.api.freshness import Moment, rfc3339
from app.api.table import Rows, Table


def market_rows(
    moment: Moment, rows: Rows, currency: Currency, *, sparkline: bool = False
) -> list[dict[str, object]]:
    """The assets as rows of `schemas.Row`, in the order given."""
    table = Table(moment, rows, currency)
    columns: Columns = {**_identity(table), **_prices(table), **_sizes(table)}
    if sparkline:
        columns["sparkline"] = table.sparks()
    return records(columns)


def _identity(table: Table) -> Columns:
    assets = table.assets
    return {
        "id": [asset.id for asset in assets],
        "symbol": [asset.symbol for asset in assets],
        "name": [asset.name for asset in assets],
        "rank": table.ranks(),
        "category": [asset.category or None for asset in assets],
        "logo": [asset.image or None for asset in assets],
    }


def _prices(table: Table) -> Columns:
    return {
        "price": table.money("price").tolist(),
        "conf": table.conf().tolist(),
        "status": table.statuses(),
        "flags": table.flags(),
        "sources": table.integers("sources"),
        "listed": table.integers("listed"),
        "updated": [rfc3339(time) for time in table.column("updated").tolist()],
        "change_1h": table.change("1h").tolist(),
        "change_24h": table.change("24h").tolist(),
        "change_7d": table.change("7d").tolist(),
        "high_24h": table.money("high_24h").tolist(),
        "low_24h": table.money("low_24h").tolist(),
    }


def _sizes(table: Table) -> Columns:
    return {
        "volume_24h": table.money("volume_24h").tolist(),
        "volume_reported": table.money("volume_reported").tolist(),
        "market_cap": table.money("market_cap").tolist(),
        "fully_diluted": table.diluted().tolist(),
        "circulating": table.column("circulating").tolist(),
        "total_supply": [asset.total for asset in table.assets],
        "max_supply": [asset.maximum for asset in table.assets],
    }
