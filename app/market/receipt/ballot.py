"""One market's vote on the asset that is being explained."""

from dataclasses import dataclass

from app.market.verdict import Flag


@dataclass(frozen=True, slots=True)
class Ballot:
    """Numbers of one entry of the stage that priced the asset."""

    row: int
    """In the stage's entries."""
    market: int
    other: int
    """Asset number of the other side of the book."""
    price: float
    """USD; NaN where it cannot be converted."""
    volume: float
    share: float
    """Of the vote, after the cap."""
    before: float
    """The same before the cap."""
    flags: Flag
