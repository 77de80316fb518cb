"""The last two looks at every market as columns, and which markets are looked at next."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.market.quotes import Floats
from app.market.registry import Registry
from app.market.trust import Evidence, depth_of, first_digits
from jobs.rest import Activity

_EACH_DIGIT = 9


class Looks:
    """What the last two looks at each market showed; rows are market numbers."""

    def __init__(self, markets: int) -> None:
        self._time = np.full(markets, -np.inf)
        self._depth = np.full(markets, np.nan)
        """In the quote currency."""
        self._volume = np.full((2, markets), np.nan)
        """24 h volume in base units, then and now."""
        self._newest: NDArray[np.object_] = np.full((2, markets), "", dtype=object)
        self._digits = np.zeros((2, markets, _EACH_DIGIT), dtype=np.int64)
        self._overlap = np.ones(markets, dtype=bool)
        """Whether trades of this look may have been told in the one before."""

    def take(self, market: int, activity: Activity, *, volume: float, now: float) -> None:
        """A look is over; `volume` is what the venue reported at that time, in base units."""
        trades, book = activity.trades, activity.book
        newest = trades[-1].id if trades else ""
        before = self._newest[1, market]
        self._overlap[market] = not before or any(trade.id == before for trade in trades)
        for column, value in (
            (self._volume, volume),
            (self._newest, newest),
            (self._digits, first_digits(np.array([trade.size for trade in trades]))),
        ):
            column[0, market] = column[1, market]
            column[1, market] = value
        self._time[market] = now
        bids, asks = (
            np.array([(level.price, level.size) for level in side])
            for side in (book.bids, book.asks)
        )
        self._depth[market] = depth_of(bids, asks, most=activity.levels)

    def evidence(
        self, registry: Registry, *, volume: Floats, quote_price: Floats, now: float
    ) -> Evidence:
        """What is known of each market; `volume` in USD, `quote_price` is what quotes cost."""
        then, latest = self._volume
        rise = np.full(len(then), np.nan)
        np.divide(latest, then, out=rise, where=then > 0)
        # A venue that tells few trades at once is judged by two looks that share none.
        earlier = np.where(self._overlap[:, None], 0, self._digits[0])
        return Evidence(
            asset=registry.base,
            operator=registry.operator,
            volume=volume,
            age=now - self._time,
            depth=self._depth * quote_price,
            rise=rise - 1,
            trade_then=self._newest[0],
            trade_now=self._newest[1],
            digits=self._digits[1] + earlier,
        )


def sampled(rows: Sequence[int], volume: Floats, *, room: int, turn: int) -> list[int]:
    """The markets to look at in one round, the largest first.

    Where there is room for all, that is all of them; else half of the room is for the largest,
    and the others take turns in the rest.
    """
    ranked = sorted(rows, key=lambda row: (-np.nan_to_num(volume[row]), row))
    if len(ranked) <= room:
        return ranked
    for_others = room // 2
    largest, others = ranked[: room - for_others], ranked[room - for_others :]
    start = turn * for_others % len(others)
    return largest + (others + others)[start : start + for_others]
