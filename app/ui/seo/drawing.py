"""Outlines as HTML."""

from collections.abc import Callable, Iterable
from typing import Any

from app.ui.seo import parts
from app.ui.seo.html import Html, element, joined


class AsHtml:
    """Draws HTML out of the texts of this moment."""

    def el(self, tag: str, *children: Any, **attributes: Any) -> Html:
        """One element."""
        return element(tag, *children, **attributes)

    def each(self, lines: Iterable[Any], draw: Callable[[Any], Any]) -> Html:
        """Every line, one after the other."""
        return joined([draw(line) for line in lines])

    def when(self, shown: Any, node: Any, otherwise: Any = "") -> Any:
        """One of both."""
        return node if shown else otherwise

    def bar(self, percent: Any) -> Html:
        """A bar that is filled so far."""
        return element("span", element("span", style=f"width:{percent}%"), class_="bar")

    def logo(self, logo: Any, symbol: Any, size: int) -> Html:
        """A coin's logo or its first letter."""
        return parts.logo(logo, symbol, size)

    def copy_link(self, anchor: str, label: str) -> Html:
        """A plain link: copying needs a script."""
        return element("a", "#", href=f"#{anchor}", class_="copy-link", aria_label=label)


HTML = AsHtml()
