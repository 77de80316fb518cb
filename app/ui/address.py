"""What the address of the market page asks for: /?page=2&sort=price&dir=desc&q=…

Whatever a reader types is narrowed to something that has an answer; nothing here raises.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from app.market.verdict import Status
from app.market.view import ORDERS, Query, pages

PAGE_SIZES = (50, 100, 250)
ALL = 0
"""The page size that means one list of everything."""
PER_PAGE = 100
SEARCH_LENGTH = 64
PAGE_DIGITS = 6

ASCENDING_FIRST = frozenset({"rank", "name"})
"""Columns whose first click sorts upwards."""


@dataclass(frozen=True, slots=True)
class Address:
    """One view of the market page; the default is the address without a query."""

    order: str = "rank"
    descending: bool = False
    page: int = 1
    per: int = PER_PAGE
    category: str = ""
    status: str = ""
    search: str = ""

    @property
    def query(self) -> Query:
        """The rows that this view shows a part of."""
        return Query(
            order=self.order,
            descending=self.descending,
            category=self.category,
            status=self.status,
            search=self.search,
        )


def parsed(parameters: Mapping[str, str], *, categories: Collection[str]) -> Address:
    """The view that the parameters ask for; what is unknown is left at its default."""
    order = _one_of(parameters.get("sort", ""), ORDERS, "rank")
    upwards_first = order in ASCENDING_FIRST
    default = "asc" if upwards_first else "desc"
    return Address(
        order=order,
        descending=_one_of(parameters.get("dir", ""), ("asc", "desc"), default) == "desc",
        page=_page(parameters.get("page", "")),
        per=_per(parameters.get("per", "")),
        category=_one_of(parameters.get("category", ""), categories, ""),
        status=_one_of(parameters.get("status", ""), [status.word for status in Status], ""),
        search=parameters.get("q", "").strip()[:SEARCH_LENGTH],
    )


def clamped(address: Address, *, total: int) -> Address:
    """The same view with a page that exists among `total` rows."""
    if address.per == ALL:
        return replace(address, page=1)
    return replace(address, page=min(address.page, pages(total, per_page=address.per)))


def spelled(address: Address) -> str:
    """The shortest address that `parsed` turns into this view."""
    default = Address()
    upwards_first = address.order in ASCENDING_FIRST
    wanted = {
        "sort": address.order if address.order != default.order else "",
        "dir": ("desc" if address.descending else "asc")
        if address.descending == upwards_first
        else "",
        "q": address.search,
        "category": address.category,
        "status": address.status,
        "per": _per_word(address.per) if address.per != default.per else "",
        "page": str(address.page) if address.page != 1 else "",
    }
    query = urlencode({name: value for name, value in wanted.items() if value})
    return f"/?{query}" if query else "/"


def _one_of(text: str, accepted: Collection[str], default: str) -> str:
    return text if text in accepted else default


def _page(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > PAGE_DIGITS:
        return 1
    return max(1, int(text))


def _per(text: str) -> int:
    if text == _per_word(ALL):
        return ALL
    return int(text) if text in {str(size) for size in PAGE_SIZES} else PER_PAGE


def _per_word(per: int) -> str:
    return "all" if per == ALL else str(per)
