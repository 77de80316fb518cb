"""A ticker where an id belongs: which assets it may mean, and how that is said."""

import math
from collections.abc import Iterable
from typing import Final

from app.api.errors import NotFoundError
from app.api.freshness import Moment

NAMED_MAX: Final = 5
"""How many candidates the sentence names; the list has all of them."""

Candidate = dict[str, object]
"""One asset as `schemas.Candidate` describes it."""


def candidates_of(moment: Moment, ticker: str) -> list[Candidate]:
    """Every asset under this ticker, the best ranked first; empty where it is no ticker."""
    rank = moment.snapshot.columns["rank"]
    return [_candidate(moment, number) for number in moment.directory.candidates(ticker, rank=rank)]


def tickers_among(moment: Moment, words: Iterable[str]) -> dict[str, list[Candidate]]:
    """Of the words those that are tickers, with the assets that each may mean."""
    found = {word: candidates_of(moment, word) for word in words}
    return {word: candidates for word, candidates in found.items() if candidates}


def not_found(moment: Moment, word: str) -> NotFoundError:
    """What to raise where no asset has this id."""
    candidates = candidates_of(moment, word)
    if not candidates:
        return NotFoundError(f"No asset has the id {word!r}.", near=moment.directory.near(word))
    ids = [str(candidate["id"]) for candidate in candidates]
    return NotFoundError(_sentence(word, candidates), near=ids, candidates=candidates)


def named(candidates: list[Candidate]) -> str:
    """The ids of the candidates in words."""
    ids = [str(candidate["id"]) for candidate in candidates]
    more = f" or {len(ids) - NAMED_MAX} others" if len(ids) > NAMED_MAX else ""
    return ", ".join(ids[:NAMED_MAX]) + more


def _sentence(word: str, candidates: list[Candidate]) -> str:
    symbol = candidates[0]["symbol"]
    if len(candidates) == 1:
        (only,) = candidates
        return (
            f"No asset has the id {word!r}: did you mean {only['id']!r}"
            f" ({only['name']}), whose ticker is {symbol}?"
        )
    return (
        f"{symbol} is the ticker of {len(candidates)} assets; ask for the one you mean by its"
        f" id: {named(candidates)}."
    )


def _candidate(moment: Moment, number: int) -> Candidate:
    asset, columns = moment.registry.assets[number], moment.snapshot.columns
    price = float(columns["price"][number])
    return {
        "id": asset.id,
        "symbol": asset.symbol,
        "name": asset.name,
        "rank": int(columns["rank"][number]) or None,
        "price": price if math.isfinite(price) else None,
    }
