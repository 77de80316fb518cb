"""Where the states find the hub: States are made by Reflex, so it cannot be passed to them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.store.mirror import Mirror
    from app.ui.live.hub import Hub
    from app.ui.live.receipts import ReceiptDesk


@dataclass(frozen=True, slots=True)
class Bound:
    """What the states work with."""

    mirror: "Mirror"
    hub: "Hub"
    receipts: "ReceiptDesk"


_bound: list[Bound] = []


def bind(mirror: "Mirror", hub: "Hub", receipts: "ReceiptDesk") -> None:
    """From now on `bound` gives these; the composition root calls it once."""
    _bound[:] = [Bound(mirror, hub, receipts)]


def bound() -> Bound:
    """What this process has bound."""
    if not _bound:
        raise RuntimeError("app.ui.live.binding.bind() comes before the first event")
    return _bound[0]
