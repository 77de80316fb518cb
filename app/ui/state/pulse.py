"""The market in one line, as every page shows it."""

import reflex as rx

from app.ui.live.binding import bound
from app.ui.pulse import Pulse


class PulseState(rx.State):
    """Set when a page opens, then by a frame once a second."""

    pulse: Pulse = Pulse()

    @rx.event
    async def open(self):
        """The strip is current and stays so."""
        hub = bound().hub
        self.pulse = hub.pulse
        await hub.watch_pulse(self.router.session.session_id)

    @rx.event
    async def rest(self):
        """A hidden tab gets nothing until it opens its page again."""
        await bound().hub.leave(self.router.session.session_id)
