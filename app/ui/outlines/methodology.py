"""The page about the method, out of the constants that the code uses."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.market.methodology import FlagMeaning, Methodology, StatusMeaning
from app.market.numbers import Number
from app.market.rules import Rule, dollars, factor, share
from app.market.tiers import Limits
from app.ui.outlines.drawing import Drawing

TITLE = "How a price is made"
LEAD = "One asset, one price, from venues that may be late, wrong, manipulated or dead."

TABLES = (
    ("tiers", "Tiers"),
    ("statuses", "Statuses"),
    ("flags", "Flags"),
)
"""Anchor and heading of what follows the rules."""


@dataclass(frozen=True, slots=True)
class _Limit:
    """One row of the table of tiers."""

    sign: str
    words: str
    text: Callable[[Limits], str]


def _seconds(value: float) -> str:
    return f"{value:,.0f} s"


_LIMITS = (
    _Limit("τ0", "a quote counts in full up to this age", lambda row: _seconds(row.fresh)),
    _Limit("h", "then its weight halves every", lambda row: _seconds(row.half_life)),
    _Limit("age_max", "and is nothing beyond this age", lambda row: _seconds(row.age_max)),
    _Limit("g_min", "narrowest gate for outliers", lambda row: share(row.gate_min)),
    _Limit("g_max", "widest gate", lambda row: share(row.gate_max)),
    _Limit("j", "a larger step needs confirmation", lambda row: share(row.jump)),
    _Limit("hold", "and is held back for so long", lambda row: _seconds(row.hold)),
)


def methodology_outline(drawing: Drawing, method: Methodology) -> Any:
    """Contents, rules, and the tables of tiers, statuses and flags."""
    el = drawing.el
    return el(
        "div",
        _contents(drawing, method),
        el(
            "article",
            _introduction(drawing, method),
            *[_rule(drawing, rule) for rule in method.rules],
            _section(drawing, *TABLES[0], _tiers(drawing, method)),
            _section(drawing, *TABLES[1], _statuses(drawing, method.statuses)),
            _section(drawing, *TABLES[2], _flags(drawing, method.flags)),
            class_="document",
        ),
        class_="document-columns",
    )


def _contents(drawing: Drawing, method: Methodology) -> Any:
    el = drawing.el
    rules = [
        el("a", el("span", rule.code, class_="code"), rule.name, href=f"#{rule.code.lower()}")
        for rule in method.rules
    ]
    tables = [el("a", heading, href=f"#{anchor}") for anchor, heading in TABLES]
    items = [el("li", item) for item in (*rules, *tables)]
    return el("nav", el("ul", *items), class_="contents", aria_label="Contents")


def _introduction(drawing: Drawing, method: Methodology) -> Any:
    el = drawing.el
    return el(
        "div",
        el(
            "p",
            "This is version ",
            el("b", method.version),
            " of the method. Every number on this page is the constant that the program uses, so"
            " the words cannot drift from the code. The same is answered as data at ",
            el("a", "/api/v1/methodology", href="/api/v1/methodology"),
            ", and how well it works at this moment is shown under ",
            el("a", "data quality", href="/quality"),
            ".",
        ),
        el(
            "p",
            "The market is computed anew several times a second by a pure function: the same"
            " inputs, state and time give the same bits. The rules are applied in this order.",
        ),
        class_="introduction",
    )


def _section(drawing: Drawing, anchor: str, heading: str, *content: Any) -> Any:
    el = drawing.el
    link = drawing.copy_link(anchor, f"Copy the link to {heading}")
    return el("section", el("h2", heading, link), *content, id=anchor)


def _rule(drawing: Drawing, rule: Rule) -> Any:
    el = drawing.el
    anchor = rule.code.lower()
    heading = el(
        "h2",
        el("span", rule.code, class_="code"),
        el("span", rule.name),
        drawing.copy_link(anchor, f"Copy the link to {rule.code} {rule.name}"),
    )
    more = []
    if rule.flags:
        flags = [el("a", word, href=f"#{word}", class_="flag") for word in rule.flags]
        more.append(el("p", el("span", "Raises", class_="dim"), *flags, class_="raises"))
    if rule.numbers:
        more.append(_numbers(drawing, rule.numbers))
    text = [el("p", paragraph) for paragraph in rule.text]
    return el("section", heading, *text, *more, id=anchor)


def _numbers(drawing: Drawing, numbers: tuple[Number, ...]) -> Any:
    el = drawing.el
    rows = [
        el(
            "tr",
            el("td", written(number), class_="value"),
            el("td", number.meaning),
            el("td", el("code", number.name)),
        )
        for number in numbers
    ]
    return el("table", el("tbody", *rows), class_="numbers")


def written(number: Number) -> str:
    """A constant as the page shows it: 7.413, 0.01 %, × 1.5, $100,000, 3,600 s."""
    if number.unit == "share":
        return share(number.value)
    if number.unit == "ln":
        return f"× {factor(number.value)}"
    if number.unit == "USD":
        return dollars(number.value)
    unit = "" if number.unit == "count" else f" {number.unit}"
    return f"{number.value:,.6g}{unit}"


def _tiers(drawing: Drawing, method: Methodology) -> Any:
    el = drawing.el
    names = [el("th", tier.name, scope="col") for tier in method.tiers]
    rows = [
        el(
            "tr",
            el(
                "th",
                el("span", limit.sign, class_="sign"),
                el("span", limit.words, class_="words"),
                scope="row",
            ),
            *[el("td", limit.text(tier.limits)) for tier in method.tiers],
        )
        for limit in _LIMITS
    ]
    corner = el("th", el("span", "Limit", class_="for-readers"), scope="col")
    return el(
        "table",
        el("thead", el("tr", corner, *names)),
        el("tbody", *rows),
        class_="tiers",
    )


def _statuses(drawing: Drawing, statuses: tuple[StatusMeaning, ...]) -> Any:
    el = drawing.el
    lines = [
        (
            el("dt", el("span", class_=f"dot {one.word}"), el("code", one.word)),
            el("dd", one.sentence),
        )
        for one in statuses
    ]
    return el("dl", *[el("div", *line) for line in lines], class_="meanings")


def _flags(drawing: Drawing, flags: tuple[FlagMeaning, ...]) -> Any:
    el = drawing.el
    lines = [
        el(
            "div",
            el(
                "dt",
                el("code", one.word),
                el("a", one.rule, href=f"#{one.rule.lower()}", class_="rule"),
            ),
            el("dd", one.sentence),
            id=one.word,
        )
        for one in flags
    ]
    return el("dl", *lines, class_="meanings")
