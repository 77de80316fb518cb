"""How good the market is, as its page shows it."""

import reflex as rx

from app.ui.live.binding import bound
from app.ui.quality import QualityTexts


class QualityState(rx.State):
    """Set when the page opens, then by a frame every two seconds."""

    quality: QualityTexts = QualityTexts()

    @rx.event
    async def open(self):
        """The page is current and stays so."""
        hub = bound().hub
        self.quality = hub.quality.now()
        await hub.watch_quality(self.router.session.session_id)
