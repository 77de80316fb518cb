"""Which coin page is open."""

from urllib.parse import unquote

import reflex as rx

from app.ui.coin import Coin
from app.ui.live.binding import bound
from app.ui.state.coin_facts import CoinFactsState
from app.ui.tickers import CandidateLine, Meaning

ID_MAX = 120
"""No asset has a longer id."""


class CoinState(rx.State):
    """Whether the address names a coin, or a ticker that several coins have."""

    missing: bool = False
    ticker: str = ""
    candidates: rx.Field[list[CandidateLine]] = rx.field(default_factory=list)
    near: rx.Field[list[CandidateLine]] = rx.field(default_factory=list)

    @rx.event
    async def open(self):
        """The coin of the address is shown and stays current, or what the address may mean."""
        hub = bound().hub
        id_ = unquote(self.router.url.path.rstrip("/").rpartition("/")[2])[:ID_MAX]
        found = hub.coin(id_)
        meant = Meaning() if found else hub.meaning(id_)
        if meant.only:
            return rx.redirect(f"/coin/{meant.only}", replace=True)
        self.candidates, self.near = meant.candidates, meant.near
        self.ticker = meant.candidates[0].symbol if meant.candidates else ""
        self.missing = found is None and not meant.candidates and hub.market is not None
        facts = await self.get_state(CoinFactsState)
        facts.coin = found or Coin(title=self._title())
        if found:
            await hub.watch_coin(self.router.session.session_id, id_)
        return None

    def _title(self) -> str:
        if self.ticker:
            return f"{self.ticker} may mean several coins"
        return "Not found" if self.missing else Coin().title
