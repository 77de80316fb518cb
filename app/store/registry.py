"""The registry in Postgres: an asset keeps its number, a market its dates of validity."""

from datetime import datetime
from math import isnan

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import class_row

from app.market.registry import Asset, Market, Registry, Tier


class _AssetRow(msgspec.Struct):
    id: str
    symbol: str
    name: str
    tier: int
    category: str
    platform: str
    address: str
    circulating: float | None
    total: float | None
    maximum: float | None
    supply_source: str
    logo: str


async def load_assets(connection: AsyncConnection) -> tuple[Asset, ...]:
    """Every asset ever seen, in the order of its number; empty before the first save."""
    async with connection.cursor(row_factory=class_row(_AssetRow)) as cursor:
        await cursor.execute(
            "SELECT id, symbol, name, tier, category, platform, address, circulating, total,"
            " maximum, supply_source, logo FROM asset ORDER BY number"
        )
        return tuple(_asset(row) for row in await cursor.fetchall())


async def load_markets(connection: AsyncConnection) -> tuple[Market, ...]:
    """The markets that are valid now."""
    async with connection.cursor(row_factory=class_row(Market)) as cursor:
        await cursor.execute(
            "SELECT venue, operator, symbol, base, quote, multiplier, approved, pinned, restricted"
            " FROM market WHERE valid_to IS NULL ORDER BY id"
        )
        return tuple(await cursor.fetchall())


async def save_registry(connection: AsyncConnection, registry: Registry, *, now: datetime) -> None:
    """Assets are stored under their numbers; markets that changed or went get an end date."""
    before = set(await load_markets(connection))
    after = set(registry.markets)
    ended = [(now, market.venue, market.symbol) for market in before - after]
    begun = [market for market in registry.markets if market not in before]
    async with connection.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO asset VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (number) DO UPDATE SET symbol = excluded.symbol, name = excluded.name,"
            " tier = excluded.tier, category = excluded.category, platform = excluded.platform,"
            " address = excluded.address, circulating = excluded.circulating,"
            " total = excluded.total, maximum = excluded.maximum,"
            " supply_source = excluded.supply_source, logo = excluded.logo",
            [_asset_values(number, asset) for number, asset in enumerate(registry.assets)],
        )
        await cursor.executemany(
            "UPDATE market SET valid_to = %s WHERE venue = %s AND symbol = %s AND valid_to IS NULL",
            ended,
        )
        await cursor.executemany(
            "INSERT INTO market (venue, operator, symbol, base, quote, multiplier, approved,"
            " pinned, restricted, valid_from) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [_market_values(market, now) for market in begun],
        )


def _asset(row: _AssetRow) -> Asset:
    return Asset(
        row.id,
        row.symbol,
        row.name,
        Tier(row.tier),
        row.category,
        row.platform,
        row.address,
        _or_unknown(row.circulating),
        _or_unknown(row.total),
        _or_unknown(row.maximum),
        row.supply_source,
        row.logo,
    )


def _asset_values(number: int, asset: Asset) -> tuple[object, ...]:
    supplies = (asset.circulating, asset.total, asset.maximum)
    return (
        *(number, asset.id, asset.symbol, asset.name, int(asset.tier)),
        *(asset.category, asset.platform, asset.address),
        *(None if isnan(supply) else supply for supply in supplies),
        *(asset.supply_source, asset.logo),
    )


def _market_values(market: Market, now: datetime) -> tuple[object, ...]:
    return (
        *(market.venue, market.operator, market.symbol, market.base, market.quote),
        *(market.multiplier, market.approved, market.pinned, market.restricted, now),
    )


def _or_unknown(value: float | None) -> float:
    return float("nan") if value is None else value
