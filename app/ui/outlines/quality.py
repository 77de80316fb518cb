"""The page about the market's quality."""

from typing import Any

from app.ui.outlines.drawing import Drawing
from app.ui.quality import NOT_COMPARED

TITLE = "Data quality"
LEAD = "How fresh, how complete and how far apart our sources are, measured once a second."

_VENUE_HEADS = (
    ("Venue", ""),
    ("State", ""),
    ("Weight", "Share of all votes on all coins"),
    ("Markets", "Markets that have ever sent a price"),
    ("Counted", "Markets with a weight"),
    ("Stale", "Markets older than their tier allows"),
    ("Outliers", "Markets beyond the gate"),
    ("Invalid", "Markets that sent a number that is no price"),
    ("Off index", "Median distance of its fresh markets from the index, in basis points"),
    ("Age", "Median age of its markets"),
)


def quality_outline(drawing: Drawing, texts: Any) -> Any:
    """Freshness, coverage, disputes, rejects, venues and events."""
    el = drawing.el
    return el(
        "div",
        el(
            "div",
            el("div", _freshness(drawing, texts), _counted(drawing, texts), class_="stacked"),
            _coverage(drawing, texts),
            class_="quality-cards",
        ),
        _disputes(drawing, texts),
        _rejects(drawing, texts),
        _venues(drawing, texts),
        _sources(drawing, texts),
        _events(drawing, texts),
        class_="quality",
    )


def _panel(drawing: Drawing, heading: str, note: Any, *content: Any, id: str) -> Any:
    el = drawing.el
    head = el("div", el("h2", heading), el("span", note, class_="dim"), class_="panel-head")
    return el("section", head, *content, class_="panel quality-panel", id=id)


def _heads(drawing: Drawing, *heads: tuple[str, str]) -> Any:
    el = drawing.el
    return el(
        "thead",
        el(
            "tr",
            *[
                el("th", words, scope="col", title=title) if title else el("th", words, scope="col")
                for words, title in heads
            ],
        ),
    )


def _freshness(drawing: Drawing, texts: Any) -> Any:
    el = drawing.el

    def line(ages: Any) -> Any:
        cells = (ages.p50, ages.p95, ages.p99)
        return el("tr", el("th", ages.label, scope="row"), *[el("td", cell) for cell in cells])

    heads = _heads(drawing, ("Prices", ""), ("Median", ""), ("95 %", ""), ("99 %", ""))
    table = el(
        "table", heads, el("tbody", drawing.each(texts.ages, line)), class_="figures ages-table"
    )
    note = "youngest quote behind each price"
    return _panel(drawing, "Age of prices", note, table, id="freshness")


def _coverage(drawing: Drawing, texts: Any) -> Any:
    el = drawing.el

    def line(one: Any) -> Any:
        dot = drawing.when(one.dot != "", el("span", class_=f"dot {one.dot}"), _nothing(drawing))
        return el(
            "tr",
            el("th", dot, one.label, scope="row"),
            el("td", one.all),
            el("td", one.all_share, class_="share"),
            el("td", one.major),
            el("td", one.major_share, class_="share"),
        )

    heads = _heads(drawing, ("Coins", ""), ("All", ""), ("%", ""), ("Majors", ""), ("%", ""))
    body = el("tbody", drawing.each(texts.coverage, line))
    table = el("table", heads, body, class_="figures coverage-table")
    note = "the majors are the largest coins"
    return _panel(drawing, "Coverage", note, table, id="coverage")


def _counted(drawing: Drawing, texts: Any) -> Any:
    el = drawing.el
    lines = (
        ("Markets that quote", texts.markets),
        ("with a weight", texts.counted, " (", texts.counted_share, ")"),
    )
    facts = [el("div", el("dt", label), el("dd", *value), class_="fact") for label, *value in lines]
    return _panel(drawing, "Markets", "", el("dl", *facts, class_="quality-facts"), id="markets")


def _disputes(drawing: Drawing, texts: Any) -> Any:
    el = drawing.el
    heads = _heads(
        drawing,
        ("Coin", ""),
        ("Status", ""),
        ("Last agreed price", ""),
        ("Age", ""),
        ("24h volume", ""),
    )
    body = el("tbody", drawing.each(texts.concerns, lambda one: _dispute(drawing, one)))
    more = drawing.when(
        texts.concerns_more != "", el("p", texts.concerns_more, class_="quiet"), _nothing(drawing)
    )
    nothing = el("p", "No price is in dispute or held.", class_="quiet")
    table = el("div", el("table", heads, body, class_="wide disputes"), more)
    return _panel(
        drawing,
        "In dispute or held now",
        texts.concerned,
        _or_waiting(drawing, texts, drawing.when(texts.concerned == "0", nothing, table)),
        id="disputes",
    )


