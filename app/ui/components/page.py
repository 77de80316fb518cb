"""The frame of every page: strip, header, what the page is about, and what helps everywhere."""

import reflex as rx

from app.ui.components.browser import Heartbeat, Presence, Typeface
from app.ui.components.footer import footer
from app.ui.components.header import header, phone_bar
from app.ui.components.links import away
from app.ui.components.notice import late
from app.ui.components.palette import palette
from app.ui.components.strip import strip
from app.ui.state.pulse import PulseState


def page(*content: rx.Component, on_show: list, at: str = "") -> rx.Component:
    """A page with this content; `on_show` happens when a hidden tab is looked at again.

    `at` is the way of the header that leads here.
    """
    return rx.fragment(
        Typeface.create(),
        away("Skip to content", to="#content", class_name="skip"),
        strip(),
        header(at),
        rx.el.main(*content, id="content"),
        footer(),
        phone_bar(at),
        palette(),
        late(),
        Heartbeat.create(beat=PulseState.pulse.beat),
        Presence.create(on_hide=PulseState.rest, on_show=[PulseState.open, *on_show]),
    )
