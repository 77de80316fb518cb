"""What v1 answers look like; the numbers in the examples are made up."""

from typing import Annotated, TypeAlias

from pydantic import BaseModel, Field

Instant: TypeAlias = Annotated[str, Field(examples=["2026-11-22T20:39:00.250Z"])]
Share = Annotated[float | None, Field(examples=[0.0123], description="0.01 is 1 %.")]
Money = Annotated[float | None, Field(examples=[91234.5])]
StatusWord = Annotated[str, Field(examples=["ok"])]


class Envelope(BaseModel):
    """When the answer was true, how old it is, and where its prices come from."""

    as_of: Instant
    age_ms: int | None = Field(
        examples=[180], description="Silence of the indexer when the answer was made."
    )
    status: str = Field(
        examples=["ok"], description="`stale` once the indexer has been silent for 5 s."
    )
    source: str = Field(examples=["sandbox"], description="live, replay or sandbox.")
    version: int = Field(examples=[4711], description="Number of the published snapshot.")


class Platform(BaseModel):
    """A chain on which the asset has a contract."""

    chain: str = Field(examples=["ethereum"])
    address: str = Field(examples=["0xdac17f958d2ee523a2206206994597c13d831ec7"])


class Supply(BaseModel):
    """How many units there are; null where unknown."""

    circulating: float | None = Field(examples=[19_950_000.0])
    total: float | None = Field(examples=[19_950_000.0])
    maximum: float | None = Field(examples=[21_000_000.0])
    source: str | None


class AssetFacts(BaseModel):
    """Who an asset is, apart from its price."""

    id: str = Field(examples=["bitcoin"])
    symbol: str = Field(examples=["BTC"])
    name: str = Field(examples=["Bitcoin"])
    tier: str = Field(examples=["major"], description="fiat, stable, major, mid or tail.")
    category: str | None
    platforms: list[Platform]
    supply: Supply
    logo: str | None


class AssetsAnswer(Envelope):
    """All assets, or all that trade under one symbol."""

    total: int
    data: list[AssetFacts]


class Candidate(BaseModel):
    """One asset that a ticker may mean."""

    id: str = Field(examples=["bitcoin"])
    symbol: str = Field(examples=["BTC"])
    name: str = Field(examples=["Bitcoin"])
    rank: int | None = Field(examples=[1])
    price: Money = Field(description="USD.")


Candidates: TypeAlias = Annotated[
    dict[str, list[Candidate]],
    Field(description="Of `unknown` the words that are tickers → the assets they may mean."),
]


class Row(BaseModel):
    """One asset in the ranked table."""

    id: str = Field(examples=["bitcoin"])
    symbol: str = Field(examples=["BTC"])
    name: str = Field(examples=["Bitcoin"])
    rank: int | None = Field(examples=[1])
    price: Money
    conf: Share = Field(description="Half width of the confidence interval, as a share.")
    status: StatusWord
    flags: list[str] = Field(examples=[["low_quorum"]])
    sources: int = Field(examples=[9], description="Operators that made the price.")
    listed: int = Field(examples=[11], description="Operators that list the asset.")
    updated: Instant | None
    change_1h: Share
    change_24h: Share
    change_7d: Share
    high_24h: Money = Field(description="Known in USD only.")
    low_24h: Money = Field(description="Known in USD only.")
    volume_24h: Money
    volume_reported: Money = Field(description="With the volume that looks like wash trading.")
    market_cap: Money
    fully_diluted: Money
    circulating: float | None = Field(examples=[19_950_000.0])
    total_supply: float | None
    max_supply: float | None
    category: str | None
    logo: str | None
    sparkline: list[float | None] | None = Field(
        default=None, description="USD closes of seven days, when asked for."
    )


class AssetAnswer(Envelope):
    """One asset: who it is, and where it stands now."""

    data: AssetFacts
    market: Row


class MarketsAnswer(Envelope):
    """One page of the ranked table."""

    vs_currency: str = Field(examples=["usd"])
    page: int = Field(examples=[1])
    per_page: int = Field(examples=[100])
    pages: int = Field(examples=[20])
    total: int = Field(examples=[2000])
    unknown: list[str] = Field(description="Ids that were asked for and that nobody has.")
    candidates: Candidates
    data: list[Row]


class Quote(BaseModel):
    """The light quote of one asset."""

    id: str = Field(examples=["bitcoin"])
    price: Money
    conf: Share
    status: StatusWord
    flags: list[str]
    as_of: Instant | None = Field(description="When the newest quote behind it was heard.")
    age_ms: int | None = Field(examples=[420])


