"""The end of every page."""

import reflex as rx

from app.ui.components.links import away, link
from app.ui.names import DEVELOPERS


def footer() -> rx.Component:
    """Where numbers come from, and the names of others' work that is shown."""
    return rx.el.footer(
        rx.el.div(
            rx.el.p(
                "Each price is the weighted median of what independent venues quote, computed "
                "several times a second. Not investment advice."
            ),
            rx.el.p(
                link("How a price is made", to="/methodology"),
                " · ",
                link("Data quality", to="/quality"),
                " · ",
                away("API", to=DEVELOPERS),
                " · Charts by ",
                away("TradingView", to="https://www.tradingview.com/", rel="noopener"),
            ),
            class_name="footer-line",
        ),
        class_name="footer",
    )
