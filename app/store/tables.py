"""The tables in Postgres. Candle tables are partitioned by time, which the migration declares."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, DateTime, Index, SmallInteger, String, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

INCIDENT = (
    "(kind IN ('breaker_tripped', 'breaker_released', 'xcheck') OR kind = 'flags'"
    " AND (detail ->> 'raised') || ' ' || (detail ->> 'cleared')"
    " ~ '\\m(disputed|xcheck_fail)\\M')"
)
"""Condition under which a price event is an incident; the index of incidents has the same."""


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


class PriceEventRow(SQLModel, table=True):
    """One entry of the ledger; a trigger refuses to change or remove any."""

    __tablename__ = "price_event"  # pyright: ignore[reportAssignmentType] - as SQLModel documents
    __table_args__ = (
        Index("price_event_asset", "asset", "sequence"),
        Index("price_event_kind", "kind", "sequence"),
        Index("price_event_asset_kind", "asset", "kind", "sequence"),
        Index("price_event_incident", "sequence", postgresql_where=text(INCIDENT)),
    )

    sequence: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    time: datetime = Field(sa_type=DateTime(timezone=True))
    kind: str
    asset: str
    venue: str
    symbol: str
    old: str
    new: str
    reason: str
    detail: dict[str, str] = Field(sa_column=Column(JSONB, nullable=False))
    previous_hash: str
    hash: str


class SupplyObservationRow(SQLModel, table=True):
    """What a source said of an asset's supply, when it said something new."""

    __tablename__ = "supply_observation"  # pyright: ignore[reportAssignmentType] - as SQLModel documents
    __table_args__ = (Index("supply_observation_newest", "asset", "source", "time"),)

    id: int | None = Field(default=None, sa_column=Column(BigInteger, primary_key=True))
    asset: str
    source: str
    time: datetime = Field(sa_type=DateTime(timezone=True))
    circulating: float | None
    total: float | None
    maximum: float | None


class SupplyDecisionRow(SQLModel, table=True):
    """What was made of the observations, when that changed."""

    __tablename__ = "supply_decision"  # pyright: ignore[reportAssignmentType] - as SQLModel documents
    __table_args__ = (Index("supply_decision_newest", "asset", "decided"),)

    id: int | None = Field(default=None, sa_column=Column(BigInteger, primary_key=True))
    asset: str
    decided: datetime = Field(sa_type=DateTime(timezone=True))
    circulating: float | None
    total: float | None
    maximum: float | None
    sources: list[str] = Field(sa_column=Column(ARRAY(String), nullable=False))
    time: datetime | None = Field(sa_type=DateTime(timezone=True))
    suspect: bool


class SourceCallsRow(SQLModel, table=True):
    """Calls to one reference source in one hour."""

    __tablename__ = "source_calls"  # pyright: ignore[reportAssignmentType] - as SQLModel documents

    source: str = Field(primary_key=True)
    hour: datetime = Field(sa_column=Column(DateTime(timezone=True), primary_key=True))
    calls: int