def _dispute(drawing: Drawing, one: Any) -> Any:
    el = drawing.el
    coin = el(
        "a",
        drawing.logo(one.logo, one.symbol, 20),
        el("span", one.name, class_="coin-name"),
        el("span", one.symbol, class_="coin-symbol"),
        href=one.href,
        class_="dispute-coin",
    )
    return el(
        "tr",
        el("td", coin, el("span", one.why, class_="reason")),
        el("td", el("span", class_=f"dot {one.status}"), one.status, class_="status-cell"),
        el("td", one.price, class_="price"),
        el("td", one.age),
        el("td", one.volume),
    )


def _rejects(drawing: Drawing, texts: Any) -> Any:
    el = drawing.el

    def line(one: Any) -> Any:
        return el(
            "tr",
            el(
                "td",
                el("a", one.rule, href=one.href, class_="rule"),
                el("span", one.sentence, class_="sentence"),
                el("code", one.key),
            ),
            el("td", one.markets),
            el("td", one.share),
            el("td", one.assets),
        )

    heads = _heads(
        drawing,
        ("Rule and reason", ""),
        ("Markets", ""),
        ("Share", "Of the markets that quote"),
        ("Coins", ""),
    )
    table = el(
        "table", heads, el("tbody", drawing.each(texts.rejects, line)), class_="wide rejects"
    )
    return _panel(
        drawing,
        "What is noticed, by rule",
        "markets and coins that carry each flag now",
        _or_waiting(drawing, texts, table),
        id="rejects",
    )


def _venues(drawing: Drawing, texts: Any) -> Any:
    el = drawing.el

    def line(one: Any) -> Any:
        counts = (one.markets, one.counted, one.stale, one.outliers, one.invalid, one.off, one.age)
        return el(
            "tr",
            el("td", one.venue, class_="venue"),
            el("td", el("span", class_=f"dot {one.dot}"), one.state, class_="status-cell"),
            el("td", drawing.bar(one.filled), el("span", one.weight, class_="weight")),
            *[el("td", cell) for cell in counts],
        )

    body = el("tbody", drawing.each(texts.venues, line))
    table = el("table", _heads(drawing, *_VENUE_HEADS), body, class_="wide venue-matrix")
    frame = el("div", table, class_="scrolled", tabindex="0", role="region", aria_label="Venues")
    return _panel(
        drawing,
        "Venues beside each other",
        "the heaviest first",
        _or_waiting(drawing, texts, frame),
        id="venues",
    )


def _sources(drawing: Drawing, texts: Any) -> Any:
    el = drawing.el

    def line(one: Any) -> Any:
        cells = (one.compared, one.median, one.p95, one.beyond)
        return el("tr", el("td", one.key, class_="venue"), *[el("td", cell) for cell in cells])

    heads = _heads(
        drawing,
        ("Source", ""),
        ("Coins", "Coins that it knows as well"),
        ("Median", "Half of its prices are nearer to ours"),
        ("95 %", "95 % of its prices are nearer to ours"),
        ("Too far", "Prices farther away than their tier allows"),
    )
    body = el("tbody", drawing.each(texts.sources, line))
    table = el("table", heads, body, class_="wide sources-table")
    shown = drawing.when(
        texts.comparison == NOT_COMPARED,
        el("p", "Our prices have not been compared with independent sources yet.", class_="quiet"),
        table,
    )
    return _panel(
        drawing,
        "Beside sources that are not inputs",
        texts.comparison,
        _or_waiting(drawing, texts, shown),
        id="independent",
    )


def _events(drawing: Drawing, texts: Any) -> Any:
    el = drawing.el

    def line(one: Any) -> Any:
        return el(
            "li",
            el("span", one.time, class_="dim"),
            el("b", one.what),
            el("a", one.asset, href=one.href),
            el("span", one.reason),
        )

    events = el("ul", drawing.each(texts.events, line), class_="events")
    shown = drawing.when(
        texts.events_note != "", el("p", texts.events_note, class_="quiet"), events
    )
    return _panel(
        drawing,
        "Breaker and corrections",
        el("a", "the whole ledger as data", href="/api/v1/events", class_="more"),
        _or_waiting(drawing, texts, shown),
        id="events",
    )


def _or_waiting(drawing: Drawing, texts: Any, shown: Any) -> Any:
    waiting = drawing.el("p", "Measuring…", class_="quiet")
    return drawing.when(texts.measured, shown, waiting)


def _nothing(drawing: Drawing) -> Any:
    return drawing.el("span")
