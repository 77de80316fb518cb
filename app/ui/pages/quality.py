"""/quality: how good the market is now."""

import reflex as rx

from app.ui.components.browser import SeoSync
from app.ui.components.drawing import COMPONENTS
from app.ui.components.notice import notice
from app.ui.components.page import page
from app.ui.names import QUALITY
from app.ui.outlines.quality import LEAD, TITLE, quality_outline
from app.ui.state.quality import QualityState


def quality_page() -> rx.Component:
    """What is measured, live."""
    return page(
        SeoSync.create(ready=QualityState.quality.measured),
        rx.el.div(
            rx.el.h1(TITLE),
            notice(rx.el.p(LEAD, class_name="lead desk-only")),
            class_name="title-line",
        ),
        quality_outline(COMPONENTS, QualityState.quality),
        on_show=[QualityState.open],
        at=QUALITY,
    )
