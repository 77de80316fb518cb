"""The panels beside the chart: why this price, the numbers, and a converter."""

import reflex as rx

from app.ui.coin import Fact
from app.ui.components.converter import Converter
from app.ui.state.coin_facts import CoinFactsState

_COIN = CoinFactsState.coin


def why_panel() -> rx.Component:
    """What the price is made of, in sentences."""
    return rx.el.section(
        rx.el.h2("Why ", _COIN.price, "?"),
        rx.foreach(_COIN.reasons, lambda sentence: rx.el.p(sentence)),
        class_name="panel side why",
        aria_label="Why this price",
    )


def facts_panel() -> rx.Component:
    """Market cap, supply and the other numbers."""
    return rx.el.section(
        rx.el.dl(rx.foreach(_COIN.facts, _fact)), class_name="panel side", aria_label="Statistics"
    )


def converter_panel() -> rx.Component:
    """From the coin to dollars and back."""
    return rx.el.section(
        rx.el.h2("Convert"),
        Converter.create(symbol=_COIN.symbol, value=_COIN.value),
        class_name="panel side",
        aria_label="Converter",
    )


def _fact(fact: rx.Var[Fact]) -> rx.Component:
    return rx.el.div(
        rx.el.dt(fact.label), rx.el.dd(fact.value, title=fact.title), class_name="fact"
    )