class PricesAnswer(Envelope):
    """The quotes in the order asked for."""

    vs: str = Field(examples=["usd"])
    unknown: list[str] = Field(description="Ids that were asked for and that nobody has.")
    candidates: Candidates
    data: list[Quote]


class Reason(BaseModel):
    """Why a market does not count in full."""

    flag: str = Field(examples=["stale_source"])
    sentence: str = Field(examples=["Older than its tier allows."])


class AssetMarket(BaseModel):
    """How one market of the asset stands."""

    venue: str = Field(examples=["coinbase"])
    operator: str = Field(examples=["coinbase"])
    symbol: str = Field(examples=["BTC-USD"])
    quote: str = Field(examples=["usd-coin"])
    multiplier: float = Field(examples=[1.0])
    raw: Money = Field(description="In the quote currency, as the venue said it.")
    usd: Money
    spread: Share
    volume_24h: Money = Field(description="In USD, as the venue reports it.")
    updated: Instant | None
    age_ms: int | None = Field(examples=[850])
    weight: float = Field(examples=[0.21], description="Share of the vote after the cap.")
    excluded: bool
    flags: list[str]
    reasons: list[Reason]


class AssetMarketsAnswer(Envelope):
    """Every market of one asset, the heaviest first."""

    id: str = Field(examples=["bitcoin"])
    voted_at: Instant
    data: list[AssetMarket]


class Lag(BaseModel):
    """Milliseconds between the venue's clock and ours."""

    p50_ms: int | None = Field(examples=[35])
    p99_ms: int | None = Field(examples=[210])


class VenueRow(BaseModel):
    """How one venue is doing."""

    name: str = Field(examples=["coinbase"])
    title: str = Field(examples=["Coinbase Exchange"])
    operator: str = Field(examples=["coinbase"])
    home: str = Field(examples=["https://exchange.coinbase.com"])
    docs: str
    state: str = Field(examples=["live"], description="live, connecting, silent or down.")
    markets: int
    volume_24h: Money = Field(description="In USD, over the markets we follow.")
    excluded: Share = Field(description="Share of its quoted markets that do not count.")
    connections: int
    connections_wanted: int
    last_message: Instant | None
    silence_ms: int | None
    lag: Lag
    frames: int
    quotes: int
    parse_errors: int
    unknown_symbols: int
    reconnects: int
    missing_acks: int
    refused: int
    rest_calls: int
    rest_failures: int
    circuit: str = Field(examples=["closed"])


class VenuesAnswer(Envelope):
    """All venues, the largest volume first."""

    data: list[VenueRow]


class VenueAnswer(Envelope):
    """One venue."""

    data: VenueRow


class Dominance(BaseModel):
    """Shares of the whole market cap."""

    bitcoin: Share
    ethereum: Share


class Global(BaseModel):
    """The market in one line, in USD."""

    market_cap: Money
    market_cap_change_24h: Share
    volume_24h: Money
    dominance: Dominance
    assets: int = Field(examples=[1980], description="Assets that have a price.")
    assets_by_status: dict[str, int]
    venues: int
    venues_live: int


class GlobalAnswer(Envelope):
    """Totals."""

    data: Global


class AssetHit(BaseModel):
    """An asset that was found."""

    id: str = Field(examples=["bitcoin"])
    symbol: str = Field(examples=["BTC"])
    name: str = Field(examples=["Bitcoin"])
    rank: int | None
    logo: str | None


class VenueHit(BaseModel):
    """A venue that was found."""

    name: str = Field(examples=["coinbase"])
    title: str = Field(examples=["Coinbase Exchange"])


class SearchAnswer(Envelope):
    """What was found, best first."""

    query: str = Field(examples=["bitcoin"])
    assets: list[AssetHit]
    venues: list[VenueHit]


class CandlesAnswer(BaseModel):
    """Candles as arrays of equal length, oldest first; minutes without a price are left out."""

    id: str = Field(examples=["bitcoin"])
    interval: str = Field(examples=["1h"])
    time: list[int] = Field(
        examples=[[1_795_377_600]], description="Start of the candle in epoch seconds."
    )
    open: list[float]
    high: list[float]
    low: list[float]
    close: list[float]
    volume: list[float | None] = Field(description="24 h volume in USD at the close.")
    source: str = Field(examples=["sandbox"])
