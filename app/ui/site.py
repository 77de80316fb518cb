"""The pages of the site and what stands in the head of all of them."""

from functools import partial

import reflex as rx
from reflex.app import default_error_boundary

from app.ui.names import (
    COIN_DESCRIPTION,
    MARKETS_DESCRIPTION,
    MARKETS_TITLE,
    METHODOLOGY_DESCRIPTION,
    NAME,
    QUALITY_DESCRIPTION,
)
from app.ui.outlines import methodology, quality
from app.ui.pages.coin import coin_page
from app.ui.pages.markets import markets
from app.ui.pages.methodology import methodology_page
from app.ui.pages.not_found import not_found
from app.ui.pages.quality import quality_page
from app.ui.state.coin import CoinState
from app.ui.state.coin_facts import CoinFactsState
from app.ui.state.market import MarketState
from app.ui.state.pulse import PulseState
from app.ui.state.quality import QualityState
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
    add = partial(app.add_page, image="/favicon.svg")
    add(
        markets,
        route="/",
        title=MARKETS_TITLE,
        description=MARKETS_DESCRIPTION,
        on_load=[PulseState.open, MarketState.open],
    )
    add(
        coin_page,
        route="/coin/[asset]",
        title=f"{CoinFactsState.coin.title} | {NAME}",
        description=COIN_DESCRIPTION,
        on_load=[PulseState.open, CoinState.open],
    )
    add(
        quality_page,
        route="/quality",
        title=f"{quality.TITLE} | {NAME}",
        description=QUALITY_DESCRIPTION,
        on_load=[PulseState.open, QualityState.open],
    )
    add(
        methodology_page,
        route="/methodology",
        title=f"{methodology.TITLE} | {NAME}",
        description=METHODOLOGY_DESCRIPTION,
        on_load=PulseState.open,
    )
    add(
        not_found,
        route="404",
        title=f"Not found | {NAME}",
        on_load=PulseState.open,
    )
