"""The tables in Postgres. Candle tables are partitioned by time, which the migration declares."""

from datetime import datetime

from sqlalchemy import Column, DateTime, Index, SmallInteger, text
from sqlmodel import Field, SQLModel


class AssetRow(SQLModel, table=True):
    """An asset under the number that candles use; numbers are never given twice."""

    __tablename__ = "asset"  # pyright: ignore[reportAssignmentType] - as SQLModel documents

    number: int = Field(primary_key=True)
    id: str = Field(unique=True)
    symbol: str
    name: str
    tier: int = Field(sa_type=SmallInteger)
    category: str
    platform: str
    address: str
    circulating: float | None
    total: float | None
    maximum: float | None
    supply_source: str
    logo: str


class MarketRow(SQLModel, table=True):
    """Which asset a venue's symbol means, from when until when."""

    __tablename__ = "market"  # pyright: ignore[reportAssignmentType] - as SQLModel documents
    __table_args__ = (
        Index(
            "market_current",
            "venue",
            "symbol",
            unique=True,
            postgresql_where=text("valid_to IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    venue: str
    operator: str
    symbol: str
    base: str
    quote: str
    multiplier: float
    approved: bool
    pinned: bool
    restricted: bool
    valid_from: datetime = Field(sa_type=DateTime(timezone=True))
    valid_to: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class CandleMinute(SQLModel, table=True):
    """One minute of one asset's published price in USD."""

    __tablename__ = "candle_1m"  # pyright: ignore[reportAssignmentType] - as SQLModel documents

    time: datetime = Field(sa_column=Column(DateTime(timezone=True), primary_key=True))
    asset: int = Field(primary_key=True)
    open: float
    high: float
    low: float
    close: float
    volume: float
    source: str


class CandleHour(SQLModel, table=True):
    """One hour of one asset's published price in USD."""

    __tablename__ = "candle_1h"  # pyright: ignore[reportAssignmentType] - as SQLModel documents

    time: datetime = Field(sa_column=Column(DateTime(timezone=True), primary_key=True))
    asset: int = Field(primary_key=True)
    open: float
    high: float
    low: float
    close: float
    volume: float
    source: str
