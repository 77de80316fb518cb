"""A search result as the palette shows it."""

from dataclasses import dataclass

from app.ui import format
from app.ui.search import Found


@dataclass(frozen=True, slots=True)
class SearchLine:
    """One line; `href` is where Enter leads."""

    id: str
    name: str
    symbol: str
    logo: str
    rank: str
    price: str
    change: str
    direction: str
    href: str


def search_line(found: Found) -> SearchLine:
    """The texts of one found asset."""
    asset = found.asset
    return SearchLine(
        id=asset.id,
        name=asset.name,
        symbol=asset.symbol,
        logo=asset.logo,
        rank=f"#{found.rank}" if found.rank else "",
        price=format.price(found.price),
        change=format.percent(found.change_24h),
        direction=format.direction(found.change_24h),
        href=f"/coin/{asset.id}",
    )
