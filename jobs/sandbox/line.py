"""What happens to a message between a venue and its readers: loss, delay, repetition, junk."""

import heapq
from collections.abc import Callable
from random import Random

from jobs.sandbox.faults import Gap, Garbage, InForce, Lag, Reorder, Repeat, Silence, of_kind

LATE_MESSAGES = 200_000
"""So many delayed messages are kept; further ones are lost."""

JUNK: tuple[bytes | str, ...] = (
    '{"type":"ticker","product_id":',
    "[]",
    "null",
    "{}",
    "",
    '{"type":"ticker","price":"NaN","time":"yesterday"}',
    '[1,2,{"data":[[[]]]}]',
    '"' + "9" * 400 + '"',
    b"\x1f\x8b\x08\x00broken",
    bytes(range(128, 160)),
)

_MESSAGE_FAULTS = (Silence, Lag, Reorder, Gap, Repeat, Garbage)


class Line:
    """One venue's way out."""

    def __init__(self, seed: int) -> None:
        self._luck = Random(seed)
        self._late: list[tuple[float, int, Callable[[int], None], int]] = []
        self._count = 0

    def pass_on(self, orders: list[InForce], now: float, hand: Callable[[int], None]) -> None:
        """Call `hand(turn)` for each time that the message arrives, now or in `release`."""
        if not orders:
            hand(0)
            return
        if any(of_kind(orders, Silence)) or self._lost(orders):
            return
        delay = sum(lag.delay for lag in of_kind(orders, Lag))
        times = max((repeat.times for repeat in of_kind(orders, Repeat)), default=1)
        for turn in range(times):
            late = delay + sum(
                self._luck.uniform(0, reorder.within) for reorder in of_kind(orders, Reorder)
            )
            self._keep(now + late, hand, turn) if late else hand(turn)

    def release(self, now: float) -> None:
        """Hand over every delayed message whose time has come, the earliest first."""
        while self._late and self._late[0][0] <= now:
            _, _, hand, turn = heapq.heappop(self._late)
            hand(turn)

    def junk(self) -> bytes | str:
        """Something that no venue should send."""
        return self._luck.choice(JUNK)

    def _lost(self, orders: list[InForce]) -> bool:
        return any(self._luck.random() < gap.share for gap in of_kind(orders, Gap))

    def _keep(self, due: float, hand: Callable[[int], None], turn: int) -> None:
        if len(self._late) < LATE_MESSAGES:
            self._count += 1
            heapq.heappush(self._late, (due, self._count, hand, turn))


def concern_messages(orders: list[InForce]) -> list[InForce]:
    """Those among the faults that act on messages rather than on books or REST."""
    return [order for order in orders if isinstance(order.fault, _MESSAGE_FAULTS)]
