"""What the answer about the market's quality looks like."""

from pydantic import BaseModel, Field

from app.api.v1.schemas import Envelope, Instant, Money, Share, StatusWord


class AgesShape(BaseModel):
    """How old prices are; null without a price."""

    prices: int = Field(examples=[1987])
    p50_ms: int | None = Field(examples=[900])
    p95_ms: int | None = Field(examples=[4200])
    p99_ms: int | None = Field(examples=[31000])


class FreshnessShape(BaseModel):
    """Of all assets, and of the majors alone."""

    all: AgesShape
    major: AgesShape


class CoverageCounts(BaseModel):
    """How many of the listed assets have what."""

    listed: int = Field(examples=[2000])
    priced: int = Field(examples=[1990])
    quorum: int = Field(examples=[1500], description="With three operators or more.")
    by_status: dict[str, int] = Field(examples=[{"ok": 1500, "degraded": 480}])


class CoverageShape(BaseModel):
    """Of all assets, and of the majors alone."""

    all: CoverageCounts
    major: CoverageCounts


class MarketsCount(BaseModel):
    """Markets that have ever sent a price."""

    quoted: int = Field(examples=[9000])
    counted: int = Field(examples=[8500], description="With a weight.")


class RejectShape(BaseModel):
    """How often one flag is raised now."""

    flag: str = Field(examples=["outlier_excluded"])
    rule: str = Field(examples=["S4"])
    sentence: str
    markets: int
    share: Share = Field(description="Of the quoted markets.")
    assets: int


class VenueQuality(BaseModel):
    """One venue; counts are of its quoted markets."""

    name: str = Field(examples=["coinbase"])
    title: str = Field(examples=["Coinbase Exchange"])
    state: str = Field(examples=["live"], description="live, connecting, silent, down or unheard.")
    markets: int
    counted: int
    stale: int
    outliers: int
    invalid: int
    deviation: Share = Field(description="Median distance of its fresh markets from the index.")
    age_ms: int | None = Field(examples=[450], description="Median.")
    weight: Share = Field(description="Of all votes on all assets.")


class Dispute(BaseModel):
    """One asset in dispute or held."""

    id: str = Field(examples=["bitcoin"])
    symbol: str = Field(examples=["BTC"])
    name: str = Field(examples=["Bitcoin"])
    rank: int | None
    status: StatusWord
    price: Money = Field(description="USD; the last one that was agreed on.")
    age_ms: int | None
    volume_24h: Money
    flags: list[str]
    sentences: list[str]


class Disputes(BaseModel):
    """Assets in dispute or held, the largest first."""

    total: int
    data: list[Dispute]


class SourceDistance(BaseModel):
    """How far one independent source is from us."""

    source: str = Field(examples=["coingecko"])
    compared: int = Field(examples=[1200])
    beyond: int = Field(examples=[3], description="Farther away than their tier allows.")
    median: Share = Field(description="Of the distances.")
    p95: Share


class Divergence(BaseModel):
    """The last comparison with sources that are not inputs."""

    compared_at: Instant
    compared: int
    contradicted: int = Field(description="Assets on which the sources contradict each other.")
    failing: list[str] = Field(examples=[["bitcoin"]], description="Ids with xcheck_fail.")
    sources: list[SourceDistance]


class QualityAnswer(Envelope):
    """How good the market is now."""

    measured_at: Instant
    freshness: FreshnessShape
    coverage: CoverageShape
    markets: MarketsCount
    rejects: list[RejectShape] = Field(description="One for each flag.")
    venues: list[VenueQuality] = Field(description="The heaviest first.")
    disputes: Disputes
    divergence: Divergence | None = Field(description="Null before the first comparison.")
