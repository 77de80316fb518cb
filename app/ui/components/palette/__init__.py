"""Search from anywhere, by keyboard alone if one likes."""

import reflex as rx

from app.ui.components import browser  # noqa: F401 - its logo is imported by the script
from app.ui.search_lines import SearchLine
from app.ui.state.search import SearchState

_SCRIPT = rx.asset("palette.jsx", shared=True)


class Palette(rx.Component):
    """The dialog; closed until a key or a trigger opens it."""

    library = _SCRIPT.importable_path
    tag = "Palette"

    lines: rx.Var[list[SearchLine]]
    answered: rx.Var[str]
    on_search: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class SearchTrigger(rx.Component):
    """A button that opens the palette."""

    library = _SCRIPT.importable_path
    tag = "SearchTrigger"

    label: rx.Var[str]


def palette() -> rx.Component:
    """The search palette of a page."""
    return Palette.create(
        lines=SearchState.lines, answered=SearchState.answered, on_search=SearchState.look
    )
