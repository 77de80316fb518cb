"""The pages of the site and what stands in the head of all of them."""

import reflex as rx
from reflex.app import default_error_boundary

from app.ui.names import COIN_DESCRIPTION, MARKETS_DESCRIPTION, MARKETS_TITLE, NAME
from app.ui.pages.coin import coin_page
from app.ui.pages.markets import markets
from app.ui.pages.not_found import not_found
from app.ui.state.coin import CoinState
from app.ui.state.coin_facts import CoinFactsState
from app.ui.state.market import MarketState
from app.ui.state.pulse import PulseState
from app.ui.stylesheet import stylesheet


def head() -> list[rx.Component]:
    """Every rule of the site, in the page itself so that nothing is painted without it."""
    return [
        rx.el.meta(name="viewport", content="width=device-width, initial-scale=1"),
        rx.el.style(stylesheet()),
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
    ]


def wraps() -> dict:
    """What stands round every page: a net for errors, and none of Reflex's own notes.

    The site says by itself when the connection is lost.
    """
    return {(55, "ErrorBoundary"): lambda stateful: default_error_boundary()}


def add_pages(app: rx.App) -> None:
    """Every route of the site leads to its page."""
    app.add_page(
        markets,
        route="/",
        image="/favicon.svg",
        title=MARKETS_TITLE,
        description=MARKETS_DESCRIPTION,
        on_load=[PulseState.open, MarketState.open],
    )
    app.add_page(
        coin_page,
        route="/coin/[asset]",
        image="/favicon.svg",
        title=f"{CoinFactsState.coin.title} | {NAME}",
        description=COIN_DESCRIPTION,
        on_load=[PulseState.open, CoinState.open],
    )
    app.add_page(
        not_found,
        route="404",
        image="/favicon.svg",
        title=f"Not found | {NAME}",
        on_load=PulseState.open,
    )
