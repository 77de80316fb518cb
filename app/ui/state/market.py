"""Which view of the market table is open; the rows themselves come as frames."""

from dataclasses import replace
from urllib.parse import parse_qsl

import reflex as rx

from app.ui.address import ALL, SEARCH_LENGTH, Address, clamped, parsed, spelled
from app.ui.live.binding import bound
from app.ui.live.slices import blocks, slice_of_page
from app.ui.pager import PageLink, page_links


class MarketState(rx.State):
    """The address of the page, read and spelled in one place; the address is the only memory."""

    order: str = "rank"
    descending: bool = False
    page: int = 1
    per: str = "100"
    category: str = ""
    status: str = ""
    search: str = ""
    total: int = 0
    everything: bool = False
    """Whether the table is one list of all rows."""
    filtered: bool = False
    summary: str = ""
    pages: rx.Field[list[PageLink]] = rx.field(default_factory=list)
    categories: rx.Field[list[str]] = rx.field(default_factory=list)
    _range: tuple[int, int] = (0, 0)

    @rx.event
    async def open(self):
        """The view of the address is shown from its top."""
        self._range = (0, 0)
        await self._show()

    @rx.event
    async def reopen(self):
        """The view is whole and current again, at the rows that were read last."""
        await self._show()

    @rx.event
    async def reach(self, first: int, last: int):
        """In the list of everything, the rows around these positions are sent and stay current."""
        if not isinstance(first, int) or not isinstance(last, int):
            return
        self._range = (first, last)
        address = self._address()
        if address.per == ALL:
            slices = blocks(address.query, *self._range)
            await bound().hub.watch(self.router.session.session_id, slices, fresh=False)

    @rx.event
    def choose_category(self, category: str):
        """Only assets of that category; empty for all of them."""
        return self._redirect(replace(self._address(), category=category, page=1))

    @rx.event
    def choose_status(self, status: str):
        """Only prices of that status; empty for all of them."""
        return self._redirect(replace(self._address(), status=status, page=1))

    @rx.event
    def choose_per(self, per: str):
        """Pages of that size, or one list of everything."""
        chosen = parsed({"per": str(per)}, categories=())
        return self._redirect(replace(self._address(), per=chosen.per, page=1))

    @rx.event
    def find(self, text: str):
        """Only assets whose name or ticker has the text in it."""
        wanted = replace(self._address(), search=str(text)[:SEARCH_LENGTH].strip(), page=1)
        return self._redirect(wanted, replacing=True)

    @rx.event
    def clear(self):
        """The table without any filter."""
        return self._redirect(replace(self._address(), search="", category="", status="", page=1))

    async def _show(self) -> None:
        hub = bound().hub
        self.categories = hub.categories()
        wanted = self._address()
        self.total = hub.total(wanted.query)
        address = clamped(wanted, total=self.total)
        self.order, self.descending = address.order, address.descending
        self.page, self.everything = address.page, address.per == ALL
        self.per = "all" if self.everything else str(address.per)
        self.category, self.status, self.search = address.category, address.status, address.search
        self.filtered = bool(address.category or address.status or address.search)
        self.pages, self.summary = page_links(address, total=self.total)
        slices = (
            blocks(address.query, *self._range)
            if self.everything
            else [slice_of_page(address.query, page=address.page, per=address.per)]
        )
        await hub.watch(self.router.session.session_id, slices, fresh=True)

    def _address(self) -> Address:
        return parsed(self.router.url.query_parameters, categories=bound().hub.categories())

    def _redirect(self, address: Address, *, replacing: bool = False):
        # What arrived from outside is read back, so that only answerable views are addressed.
        asked = dict(parse_qsl(spelled(address).partition("?")[2]))
        known = parsed(asked, categories=bound().hub.categories())
        return rx.redirect(spelled(known), replace=replacing)
