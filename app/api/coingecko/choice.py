"""Which coins a CoinGecko caller means: by id, by name or by symbol."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from app.api.currencies import best_ranked
from app.api.freshness import Moment
from app.api.parameters import IDS_MAX, Choice, LenientParameters, split

Words = Annotated[tuple[str, ...], Field(max_length=IDS_MAX), BeforeValidator(split)]


class CoinsQuery(LenientParameters):
    """The three ways to name coins; ids win over names, and names over symbols."""

    ids: Words = ()
    names: Words = ()
    symbols: Words = ()
    include_tokens: Annotated[str, Choice(("top", "all"))] = "top"

    @property
    def names_nothing(self) -> bool:
        """Whether no coin was named."""
        return not (self.ids or self.names or self.symbols)


def chosen(moment: Moment, query: CoinsQuery) -> list[int]:
    """The numbers of the coins that exist, in the order asked for; others are left out."""
    registry, directory = moment.registry, moment.directory
    if query.ids:
        found = [registry.number_of[id] for id in query.ids if id in registry.number_of]
    elif query.names:
        groups = (directory.by_name.get(name.casefold(), ()) for name in query.names)
        found = [number for group in groups for number in group]
    else:
        groups = (_owners(moment, symbol, query.include_tokens) for symbol in query.symbols)
        found = [number for group in groups for number in group]
    return list(dict.fromkeys(found))


def _owners(moment: Moment, symbol: str, include: str) -> tuple[int, ...]:
    if include == "all":
        return moment.directory.by_symbol.get(symbol.casefold(), ())
    best = best_ranked(moment, symbol.casefold())
    return () if best is None else (best,)
