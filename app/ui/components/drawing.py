"""Outlines as components, whose texts are variables of a state or known when pages are built."""

from collections.abc import Callable, Iterable
from typing import Any

import reflex as rx

from app.ui.components.browser import CopyLink, Logo
from app.ui.components.links import away, link

_OF_THE_BROWSER = ("#", "/api", "http")
"""Addresses that no page of this site has."""


class AsComponents:
    """Draws Reflex components."""

    def el(self, tag: str, *children: Any, **attributes: Any) -> rx.Component:
        """One element."""
        named = {"class_name" if key == "class_" else key: attributes[key] for key in attributes}
        if tag != "a":
            return getattr(rx.el, tag)(*children, **named)
        href = named.pop("href")
        leave = isinstance(href, str) and href.startswith(_OF_THE_BROWSER)
        return (away if leave else link)(*children, to=href, **named)

    def each(self, lines: Iterable[Any], draw: Callable[[Any], Any]) -> Any:
        """A loop where the lines are a variable, else every line."""
        if isinstance(lines, rx.Var):
            return rx.foreach(lines, draw)
        return rx.fragment(*[draw(line) for line in lines])

    def when(self, shown: Any, node: Any, otherwise: Any = "") -> Any:
        """A choice that is made anew when `shown` changes."""
        return rx.cond(shown, node, otherwise)

    def bar(self, percent: Any) -> rx.Component:
        """A bar that is filled so far."""
        filled = rx.el.span(style={"width": f"{percent}%"})
        return rx.el.span(filled, class_name="bar", aria_hidden="true")

    def logo(self, logo: Any, symbol: Any, size: int) -> rx.Component:
        """A coin's logo or its first letter."""
        return Logo.create(logo=logo, symbol=symbol, size=size)

    def copy_link(self, anchor: str, label: str) -> rx.Component:
        """A link that is also copied."""
        return CopyLink.create(anchor=anchor, label=label)


COMPONENTS = AsComponents()
