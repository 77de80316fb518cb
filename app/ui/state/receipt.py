"""The receipt in the drawer of a coin page."""

import reflex as rx

from app.store.receipts import ReceiptAwayError
from app.ui.live.binding import bound
from app.ui.receipt import ReceiptTexts
from app.ui.state.coin_facts import CoinFactsState


class ReceiptState(rx.State):
    """Set when the drawer opens, then whenever it asks again."""

    receipt: ReceiptTexts = ReceiptTexts()
    trouble: str = ""
    """Why there is no newer receipt; empty where this is the newest."""

    @rx.event
    async def refresh(self):
        """The receipt of the open coin is the newest one, or says why it is not."""
        facts = await self.get_state(CoinFactsState)
        if self.receipt.id != facts.coin.id:
            self.receipt = ReceiptTexts()
        try:
            self.receipt = await bound().receipts.texts(facts.coin.id)
        except ReceiptAwayError as error:
            self.trouble = str(error)
        else:
            self.trouble = ""
