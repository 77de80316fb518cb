"""/methodology: the published method."""

import reflex as rx

from app.market.methodology import METHODOLOGY as METHOD
from app.ui.components.browser import SeoSync
from app.ui.components.drawing import COMPONENTS
from app.ui.components.page import page
from app.ui.names import METHODOLOGY
from app.ui.outlines.methodology import LEAD, TITLE, methodology_outline


def methodology_page() -> rx.Component:
    """The method, known when the pages are built."""
    return page(
        SeoSync.create(ready=True),
        rx.el.div(
            rx.el.h1(TITLE), rx.el.p(LEAD, class_name="lead desk-only"), class_name="title-line"
        ),
        methodology_outline(COMPONENTS, METHOD),
        on_show=[],
        at=METHODOLOGY,
    )
