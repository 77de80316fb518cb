"""/coin/[asset]: one coin, its price, and why."""

import reflex as rx

from app.ui.components.browser import SeoSync
from app.ui.components.chart import chart
from app.ui.components.coin_header import coin_header
from app.ui.components.coin_panels import converter_panel, facts_panel, why_panel
from app.ui.components.coin_receipt import receipt_drawer
from app.ui.components.coin_venues import venues_table
from app.ui.components.drawing import COMPONENTS
from app.ui.components.page import page
from app.ui.outlines.tickers import ambiguous_outline, coins_outline
from app.ui.pages.not_found import nothing_here
from app.ui.state.coin import CoinState
from app.ui.state.coin_facts import CoinFactsState


def coin_page() -> rx.Component:
    """The page of a coin, of the coins under a ticker, or one that says there is none."""
    shown = CoinState.missing | (CoinState.ticker != "") | (CoinFactsState.coin.id != "")
    return page(
        SeoSync.create(ready=shown),
        rx.cond(
            CoinState.missing | (CoinState.ticker != ""),
            _no_coin(),
            rx.el.div(
                coin_header(),
                rx.el.div(
                    rx.el.div(
                        rx.el.div(chart(), class_name="chart-place"),
                        venues_table(),
                        class_name="coin-main",
                    ),
                    rx.el.aside(
                        why_panel(), facts_panel(), converter_panel(), class_name="coin-side"
                    ),
                    class_name="coin-columns",
                ),
                receipt_drawer(),
                class_name=rx.cond(CoinFactsState.coin.id == "", "coin loading", "coin"),
            ),
        ),
        on_show=[CoinState.open],
    )


def _no_coin() -> rx.Component:
    near = rx.el.div(
        rx.el.p("Did you mean"), coins_outline(COMPONENTS, CoinState.near), class_name="near"
    )
    return rx.cond(
        CoinState.missing,
        nothing_here(
            "There is no coin of that name here.", rx.cond(CoinState.near.length() > 0, near)
        ),
        ambiguous_outline(COMPONENTS, CoinState.ticker, CoinState.candidates),
    )
