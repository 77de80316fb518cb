"""The market table: a local component, because thousands of live rows are the browser's work."""

from dataclasses import asdict
from typing import Any

import reflex as rx

from app.market.verdict import FLAG_SENTENCE, STATUS_SENTENCE, Status
from app.ui import rows, theme
from app.ui.components import browser, numbers  # noqa: F401 - their files are imported by the script
from app.ui.state.live import LiveState
from app.ui.state.market import MarketState
from app.ui.table_columns import COLUMNS

_SCRIPT = rx.asset("live_table.jsx", shared=True)
for _part in ("keyboard.js", "sorting.js", "table_head.jsx", "table_row.jsx", "table_store.js"):
    rx.asset(_part, shared=True)

WORDS = {
    "status": {
        status.value: {"word": status.word, "sentence": STATUS_SENTENCE[status]}
        for status in Status
    },
    "flags": [
        {"bit": flag.value, "sentence": sentence} for flag, sentence in FLAG_SENTENCE.items()
    ],
}
"""What the dot of a row says when it is pointed at."""


class LiveTable(rx.Component):
    """Shows the rows of the frames in `patch`; asks for what it misses."""

    library = _SCRIPT.importable_path
    tag = "LiveTable"
    lib_dependencies: list[str] = ["@tanstack/react-virtual@3.14.26"]  # noqa: RUF012 - Reflex reads it from here

    patch: rx.Var[dict[str, Any]]
    columns: rx.Var[dict[str, list[str]]]
    layout: rx.Var[list[dict[str, Any]]]
    words: rx.Var[dict[str, Any]]
    order: rx.Var[str]
    descending: rx.Var[bool]
    everything: rx.Var[bool]
    row_height: rx.Var[int]
    row_height_phone: rx.Var[int]
    phone: rx.Var[int]
    on_reach: rx.EventHandler[rx.event.passthrough_event_spec(int, int)]
    on_resync: rx.EventHandler[rx.event.no_args_event_spec]


def live_table() -> rx.Component:
    """The table of the view that is open."""
    return LiveTable.create(
        patch=LiveState.patch,
        columns={"live": list(rows.LIVE), "facts": list(rows.FACTS)},
        layout=[asdict(column) for column in COLUMNS],
        words=WORDS,
        order=MarketState.order,
        descending=MarketState.descending,
        everything=MarketState.everything,
        row_height=theme.ROW_HEIGHT,
        row_height_phone=theme.ROW_HEIGHT_PHONE,
        phone=theme.PHONE,
        on_reach=MarketState.reach,
        on_resync=MarketState.reopen,
    )
