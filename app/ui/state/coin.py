"""Which coin page is open."""

import reflex as rx

from app.ui.coin import Coin
from app.ui.live.binding import bound
from app.ui.state.coin_facts import CoinFactsState

ID_MAX = 120
"""No asset has a longer id."""


class CoinState(rx.State):
    """Whether the address names a coin at all."""

    missing: bool = False

    @rx.event
    async def open(self):
        """The coin of the address is shown and stays current, or the page says there is none."""
        hub = bound().hub
        id_ = self.router.url.path.rstrip("/").rpartition("/")[2][:ID_MAX]
        found = hub.coin(id_)
        self.missing = found is None and hub.market is not None
        facts = await self.get_state(CoinFactsState)
        facts.coin = found or Coin()
        if not self.missing:
            await hub.watch_coin(self.router.session.session_id, id_)
