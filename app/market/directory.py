"""Finding assets by what people type: exact, by prefix, by part, and by likeness.

Everything here is derived once per registry and then only read.
"""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.market.registry import Registry

CANDIDATES: Final = 100
"""How many names that share most letters are compared in full."""
LIKENESS: Final = 0.7
"""Ratio of matching letters from which a name is offered instead of another."""

_LETTERS = 64


class Directory:
    """The names of all assets of one registry, indexed on first use."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry

    @cached_property
    def by_symbol(self) -> dict[str, tuple[int, ...]]:
        """Symbol in lower case → numbers of all assets that trade under it."""
        return _grouped(asset.symbol.casefold() for asset in self.registry.assets)

    @cached_property
    def by_name(self) -> dict[str, tuple[int, ...]]:
        """Name in lower case → numbers of the assets called so."""
        return _grouped(asset.name.casefold() for asset in self.registry.assets)

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """Every category once, sorted."""
        return tuple(sorted({asset.category for asset in self.registry.assets} - {""}))

    def candidates(self, ticker: str, *, rank: NDArray[np.uint32]) -> list[int]:
        """Numbers of all assets that trade under this ticker: ranked ones first, best first."""
        owners = self.by_symbol.get(ticker.casefold(), ())
        return sorted(owners, key=lambda number: (rank[number] == 0, rank[number], number))

    def warm(self) -> None:
        """Every index is there, so that no reader waits for it."""
        for index in ("by_symbol", "by_name", "_lines", "_letters", "_lengths"):
            getattr(self, index)

    def near(self, wanted: str, *, count: int = 5) -> list[str]:
        """Ids that look like the one that does not exist, best first."""
        size = len(self.registry.assets)
        return [self._fields[field] for field in self._alike(wanted, 2 * size, 3 * size)[:count]]

    def search(self, text: str, *, rank: NDArray[np.float64], count: int) -> list[int]:
        """Asset numbers: symbol, then prefix, then part, then likeness; by rank within each."""
        wanted = text.casefold().strip()
        found: list[int] = []
        for group in (self._called(wanted), self._starting(wanted), self._containing(wanted)):
            found += sorted(set(group) - set(found), key=lambda number: (rank[number], number))
            if len(found) >= count:
                return found[:count]
        size = len(self.registry.assets)
        likely = (field % size for field in self._alike(wanted, 0, 3 * size))
        return list(dict.fromkeys((*found, *likely)))[:count]

    @cached_property
    def _lines(self) -> list[str]:
        """One text per asset in which a field begins after a line break."""
        return [
            f"\n{asset.symbol}\n{asset.name}\n{asset.id}\n".casefold()
            for asset in self.registry.assets
        ]

    def _called(self, wanted: str) -> Sequence[int]:
        return self.by_symbol.get(wanted, ())

    def _starting(self, wanted: str) -> list[int]:
        return self._containing(f"\n{wanted}")

    def _containing(self, wanted: str) -> list[int]:
        return [number for number, line in enumerate(self._lines) if wanted in line]

    @cached_property
    def _fields(self) -> list[str]:
        """All symbols, then all names, then all ids."""
        assets = self.registry.assets
        symbols = [asset.symbol.casefold() for asset in assets]
        names = [asset.name.casefold() for asset in assets]
        return symbols + names + [asset.id for asset in assets]

    @cached_property
    def _letters(self) -> NDArray[np.uint8]:
        """How often each field has each letter."""
        return _letters(self._fields)

    @cached_property
    def _lengths(self) -> NDArray[np.int64]:
        return np.array([len(field) for field in self._fields])

    def _alike(self, text: str, first: int, last: int) -> list[int]:
        """Of the fields [first, last) those that look like the text, best first.

        What two texts have in letters bounds what they can have in order, so comparing the
        letters of all fields at once leaves few to be compared in full.
        """
        wanted = text.casefold()
        shared = np.minimum(self._letters[first:last], _letters([wanted])).sum(axis=1)
        bound = 2 * shared / (self._lengths[first:last] + len(wanted))
        best = np.argsort(-bound, kind="stable")[:CANDIDATES]
        likely: list[int] = (first + best[bound[best] >= LIKENESS]).tolist()
        ratios = {field: self._ratio(wanted, field) for field in likely}
        found = [field for field in likely if ratios[field] >= LIKENESS]
        return sorted(found, key=lambda field: -ratios[field])

    def _ratio(self, wanted: str, field: int) -> float:
        return SequenceMatcher(None, self._fields[field], wanted).ratio()


def _letters(texts: Sequence[str]) -> NDArray[np.uint8]:
    """How often each text has each letter; rare letters share a column."""
    codes = np.frombuffer("".join(texts).encode("utf-32-le"), dtype=np.uint32) % _LETTERS
    rows = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    counts = np.bincount(rows * _LETTERS + codes, minlength=len(texts) * _LETTERS)
    return np.minimum(counts, 255).astype(np.uint8).reshape(-1, _LETTERS)


def _grouped(words: Iterable[str]) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for number, word in enumerate(words):
        found.setdefault(word, []).append(number)
    return {word: tuple(numbers) for word, numbers in found.items()}
