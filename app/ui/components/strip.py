"""The line above everything: the whole market, and how old its prices are."""

import reflex as rx

from app.ui.components.change import change
from app.ui.components.theme_toggle import theme_toggle
from app.ui.state.pulse import PulseState

_PULSE = PulseState.pulse


def strip() -> rx.Component:
    """The global strip."""
    return rx.el.section(
        rx.el.div(
            _age(class_name="phone-only"),
            _fact("Coins", rx.el.b(_PULSE.coins), wide=True),
            _fact("Venues", rx.el.b(_PULSE.venues_live), f" of {_PULSE.venues} live", wide=True),
            _fact(
                rx.fragment(rx.el.span("Market cap", class_name="desk-only"), _short("Cap")),
                rx.el.b(_PULSE.market_cap),
                " ",
                change(_PULSE.cap_change, _PULSE.cap_direction),
            ),
            _fact(
                rx.fragment(rx.el.span("24h volume", class_name="desk-only"), _short("Vol")),
                rx.el.b(_PULSE.volume),
            ),
            _fact(
                rx.el.span("Dominance", class_name="desk-only"),
                rx.el.b("BTC ", _PULSE.bitcoin),
                rx.el.b(" ETH ", _PULSE.ethereum, class_name="desk-only"),
            ),
            rx.el.span(class_name="spring"),
            _age(class_name="desk-only"),
            rx.el.span("USD", class_name="currency", title="All prices are in US dollars"),
            theme_toggle(size=14, class_name="desk-only"),
            class_name="strip-line",
        ),
        class_name="strip",
        aria_label="The whole market",
    )


def _fact(label: rx.Component | str, *value, wide: bool = False) -> rx.Component:
    return rx.el.span(label, " ", *value, class_name="desk-only" if wide else "")


def _short(label: str) -> rx.Component:
    return rx.el.span(label, class_name="phone-only")


def _age(class_name: str) -> rx.Component:
    return rx.el.span(
        rx.el.span(class_name=f"dot {_PULSE.state}"),
        rx.el.span("Prices ", class_name="desk-only"),
        rx.el.span(_PULSE.age, class_name="age"),
        rx.el.span(" old", class_name="desk-only"),
        class_name=f"prices-age {class_name}",
        title="How long ago the newest prices were received",
    )
