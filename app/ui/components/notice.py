"""What must be said where prices are not of the live market, or are late."""

import reflex as rx

from app.ui.state.pulse import PulseState

_PULSE = PulseState.pulse


def notice(otherwise: rx.Component) -> rx.Component:
    """The notice in the place of `otherwise`, so that nothing moves when it appears."""
    return rx.cond(
        _PULSE.notice != "",
        rx.el.p(
            rx.icon("flask-conical", size=14),
            rx.el.span(_PULSE.notice),
            class_name="notice",
            role="note",
        ),
        otherwise,
    )


def late() -> rx.Component:
    """A line above the page's end while no new prices arrive."""
    return rx.cond(
        _PULSE.state == "late",
        rx.el.div(
            rx.el.div(
                f"No new prices for {_PULSE.age}: these are the last ones", class_name="offline"
            ),
            class_name="offline-place",
            role="status",
        ),
    )
