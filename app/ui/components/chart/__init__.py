"""The price chart: a local component round lightweight-charts by TradingView."""

import reflex as rx

from app.ui.components import numbers  # noqa: F401 - its file is imported by the script
from app.ui.state.coin_facts import CoinFactsState

_SCRIPT = rx.asset("chart.jsx", shared=True)
rx.asset("history.js", shared=True)


class Chart(rx.NoSSRComponent):
    """Fetches the history of `asset` and follows `value`."""

    library = _SCRIPT.importable_path
    tag = "Chart"
    alias = "PriceChart"
    lib_dependencies: list[str] = ["lightweight-charts@5.2.1"]  # noqa: RUF012 - Reflex reads it from here

    asset: rx.Var[str]
    name: rx.Var[str]
    time: rx.Var[float]
    value: rx.Var[float | None]


def chart() -> rx.Component:
    """The chart of the coin that is open."""
    coin = CoinFactsState.coin
    return Chart.create(asset=coin.id, name=coin.name, time=coin.time, value=coin.value)
