"""The page for addresses that lead nowhere."""

import reflex as rx

from app.ui.components.browser import SeoSync
from app.ui.components.links import link
from app.ui.components.page import page
from app.ui.components.palette import SearchTrigger


def not_found() -> rx.Component:
    """404."""
    return page(
        SeoSync.create(ready=True), nothing_here("There is no page at this address."), on_show=[]
    )


def nothing_here(sentence: str, *more: rx.Component) -> rx.Component:
    """What was looked for is not there, `more` about it, and two ways on."""
    return rx.el.div(
        rx.el.p("404", class_name="lost-number"),
        rx.el.h1(sentence),
        *more,
        rx.el.div(
            link("All coins", to="/", class_name="button"),
            SearchTrigger.create("Search", class_name="button", label="Search coins"),
            class_name="lost-ways",
        ),
        class_name="lost",
    )
