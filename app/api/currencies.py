"""What prices can be quoted in: US dollars, and every fiat or crypto asset with a known price."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.api.candidates import Candidate, candidates_of, named
from app.api.errors import Mistake, ParameterError
from app.api.freshness import Moment
from app.market.registry import USD, Tier

SPANS: Final = ("1h", "24h", "7d")
"""Spans over which a change of price is known."""
LISTED_MAX: Final = 50
"""How many crypto assets are named beside the fiat currencies; the others work as well."""


@dataclass(frozen=True, slots=True)
class Currency:
    """What one unit of a quote currency is worth."""

    word: str
    """As the caller wrote it."""
    usd: float
    conf: float
    changes: Mapping[str, float]
    """Its own change in USD over each of SPANS; NaN where unknown."""

    @property
    def is_usd(self) -> bool:
        """Whether nothing has to be converted."""
        return self.word == USD


DOLLAR: Final = Currency(USD, 1.0, 0.0, dict.fromkeys(SPANS, 0.0))


def currency(moment: Moment, word: str) -> Currency | None:
    """The currency under this id or symbol; of several owners of a symbol the best ranked."""
    folded = word.casefold()
    if folded == USD:
        return DOLLAR
    number = moment.registry.number_of.get(folded)
    if number is None:
        number = best_ranked(moment, folded)
    if number is None or not _priced(moment, number):
        return None
    columns = moment.snapshot.columns
    return Currency(
        folded,
        float(columns["price"][number]),
        float(columns["confidence"][number]),
        {span: float(columns[f"change_{span}"][number]) for span in SPANS},
    )


def required_currency(moment: Moment, word: str, *, parameter: str) -> Currency:
    """The same; raises ParameterError with what is accepted.

    A symbol that several assets have is refused with these, unless it is one of `words_of`,
    which mean what the list of currencies says.
    """
    found = currency(moment, word)
    if found is None:
        words = ", ".join(words_of(moment))
        more = "or the id or symbol of any other asset with a price"
        raise ParameterError(Mistake(parameter, f"one of {words}, {more}", word))
    if len(candidates := _meanings(moment, found.word)) > 1:
        accepted = f"the id of one of the assets that trade as {word}: {named(candidates)}"
        raise ParameterError(Mistake(parameter, accepted, word), candidates=candidates)
    return found


def best_ranked(moment: Moment, symbol: str) -> int | None:
    """The number of the asset that most people mean by this symbol; None if nobody has it."""
    owners = moment.directory.by_symbol.get(symbol, ())
    rank = moment.snapshot.columns["rank"]
    return min(owners, key=lambda number: (rank[number] or math.inf, number), default=None)


def words_of(moment: Moment) -> list[str]:
    """usd, every fiat currency with a price, then the symbols of the largest crypto assets."""
    assets = moment.registry.assets
    fiat = [
        asset.id
        for number, asset in enumerate(assets)
        if asset.tier == Tier.FIAT and asset.id != USD and _priced(moment, number)
    ]
    rank = moment.snapshot.columns["rank"]
    ranked = sorted((int(rank[number]), number) for number in rank.nonzero()[0].tolist())
    largest = [number for _, number in ranked[:LISTED_MAX] if _priced(moment, number)]
    crypto = (assets[number].symbol.casefold() for number in largest)
    return [USD, *sorted(fiat), *(word for word in dict.fromkeys(crypto) if word not in fiat)]


def _meanings(moment: Moment, word: str) -> list[Candidate]:
    """The assets that an accepted word may mean; at most one where the word is no guess."""
    if word in moment.registry.number_of:
        return []
    candidates = candidates_of(moment, word)
    return candidates if len(candidates) > 1 and word not in words_of(moment) else []


def _priced(moment: Moment, number: int) -> bool:
    price = float(moment.snapshot.columns["price"][number])
    return math.isfinite(price) and price > 0
