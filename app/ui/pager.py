"""The links under the table."""

from dataclasses import dataclass, replace

from app.market.view import pages
from app.ui import format
from app.ui.address import ALL, Address, spelled

AROUND = 1
"""Neighbours of the current page that are linked."""


@dataclass(frozen=True, slots=True)
class PageLink:
    """One link of the pager; without an address it is the current page or a gap."""

    text: str
    label: str
    href: str = ""
    current: bool = False


def page_links(address: Address, *, total: int) -> tuple[list[PageLink], str]:
    """The links, empty with a single page, and which rows are shown of how many."""
    if address.per == ALL or not total:
        return [], f"{format.count(total)} coins"
    count = pages(total, per_page=address.per)
    first = (address.page - 1) * address.per + 1
    last = min(total, first + address.per - 1)
    summary = f"{format.count(first)}–{format.count(last)} of {format.count(total)}"
    if count == 1:
        return [], summary
    numbers = sorted(
        {1, count}
        | {n for n in range(address.page - AROUND, address.page + AROUND + 1) if 0 < n <= count}
    )
    links = [_step(address, "‹", "Previous page", address.page - 1, count)]
    for before, number in zip([0, *numbers], numbers, strict=False):
        if number - before > 1:
            links.append(PageLink("…", "More pages"))
        links.append(_page(address, number))
    links.append(_step(address, "›", "Next page", address.page + 1, count))
    return links, summary


def _page(address: Address, number: int) -> PageLink:
    text = format.count(number)
    current = number == address.page
    href = "" if current else spelled(replace(address, page=number))
    return PageLink(text, f"Page {text}", href, current=current)


def _step(address: Address, text: str, label: str, number: int, count: int) -> PageLink:
    href = spelled(replace(address, page=number)) if 1 <= number <= count else ""
    return PageLink(text, label, href)
