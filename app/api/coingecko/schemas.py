"""CoinGecko's shapes, as their clients check them; the numbers in the examples are made up."""

from pydantic import BaseModel, Field

Number = float | None


class Ping(BaseModel):
    """Proof of life."""

    gecko_says: str = Field(examples=["(V3) To the Moon!"])


class Coin(BaseModel):
    """One entry of the list of coins."""

    id: str = Field(examples=["bitcoin"])
    symbol: str = Field(examples=["btc"])
    name: str = Field(examples=["Bitcoin"])
    platforms: dict[str, str] | None = None


class Sparkline(BaseModel):
    """USD closes of the last seven days."""

    price: list[float]


class CoinRow(BaseModel):
    """One row of the table of markets: 26 keys that are always there, others when asked for."""

    id: str = Field(examples=["bitcoin"])
    symbol: str = Field(examples=["btc"])
    name: str = Field(examples=["Bitcoin"])
    image: str
    current_price: Number = Field(examples=[91234.5])
    market_cap: Number
    market_cap_rank: int | None = Field(examples=[1])
    fully_diluted_valuation: Number
    total_volume: Number
    high_24h: Number
    low_24h: Number
    price_change_24h: Number
    price_change_percentage_24h: Number
    market_cap_change_24h: None = Field(description="Not measured.")
    market_cap_change_percentage_24h: None = Field(description="Not measured.")
    circulating_supply: Number
    total_supply: Number
    max_supply: Number
    ath: None = Field(description="Not measured.")
    ath_change_percentage: None = Field(description="Not measured.")
    ath_date: None = Field(description="Not measured.")
    atl: None = Field(description="Not measured.")
    atl_change_percentage: None = Field(description="Not measured.")
    atl_date: None = Field(description="Not measured.")
    roi: None = Field(description="Not measured.")
    last_updated: str = Field(examples=["2026-11-22T20:39:00.250Z"])
    sparkline_in_7d: Sparkline | None = None
    price_change_percentage_1h_in_currency: Number = None
    price_change_percentage_24h_in_currency: Number = None
    price_change_percentage_7d_in_currency: Number = None
    price_change_percentage_14d_in_currency: Number = None
    price_change_percentage_30d_in_currency: Number = None
    price_change_percentage_200d_in_currency: Number = None
    price_change_percentage_1y_in_currency: Number = None
