"""Whose row it is: a source's rows → our assets, never by ticker alone.

A row belongs to the asset that has the source's id, where the source's ids are ours and the
tickers agree as well; else to the one asset whose ticker and name both are the row's. Where
several could be meant, none is.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.market.registry import Asset
from jobs.sources.source import Source, Told

_LONGEST_NAME = 200
"""Characters; a longer name is no name."""


@dataclass(frozen=True, slots=True)
class Matches:
    """What became of the rows of one answer."""

    found: tuple[tuple[int, Told], ...]
    """Asset number and row."""
    unmatched: tuple[str, ...]
    """Ids of rows, in the source's words, that no asset of ours is."""
    ambiguous: tuple[str, ...]
    """Ids of rows that several assets could be, or that could be one asset with others."""


class AssetIndex:
    """Our assets by id, and by ticker and name together."""

    def __init__(self, assets: Sequence[Asset]) -> None:
        self.assets = assets
        self.number_of = {asset.id: number for number, asset in enumerate(assets)}
        self.named: dict[tuple[str, str], list[int]] = {}
        for number, asset in enumerate(assets):
            self.named.setdefault(_key(asset.symbol, asset.name), []).append(number)


def match(source: Source, rows: Iterable[Told], index: AssetIndex) -> Matches:
    """Which of our assets each row is about."""
    rows = tuple(rows)
    candidates = [_candidates(source, row, index) for row in rows]
    claims = Counter(numbers[0] for numbers in candidates if len(numbers) == 1)
    found: list[tuple[int, Told]] = []
    unmatched: list[str] = []
    ambiguous: list[str] = []
    for row, numbers in zip(rows, candidates, strict=True):
        if not numbers:
            unmatched.append(row.id)
        elif len(numbers) > 1 or claims[numbers[0]] > 1:
            ambiguous.append(row.id)
        else:
            found.append((numbers[0], row))
    return Matches(tuple(found), tuple(unmatched), tuple(ambiguous))


def _candidates(source: Source, row: Told, index: AssetIndex) -> Sequence[int]:
    if row.id in source.ids:
        number = index.number_of.get(source.ids[row.id])
        return () if number is None else (number,)
    if source.shares_ids:
        number = index.number_of.get(row.id)
        same = number is not None and _same(index.assets[number].symbol, row.symbol)
        return (number,) if number is not None and same else ()
    ticker, name = _key(row.symbol, row.name)
    return index.named.get((ticker, name), ()) if ticker and name else ()


def _same(ours: str, theirs: str) -> bool:
    return ours.casefold() == theirs.strip().casefold()


def _key(symbol: str, name: str) -> tuple[str, str]:
    return symbol.strip().casefold(), _plain(name)


def _plain(name: str) -> str:
    """Letters and digits alone, so that marks, spaces and hidden characters do not matter."""
    if len(name) > _LONGEST_NAME:
        return ""
    return "".join(
        sign for sign in unicodedata.normalize("NFKC", name).casefold() if sign.isalnum()
    )
