"""The converter of a coin page; it counts in the browser, at the price that the page shows."""

import reflex as rx

from app.ui.components import numbers  # noqa: F401 - its file is imported by the script

_SCRIPT = rx.asset("converter.jsx", shared=True)


class Converter(rx.Component):
    """Two fields, one in the coin and one in USD."""

    library = _SCRIPT.importable_path
    tag = "Converter"

    symbol: rx.Var[str]
    value: rx.Var[float | None]
