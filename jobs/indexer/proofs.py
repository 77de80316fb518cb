"""Mappings that have passed their probation, as events: an approval that needs no person."""

from datetime import UTC, datetime

from app.market.events import Kind, PriceEvent
from app.market.layout import Layout
from app.market.probation import newly_proved
from app.market.state import IndexState

REASON = "Its price agreed with the index for an hour."


def proofs(before: IndexState, after: IndexState, layout: Layout, now: float) -> list[PriceEvent]:
    """One approval for each mapping that has proved itself in this cycle."""
    if not len(layout.on_trial):
        return []
    passed = newly_proved(
        layout.on_trial, (before.tried, before.agreed), (after.tried, after.agreed)
    )
    rows: list[int] = passed.tolist()
    markets = [layout.registry.markets[row] for row in rows]
    return [
        PriceEvent(
            time=datetime.fromtimestamp(now, UTC),
            kind=Kind.APPROVE,
            asset=market.base,
            venue=market.venue,
            symbol=market.symbol,
            reason=REASON,
        )
        for market in markets
    ]
