"""The smallest answer that a price fits in."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator, Field

from app.api.coingecko.choice import CoinsQuery, chosen
from app.api.coingecko.precision import Precision, rounding
from app.api.currencies import Currency, currency, words_of
from app.api.encoding import encoded
from app.api.errors import Mistake, ParameterError
from app.api.freshness import Moment
from app.api.parameters import LenientParameters, split
from app.api.resource import Resource
from app.api.table import Table, rows_of

CURRENCIES_MAX = 60

_NO_COIN = Mistake("ids", "coin ids; names or symbols will do as well", problem="missing")


class PriceQuery(CoinsQuery):
    """Which coins, in which currencies, with what beside the price."""

    vs_currencies: Annotated[
        tuple[str, ...], Field(max_length=CURRENCIES_MAX), BeforeValidator(split)
    ]
    include_market_cap: bool = False
    include_24hr_vol: bool = False
    include_24hr_change: bool = False
    include_last_updated_at: bool = False
    precision: Precision = "full"


class SupportedQuery(LenientParameters):
    """Nothing can be asked."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """What one currency adds to every coin's entry."""

    price: list[float]
    market_cap: list[float]
    volume: list[float]
    change: list[float]


def price(moment: Moment, query: PriceQuery) -> bytes:
    """Coin id → currency → price; unknown coins and currencies are left out."""
    if query.names_nothing:
        raise ParameterError(_NO_COIN)
    numbers = chosen(moment, query)
    found = (currency(moment, word.lower()) for word in query.vs_currencies)
    currencies = [known for known in found if known is not None]
    columns = {known.word: _columns(moment, numbers, known) for known in currencies}
    updated = moment.snapshot.columns["updated"]
    body: dict[str, dict[str, float | None]] = {}
    for row, number in enumerate(numbers):
        entry = {key: value for word in columns for key, value in _entry(query, word, columns, row)}
        if query.include_last_updated_at:
            entry["last_updated_at"] = _whole(float(updated[number]))
        body[moment.registry.assets[number].id] = entry
    return encoded(body)


def supported(moment: Moment, query: SupportedQuery) -> bytes:
    """The currencies that prices can be asked in."""
    return encoded(words_of(moment))


def _columns(moment: Moment, numbers: list[int], known: Currency) -> _Columns:
    table = Table(moment, rows_of(numbers), known)
    return _Columns(
        table.money("price").tolist(),
        table.money("market_cap").tolist(),
        table.money("volume_24h").tolist(),
        (table.change("24h") * 100).round(5).tolist(),
    )


def _entry(
    query: PriceQuery, word: str, columns: dict[str, _Columns], row: int
) -> Iterator[tuple[str, float | None]]:
    of_currency = columns[word]
    yield word, rounding(query.precision)(of_currency.price[row])
    if query.include_market_cap:
        yield f"{word}_market_cap", of_currency.market_cap[row]
    if query.include_24hr_vol:
        yield f"{word}_24h_vol", of_currency.volume[row]
    if query.include_24hr_change:
        yield f"{word}_24h_change", of_currency.change[row]


def _whole(seconds: float) -> int | None:
    return int(seconds) if math.isfinite(seconds) else None


RESOURCES = (
    Resource(
        path="/api/v3/simple/price",
        name="v3_simple_price",
        summary="Prices of some coins in some currencies",
        query=PriceQuery,
        body=price,
        shape=dict[str, dict[str, float | None]],
    ),
    Resource(
        path="/api/v3/simple/supported_vs_currencies",
        name="v3_simple_supported_vs_currencies",
        summary="Currencies that prices can be asked in",
        query=SupportedQuery,
        body=supported,
        shape=list[str],
    ),
)
