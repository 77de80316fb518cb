"""Filters above the table and the pager below it; every choice becomes part of the address."""

import reflex as rx

from app.market.verdict import Status
from app.ui.address import PAGE_SIZES, SEARCH_LENGTH
from app.ui.components.browser import FilterBox
from app.ui.components.links import link
from app.ui.pager import PageLink
from app.ui.state.market import MarketState


def toolbar() -> rx.Component:
    """What is shown, and how much of it at once."""
    return rx.el.div(
        link("All", to="/", class_name=f"tab {rx.cond(MarketState.filtered, '', 'chosen')}"),
        *_filters(),
        rx.el.span(class_name="spring"),
        rx.el.span(MarketState.summary, class_name="summary desk-only", role="status"),
        _choice(
            "Rows",
            MarketState.per,
            MarketState.choose_per,
            *[rx.el.option(f"{size} rows", value=str(size)) for size in PAGE_SIZES],
            rx.el.option("All rows", value="all"),
        ),
        class_name="toolbar",
    )


def _filters() -> list[rx.Component]:
    statuses = [status.word for status in sorted(Status, reverse=True)]
    field = FilterBox.create(
        value=MarketState.search,
        label="Filter by name",
        longest=SEARCH_LENGTH,
        on_find=MarketState.find,
    )
    return [
        _choice(
            "Category",
            MarketState.category,
            MarketState.choose_category,
            rx.el.option("All categories", value=""),
            rx.foreach(MarketState.categories, lambda name: rx.el.option(name, value=name)),
        ),
        _choice(
            "Status",
            MarketState.status,
            MarketState.choose_status,
            rx.el.option("Any status", value=""),
            *[rx.el.option(status, value=status) for status in statuses],
        ),
        rx.el.label(rx.icon("filter", size=14), field, class_name="filter"),
    ]


def pager() -> rx.Component:
    """Links to the other pages; nothing where there is one page."""
    return rx.cond(
        MarketState.pages.length() > 0,
        rx.el.nav(
            rx.foreach(MarketState.pages, _page_link), class_name="pager", aria_label="Pages"
        ),
    )


def _page_link(page: rx.Var[PageLink]) -> rx.Component:
    return rx.cond(
        page.href != "",
        link(page.text, to=page.href, aria_label=page.label, class_name="page"),
        rx.el.span(
            page.text,
            class_name=rx.cond(page.current, "page chosen", "page off"),
            aria_current=rx.cond(page.current, "page", "false"),
        ),
    )


def _choice(label: str, value: rx.Var, on_change, *options: rx.Component) -> rx.Component:
    return rx.el.label(
        rx.el.span(label, class_name="for-readers"),
        rx.el.select(*options, value=value, on_change=on_change),
        rx.icon("chevron-down", size=14),
        class_name=f"select select-{label.lower()}",
    )
