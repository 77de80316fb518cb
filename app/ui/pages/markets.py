"""/: the whole market in one table."""

import reflex as rx

from app.ui.components.cards import cards
from app.ui.components.live_table import live_table
from app.ui.components.notice import notice
from app.ui.components.page import page
from app.ui.components.toolbar import pager, toolbar
from app.ui.names import MARKETS
from app.ui.state.market import MarketState
from app.ui.state.pulse import PulseState

_PULSE = PulseState.pulse


def markets() -> rx.Component:
    """The market page."""
    return page(
        _title(),
        cards(),
        toolbar(),
        live_table(),
        pager(),
        on_show=[MarketState.reopen],
        at=MARKETS,
    )


def _title() -> rx.Component:
    words = rx.el.p(
        rx.el.b(_PULSE.coins),
        " coins, one cross-checked price each, from ",
        rx.el.b(_PULSE.venues),
        " venues. Open a coin to see how its price was made.",
        class_name="lead desk-only",
    )
    return rx.el.div(rx.el.h1("Cryptocurrency prices"), notice(words), class_name="title-line")
