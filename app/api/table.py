"""Rows of the snapshot as columns of plain numbers in the currency that was asked for."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.api.currencies import Currency
from app.api.freshness import Moment
from app.market.registry import Asset
from app.market.verdict import Flag, Status

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

_SHARE_DECIMALS = 6
"""Shares travel as 32-bit floats, whose further digits mean nothing."""
_ONLY_USD = ("high_24h", "low_24h")

STATUS_WORDS = {status.value: status.word for status in Status}


class Table:
    """Some assets of one moment; every column has one entry per row, in the rows' order."""

    def __init__(self, moment: Moment, rows: Rows, currency: Currency) -> None:
        self.assets: list[Asset] = [moment.registry.assets[row] for row in rows.tolist()]
        self._moment = moment
        self._rows = rows
        self._currency = currency

    def column(self, name: str) -> Floats:
        """A column of the snapshot as it stands there."""
        return self._moment.snapshot.columns[name][self._rows].astype(np.float64)

    def money(self, name: str) -> Floats:
        """A sum in the currency; NaN where unknown.

        Highs and lows are known in USD only: those of a ratio are not the ratio of those.
        """
        if name in _ONLY_USD and not self._currency.is_usd:
            return np.full(len(self._rows), np.nan)
        return self.column(name) / self._currency.usd

    def change(self, span: str) -> Floats:
        """Change against the currency over one of SPANS, as a share; NaN where unknown."""
        change = self.column(f"change_{span}")
        return np.round((1 + change) / (1 + self._currency.changes[span]) - 1, _SHARE_DECIMALS)

    def conf(self) -> Floats:
        """Half width of the confidence interval, as a share, the conversion's own included."""
        both: Floats = np.hypot(self.column("confidence"), self._currency.conf)
        return np.round(both, _SHARE_DECIMALS)

    def diluted(self) -> Floats:
        """What all units that can ever exist, or else all that do, would cost."""
        maximum = np.array([asset.maximum for asset in self.assets], dtype=np.float64)
        total = np.array([asset.total for asset in self.assets], dtype=np.float64)
        return self.money("price") * np.where(np.isnan(maximum), total, maximum)

    def statuses(self) -> list[str]:
        """The status of each row as the API spells it."""
        return [STATUS_WORDS[status] for status in self.integers("status")]

    def flags(self) -> list[list[str]]:
        """The flags of each row as the API spells them."""
        return [flag_words(flags) for flags in self.integers("flags")]

    def ranks(self) -> list[int | None]:
        """The rank of each row; None while unranked."""
        return [rank or None for rank in self.integers("rank")]

    def integers(self, name: str) -> list[int]:
        """A column of whole numbers."""
        return self._moment.snapshot.columns[name][self._rows].tolist()

    def ages(self) -> Floats:
        """Seconds since the newest quote behind each price; NaN where there was none."""
        return self._moment.now - self.column("updated")

    def sparks(self) -> list[list[float | None] | None]:
        """USD closes of the last seven days, oldest first; None where none is known."""
        return [_spark(self._moment, row) for row in self._rows.tolist()]


def rows_of(numbers: Sequence[int]) -> Rows:
    """Asset numbers as rows of a table."""
    return np.array(numbers, dtype=np.int64)


@lru_cache(maxsize=4096)
def flag_words(flags: int) -> list[str]:
    """The flags as the API spells them, lowest bit first; shared, not to be changed."""
    return Flag(flags).words


def _spark(moment: Moment, row: int) -> list[float | None] | None:
    if row >= len(moment.sparks):
        return None
    closes = moment.sparks[row]
    if np.isnan(closes).all():
        return None
    # Rounded to the seven digits that a 32-bit float has.
    return [None if close != close else float(f"{close:.7g}") for close in closes.tolist()]
