"""The shape of a receipt."""

import msgspec

NAN = float("nan")


class Conversion(msgspec.Struct, frozen=True):
    """What one unit of a market's quote currency was worth."""

    quote: str
    """Asset id."""
    factor: float
    """USD; NaN where the quote has no trustworthy price."""
    confidence: float
    """Half width as a share of the factor."""


class Contributor(msgspec.Struct, frozen=True):
    """One market whose operator voted."""

    venue: str
    operator: str
    symbol: str
    """The venue's spelling."""
    raw: float
    """Price in the quote currency, by rule S1."""
    conversion: Conversion
    price: float
    """USD for one unit of the asset."""
    age: float
    """Seconds."""
    spread: float
    """(ask - bid) / mid; NaN without a book."""
    volume: float
    """24 h volume in USD; NaN if unknown."""
    weight_before: float
    """Share of the vote before the cap, 0 to 1."""
    weight: float
    """Share of the vote, 0 to 1."""
    flags: tuple[str, ...]
    """What was noticed of it, as the API spells flags; an `outlier_excluded` vote still counts."""


class Rejection(msgspec.Struct, frozen=True):
    """One market that was left out, or that did not survive the gate."""

    venue: str
    operator: str
    symbol: str
    raw: float
    price: float
    """USD; NaN where it cannot be converted."""
    age: float
    rule: str
    """Of the methodology: S0 to S10."""
    flag: str
    reason: str
    """A sentence."""
    measured: float
    """What the rule looked at; NaN where there is nothing to measure."""
    threshold: float
    """What it may be at most."""
    unit: str
    """Of the two numbers: s, share, ratio, or "" where there is nothing to measure."""


class Quorum(msgspec.Struct, frozen=True):
    """Rule S6 in numbers."""

    operators: int
    """Operators that voted."""
    implied: bool
    """Whether BTC and ETH cast a vote as well."""
    survivors: int
    """Votes inside the gate."""
    survivors_needed: int
    surviving_share: float
    """Of the vote."""
    share_needed: float


class Carried(msgspec.Struct, frozen=True):
    """What earlier cycles said."""

    good: float
    """The last price that was published as ok or degraded, in USD; NaN if there was none."""
    good_at: float
    """When, in epoch seconds; NaN if never."""
    pending_since: float
    """Since when a jump has waited for confirmation; NaN if none does."""


class Receipt(msgspec.Struct, frozen=True):
    """Why one asset has the price it has."""

    asset: str
    symbol: str
    name: str
    tier: str
    method: str
    """Version of the method."""
    version: int
    """Of the published snapshot."""
    registry_version: int
    time: float
    """Epoch seconds of the cycle."""
    source: str
    """live, replay or sandbox."""
    price: float
    status: str
    status_reason: str
    flags: tuple[str, ...]
    confidence: float
    gate: float
    """Half width of the outlier gate, as a share of the price; NaN without a vote."""
    median: float
    """What the votes said in USD, whether it was published or not; NaN without a vote."""
    volume: float
    quorum: Quorum
    carried: Carried
    contributors: tuple[Contributor, ...]
    """Heaviest first."""
    rejections: tuple[Rejection, ...]
