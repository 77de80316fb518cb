"""The four cards above the table."""

import reflex as rx

from app.ui.components.browser import Logo
from app.ui.components.change import change
from app.ui.components.links import link
from app.ui.pulse import Mover
from app.ui.state.pulse import PulseState

_PULSE = PulseState.pulse


def cards() -> rx.Component:
    """Gainers, losers, the most traded, and the state of the data."""
    return rx.el.div(
        _movers("Gainers", "24h", _PULSE.gainers),
        _movers("Losers", "24h", _PULSE.losers),
        _movers("Most traded", "24h volume", _PULSE.traded),
        _quality(),
        class_name="cards desk-only",
    )


def _card(title: str, note: str, *lines: rx.Component) -> rx.Component:
    return rx.el.section(
        rx.el.div(rx.el.h2(title), rx.el.span(note), class_name="card-head"),
        *lines,
        class_name="panel card",
    )


def _movers(title: str, note: str, movers: rx.Var[list[Mover]]) -> rx.Component:
    return _card(title, note, rx.foreach(movers, _mover))


def _mover(mover: rx.Var[Mover]) -> rx.Component:
    return rx.el.div(
        rx.cond(
            mover.id != "",
            link(
                Logo.create(logo=mover.logo, symbol=mover.symbol, size=18),
                rx.el.span(mover.name, class_name="coin-name"),
                to=f"/coin/{mover.id}",
                class_name="card-coin",
            ),
            rx.el.span(class_name="bone"),
        ),
        change(mover.text, mover.direction),
        class_name="card-line",
    )


def _quality() -> rx.Component:
    return _card(
        "Data quality now",
        "top 100",
        rx.el.div(
            rx.el.span("Median age of a price"),
            rx.el.b(_PULSE.freshness),
            class_name="card-line",
        ),
        rx.el.div(
            _count("ok", _PULSE.ok, "ok"),
            _count("degraded", _PULSE.degraded, "few sources"),
            _count("stale", _PULSE.stale, "stale"),
            class_name="card-line",
        ),
    )


def _count(status: str, number: rx.Var[str], words: str) -> rx.Component:
    return rx.el.span(
        rx.el.span(class_name=f"dot {status}"),
        number,
        " ",
        rx.el.span(words, class_name="dim"),
        title=words,
    )
