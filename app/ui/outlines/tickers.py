"""The page for a ticker that several coins have, and lists of coins that may be meant."""

from typing import Any

from app.ui.outlines.drawing import Drawing


def ambiguous_outline(drawing: Drawing, ticker: Any, candidates: Any) -> Any:
    """All coins under the ticker, to choose from."""
    el = drawing.el
    return el(
        "div",
        el("h1", ticker, " may mean…"),
        el(
            "p",
            "Several coins trade under this ticker. They are different things with different"
            " prices, so we do not guess which one you mean.",
            class_="lead-text",
        ),
        coins_outline(drawing, candidates),
        class_="ambiguous",
    )


def coins_outline(drawing: Drawing, candidates: Any) -> Any:
    """Name, rank, platform and price of each."""
    return drawing.el(
        "ul", drawing.each(candidates, lambda one: _candidate(drawing, one)), class_="candidates"
    )


def _candidate(drawing: Drawing, one: Any) -> Any:
    el = drawing.el
    words = el(
        "span",
        el("span", one.name, class_="coin-name"),
        el("span", one.symbol, class_="coin-symbol"),
        el("span", one.platform, class_="platform"),
        class_="candidate-words",
    )
    link = el(
        "a",
        drawing.logo(one.logo, one.symbol, 32),
        words,
        el("span", one.rank, class_="rank"),
        el("span", one.price, class_="price"),
        href=one.href,
    )
    return el("li", link)
