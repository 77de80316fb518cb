"""The list of coins, and the table of their markets."""

from typing import Annotated

import numpy as np
from pydantic import BeforeValidator, Field

from app.api import caching
from app.api.coingecko.choice import CoinsQuery, chosen
from app.api.coingecko.precision import Precision
from app.api.coingecko.rows import coin_rows
from app.api.coingecko.schemas import Coin, CoinRow
from app.api.currencies import required_currency
from app.api.encoding import encoded
from app.api.freshness import Moment
from app.api.parameters import Choice, LenientParameters, Page, PerPage, Word, split
from app.api.resource import Resource, by_registry
from app.api.table import Rows, rows_of
from app.market import view
from app.market.registry import Tier

SPANS = ("1h", "24h", "7d", "14d", "30d", "200d", "1y")
"""Spans that can be asked for; those longer than a week are null until they are measured."""

_ORDERS = {
    f"{word}_{direction}": (order, direction == "desc")
    for word, order in (("market_cap", "market_cap"), ("volume", "volume_24h"))
    for direction in ("asc", "desc")
}
_BY_ID = {"id_asc": 1, "id_desc": -1}
_Span = Annotated[str, Choice(SPANS)]


class ListQuery(LenientParameters):
    """Whether contracts are wanted, and which coins."""

    include_platform: bool = False
    status: Annotated[str, Choice(("active", "inactive"))] = "active"


class MarketsQuery(CoinsQuery):
    """What the table can be asked."""

    vs_currency: Word
    category: Word = ""
    order: Annotated[str, Choice((*_ORDERS, *_BY_ID))] = "market_cap_desc"
    page: Page = 1
    per_page: PerPage = 100
    sparkline: bool = False
    price_change_percentage: Annotated[
        tuple[_Span, ...], Field(max_length=len(SPANS)), BeforeValidator(split)
    ] = ()
    precision: Precision = "full"


def coins(moment: Moment, query: ListQuery) -> bytes:
    """Every coin; none is inactive, because an asset that is not listed has no entry here."""
    if query.status == "inactive":
        return encoded([])
    body: list[dict[str, object]] = []
    for asset in moment.registry.assets:
        if asset.tier != Tier.FIAT:
            coin: dict[str, object] = {
                "id": asset.id,
                "symbol": asset.symbol.lower(),
                "name": asset.name,
            }
            if query.include_platform:
                coin["platforms"] = {asset.platform: asset.address} if asset.platform else {}
            body.append(coin)
    return encoded(body)


def markets(moment: Moment, query: MarketsQuery) -> bytes:
    """One page of the table."""
    known = required_currency(moment, query.vs_currency, parameter="vs_currency")
    rows = view.page_of(_rows(moment, query), page=query.page, per_page=query.per_page)
    body = coin_rows(
        moment,
        rows,
        known,
        precision=query.precision,
        spans=query.price_change_percentage,
        sparkline=query.sparkline,
    )
    return encoded(body)


def _rows(moment: Moment, query: MarketsQuery) -> Rows:
    order, descending = _ORDERS.get(query.order, ("rank", False))
    wanted = view.Query(order=order, descending=descending, category=query.category)
    rows = view.matching(moment.snapshot, moment.registry, wanted)
    if not query.names_nothing:
        rows = rows[np.isin(rows, rows_of(chosen(moment, query)))]
    if query.order in _BY_ID:
        assets = moment.registry.assets
        ids = sorted(rows.tolist(), key=lambda number: assets[number].id)
        return rows_of(ids[:: _BY_ID[query.order]])
    return rows


RESOURCES = (
    Resource(
        path="/api/v3/coins/list",
        name="v3_coins_list",
        summary="Every coin",
        query=ListQuery,
        body=coins,
        shape=list[Coin],
        stamp=by_registry,
        cache_control=caching.IDENTITIES,
    ),
    Resource(
        path="/api/v3/coins/markets",
        name="v3_coins_markets",
        summary="The table of markets",
        query=MarketsQuery,
        body=markets,
        shape=list[CoinRow],
    ),
)
