"""What the search palette has found."""

import asyncio

import reflex as rx

from app.ui.live.binding import bound
from app.ui.search import TEXT_MAX, found
from app.ui.search_lines import SearchLine, search_line

TYPING = 0.06
"""Seconds without another letter before an answer is looked for."""


class SearchState(rx.State):
    """The lines under the search box and the text that they answer."""

    lines: rx.Field[list[SearchLine]] = rx.field(default_factory=list)
    answered: str = ""

    @rx.event(supersedes=True)
    async def look(self, text: str):
        """The best matches for the text, once typing pauses; a newer text cancels this one."""
        await asyncio.sleep(TYPING)
        market = bound().hub.market
        wanted = str(text)[:TEXT_MAX]
        if market is not None:
            assets = found(wanted, registry=market.registry, snapshot=market.snapshot)
            self.lines = [search_line(asset) for asset in assets]
        self.answered = wanted
