"""What a receipt looks like; the numbers in the examples are made up."""

from pydantic import BaseModel, Field

from app.api.v1.schemas import Envelope, Instant, Money, Share, StatusWord

_AGE = Field(examples=[0.42], description="Seconds; null before its first price.")


class ConversionShape(BaseModel):
    """What one unit of a market's quote currency was worth."""

    quote: str = Field(examples=["tether"])
    factor: Money = Field(examples=[0.99987], description="USD.")
    confidence: Share = Field(description="Half width as a share of the factor.")


class ContributorShape(BaseModel):
    """One market whose operator voted."""

    venue: str = Field(examples=["binance"])
    operator: str = Field(examples=["binance"])
    symbol: str = Field(examples=["BTCUSDT"], description="As the venue spells it.")
    raw: Money = Field(description="In the quote currency, by rule S1.")
    conversion: ConversionShape
    price: Money = Field(description="USD for one unit of the asset.")
    age: float | None = _AGE
    spread: Share = Field(description="(ask - bid) / mid; null without a book.")
    volume: Money = Field(description="24 h volume in USD.")
    weight_before: float = Field(examples=[0.21], description="Of the vote, before the cap.")
    weight: float = Field(examples=[0.16], description="Of the vote, 0 to 1.")
    flags: list[str] = Field(description="An `outlier_excluded` vote still counts.")


class RejectionShape(BaseModel):
    """One market that was left out, or that did not survive the gate."""

    venue: str = Field(examples=["kraken"])
    operator: str = Field(examples=["kraken"])
    symbol: str = Field(examples=["BTC/USD"])
    raw: Money = Field(description="In the quote currency.")
    price: Money = Field(description="USD.")
    age: float | None = _AGE
    rule: str = Field(examples=["S4"], description="Of the methodology.")
    flag: str = Field(examples=["outlier_excluded"])
    reason: str = Field(examples=["Too far from the other operators to count as a survivor."])
    measured: float | None = Field(examples=[0.5], description="What the rule looked at.")
    threshold: float | None = Field(examples=[0.006], description="What it lets pass.")
    unit: str = Field(
        examples=["share"],
        description="Of the two numbers: s, share, ratio, or empty where nothing is measured.",
    )


class QuorumShape(BaseModel):
    """Rule S6 in numbers."""

    operators: int = Field(examples=[7], description="Operators that voted.")
    implied: bool = Field(description="Whether BTC and ETH cast a vote as well.")
    survivors: int = Field(examples=[7], description="Votes inside the gate.")
    survivors_needed: int = Field(examples=[3])
    surviving_share: float = Field(examples=[1.0], description="Of the vote.")
    share_needed: float = Field(examples=[0.5])


class CarriedShape(BaseModel):
    """What earlier cycles said."""

    good: Money = Field(description="The last price that was agreed on, in USD.")
    good_at: Instant | None = Field(description="When it was published.")
    pending_since: Instant | None = Field(description="Since when a jump has waited.")


class PublishedShape(BaseModel):
    """What the snapshot of the same version said."""

    price: Money
    status: StatusWord
    flags: list[str] = Field(description="With what slower checks found out.")
    confidence: Share


class ReceiptShape(BaseModel):
    """Why one asset has the price it has."""

    asset: str = Field(examples=["bitcoin"])
    symbol: str = Field(examples=["BTC"])
    name: str = Field(examples=["Bitcoin"])
    tier: str = Field(examples=["major"])
    method: str = Field(examples=["2"], description="Version of the method.")
    version: int = Field(examples=[4711], description="Of the snapshot that is explained.")
    registry_version: int = Field(examples=[3])
    time: Instant = Field(description="Of the cycle that made the price.")
    source: str = Field(examples=["sandbox"])
    price: Money = Field(description="USD, computed again.")
    status: StatusWord
    status_reason: str = Field(examples=["At least three independent operators agree."])
    flags: list[str] = Field(examples=[["outlier_excluded"]])
    confidence: Share = Field(description="Half width as a share of the price.")
    gate: Share = Field(description="Half width of the outlier gate; null without a vote.")
    median: Money = Field(description="What the votes said in USD, published or not.")
    volume: Money = Field(description="24 h volume in USD.")
    quorum: QuorumShape
    carried: CarriedShape
    contributors: list[ContributorShape] = Field(description="The heaviest first.")
    rejections: list[RejectionShape]
    published: PublishedShape | None = Field(
        description="Null while the snapshot of this version is not at hand."
    )
    reproduced: bool | None = Field(
        examples=[True],
        description="Whether price and status are the published ones to the last bit.",
    )


class ReceiptAnswer(Envelope):
    """One price explained; the envelope is about now, `data` about its own version."""

    data: ReceiptShape
