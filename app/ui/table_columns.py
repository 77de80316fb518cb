"""The columns of the market table, once for the browser and once for the first paint."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column; without `sort` it cannot be sorted by, without `width` it takes what is left."""

    key: str
    label: str
    sort: str = ""
    width: int = 0
    upwards: bool = False
    """Whether its first click sorts upwards."""


COLUMNS = (
    Column("rank", "#", "rank", 58, upwards=True),
    Column("name", "Name", "name", upwards=True),
    Column("price", "Price", "price", 132),
    Column("change_1h", "1h", "change_1h", 80),
    Column("change_24h", "24h", "change_24h", 86),
    Column("change_7d", "7d", "change_7d", 86),
    Column("volume_24h", "24h volume", "volume_24h", 102),
    Column("market_cap", "Market cap", "market_cap", 102),
    Column("circulating", "Circulating supply", "circulating", 138),
    Column("spark", "Last 7 days", "", 146),
    Column("sources", "Sources", "sources", 98),
)
