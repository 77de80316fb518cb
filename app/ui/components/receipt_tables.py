"""The two tables of a receipt: votes, and markets that were left out."""

import reflex as rx

from app.ui.components.links import away
from app.ui.receipt_lines import ContributorLine, RejectionLine
from app.ui.state.receipt import ReceiptState

_RECEIPT = ReceiptState.receipt
_VOTES = ("Venue", "Said", "In USD", "Quote", "Weight before → after the cap")
_LEFT_OUT = ("Venue", "In USD", "Rule", "Why")


def contributors_table() -> rx.Component:
    """One line a vote, the heaviest first."""
    lines = _RECEIPT.contributors
    return rx.el.section(
        rx.el.h3("Votes"),
        rx.cond(
            lines.length() > 0,
            _table("votes", _VOTES, rx.foreach(lines, _vote)),
            rx.el.p("No operator's price counts at this moment.", class_name="quiet"),
        ),
        class_name="panel receipt-panel",
        aria_label="Votes",
    )


def rejections_table() -> rx.Component:
    """One line a market without a vote, or whose vote lies outside the gate."""
    lines = _RECEIPT.rejections
    return rx.el.section(
        rx.el.h3("Left out or outside the gate ", rx.el.span(_RECEIPT.rejected, class_name="dim")),
        rx.cond(
            lines.length() > 0,
            _table("left-out", _LEFT_OUT, rx.foreach(lines, _left_out)),
            rx.el.p("Nobody: every market of this coin counts.", class_name="quiet"),
        ),
        class_name="panel receipt-panel",
        aria_label="Left out",
    )


def _table(name: str, heads: tuple[str, ...], rows: rx.Component) -> rx.Component:
    return rx.el.table(
        rx.el.thead(rx.el.tr(*[rx.el.th(head, scope="col") for head in heads])),
        rx.el.tbody(rows),
        class_name=f"receipt-table {name}",
    )


def _vote(line: rx.Var[ContributorLine]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            _who(line),
            rx.cond(line.note != "", rx.el.span(line.note, class_name="note")),
        ),
        _two(line.raw, line.conversion),
        _two(line.price, line.distance, off=line.outside),
        _two(line.age, line.spread),
        rx.el.td(
            rx.el.span(
                rx.el.span(class_name="before", style={"width": f"{line.before}%"}),
                rx.el.span(class_name="after", style={"width": f"{line.after}%"}),
                class_name="two-bars",
                aria_hidden="true",
            ),
            rx.el.span("Weight ", class_name="dim phone-only"),
            rx.el.span(f"{line.weight_before} → ", class_name="dim"),
            rx.el.span(line.weight, class_name="weight"),
            class_name="weights",
        ),
        key=line.key,
    )


def _left_out(line: rx.Var[RejectionLine]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(_who(line)),
        rx.el.td(line.price, class_name="price"),
        rx.el.td(away(line.rule, to=line.href, class_name="rule", aria_label=f"Rule {line.rule}")),
        rx.el.td(
            rx.el.span(line.reason, class_name="reason-of"),
            rx.cond(line.measured != "", rx.el.span(line.measured, class_name="second")),
        ),
        key=line.key,
    )


def _who(line: rx.Var[ContributorLine] | rx.Var[RejectionLine]) -> rx.Component:
    return rx.fragment(
        rx.el.span(line.venue, class_name="venue"), rx.el.span(line.pair, class_name="second")
    )


def _two(
    first: rx.Var[str], second: rx.Var[str], *, off: rx.Var[bool] | bool = False
) -> rx.Component:
    return rx.el.td(
        rx.el.span(first, class_name="first"),
        rx.el.span(second, class_name=rx.cond(off, "second off", "second")),
    )
