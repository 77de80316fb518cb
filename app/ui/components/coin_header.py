"""The head of a coin page: who it is, what it costs, and how sure that is."""

import reflex as rx

from app.ui.components.browser import Flash, Logo
from app.ui.components.change import change
from app.ui.components.coin_receipt import why_button
from app.ui.components.links import link
from app.ui.components.notice import notice
from app.ui.components.receipt import DrawerTrigger
from app.ui.state.coin_facts import CoinFactsState

_COIN = CoinFactsState.coin


def coin_header() -> rx.Component:
    """Breadcrumb, name, price and status."""
    return rx.fragment(
        rx.el.div(
            rx.el.nav(
                link("Coins", to="/"),
                rx.el.span(" / ", aria_hidden="true"),
                rx.el.span(_COIN.name, aria_current="page"),
                class_name="crumbs",
                aria_label="Breadcrumb",
            ),
            notice(rx.fragment()),
            class_name="crumb-line",
        ),
        rx.el.div(
            rx.el.h1(
                Logo.create(logo=_COIN.logo, symbol=_COIN.symbol, size=36),
                rx.el.span(_COIN.name),
                rx.el.span(_COIN.symbol, class_name="coin-symbol"),
                rx.cond(_COIN.rank != "", rx.el.span(_COIN.rank, class_name="pill")),
                class_name="coin-title",
            ),
            rx.el.div(
                Flash.create(value=_COIN.value, text=_COIN.price, full=_COIN.price_in_full),
                change(_COIN.change, _COIN.direction),
                class_name="coin-price",
            ),
            _status(),
            why_button(),
            class_name="coin-head",
        ),
    )


def _status() -> rx.Component:
    return DrawerTrigger.create(
        rx.el.span(class_name=f"dot {_COIN.status}"),
        rx.el.span(_COIN.status),
        rx.el.span(_COIN.confidence),
        rx.el.span(_COIN.venues_counted),
        rx.el.span(_COIN.age),
        class_name="pill status-pill",
        title=_COIN.status_sentence,
    )
