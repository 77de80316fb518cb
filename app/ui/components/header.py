"""Name, ways through the site, and search; on a phone the ways are at the thumb."""

import reflex as rx

from app.ui.components.links import away, link
from app.ui.components.palette import SearchTrigger
from app.ui.components.theme_toggle import theme_toggle
from app.ui.names import DEVELOPERS, MARKETS, NAME, QUALITY, WAYS


def header(at: str) -> rx.Component:
    """The header of every page; `at` is the way that leads to this one."""
    return rx.el.header(
        rx.el.div(
            _name(),
            rx.el.nav(
                *[
                    link(words, to=to, class_name="nav-link", aria_current=_current(at, way))
                    for way, words, to in WAYS
                ],
                away("Developers", to=DEVELOPERS, class_name="nav-link"),
                class_name="nav desk-only",
                aria_label="Site",
            ),
            rx.el.span(class_name="spring"),
            SearchTrigger.create(
                rx.icon("search", size=15),
                rx.el.span("Search coins", class_name="desk-only"),
                rx.el.kbd("/", class_name="desk-only"),
                class_name="search-box",
                label="Search coins",
            ),
            theme_toggle(size=18, class_name="phone-only"),
            class_name="header-line",
        ),
        class_name="header",
    )


def phone_bar(at: str) -> rx.Component:
    """The bar at the bottom of a phone."""
    return rx.el.nav(
        link(
            rx.icon("chart-no-axes-column", size=20),
            "Markets",
            to="/",
            aria_current=_current(at, MARKETS),
        ),
        link(
            rx.icon("shield-check", size=20),
            "Quality",
            to="/quality",
            aria_current=_current(at, QUALITY),
        ),
        SearchTrigger.create(rx.icon("search", size=20), "Search", label="Search coins"),
        away(rx.icon("braces", size=20), "Developers", to=DEVELOPERS),
        class_name="phone-bar phone-only",
        aria_label="Site",
    )


def _current(at: str, way: str) -> str:
    return "page" if at == way else "false"


def _name() -> rx.Component:
    return link(
        rx.el.span(rx.icon("trending-up", size=16), class_name="mark"),
        rx.el.span(NAME, class_name="site-name"),
        to="/",
        class_name="site",
        aria_label=f"{NAME}, all coins",
    )
