"""The texts of receipts, for the drawers that are open."""

from app.store.mirror import Mirror
from app.store.receipts import Receipts
from app.ui.receipt import ReceiptTexts, receipt_texts


class ReceiptDesk:
    """Receipts in words."""

    def __init__(self, mirror: Mirror, receipts: Receipts) -> None:
        self._mirror = mirror
        self._receipts = receipts

    async def texts(self, id: str) -> ReceiptTexts:
        """The drawer of this asset; raises ReceiptAwayError."""
        explained = await self._receipts.of(id)
        titles = {venue.name: venue.title for venue in self._mirror.venues}
        return receipt_texts(explained, registry=self._mirror.registry, titles=titles)
