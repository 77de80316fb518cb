"""The venues of a coin, each with its weight or the reason why it has none."""

import reflex as rx

from app.ui.coin_venues import VenueLine
from app.ui.state.coin_facts import CoinFactsState

_HEADS = ("Venue", "Price in USD", "From index", "Spread", "24h volume", "Age", "Weight")


def venues_table() -> rx.Component:
    """One line a market, the heaviest first."""
    lines = CoinFactsState.coin.venues
    return rx.el.section(
        rx.el.h2("Venues"),
        rx.el.table(
            rx.el.thead(rx.el.tr(*[rx.el.th(head, scope="col") for head in _HEADS])),
            rx.el.tbody(rx.foreach(lines, _line)),
            class_name="venues",
        ),
        rx.cond(lines.length() == 0, rx.el.p("No venue has been heard yet.", class_name="quiet")),
        class_name="panel venues-panel",
    )


def _line(line: rx.Var[VenueLine]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            rx.el.span(line.venue, class_name="venue"),
            " ",
            rx.el.span(line.pair, class_name="pair"),
            rx.cond(line.reason != "", rx.el.span(line.reason, class_name="reason")),
        ),
        rx.el.td(line.price, title=line.raw, class_name="price"),
        rx.el.td(line.from_index, class_name=rx.cond(line.off, "off", "")),
        rx.el.td(line.spread),
        rx.el.td(line.volume),
        rx.el.td(line.age),
        rx.el.td(
            rx.cond(
                line.share > 0,
                rx.el.span(
                    rx.el.span(style={"width": f"{line.share}%"}),
                    class_name="bar",
                    aria_hidden="true",
                ),
            ),
            rx.el.span(
                line.weight, class_name=rx.cond(line.share > 0, "weight", "weight excluded")
            ),
        ),
        key=line.key,
    )
