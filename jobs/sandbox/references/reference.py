"""What a simulated reference source is: its address and how it words things.

Like a venue's voice it is written from the source's documentation, never from our parser.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import msgspec


class Coin(msgspec.Struct, frozen=True, gc=False):
    """One asset as a reference source sees it; NaN where a supply is unknown."""

    id: str
    """Ours."""
    symbol: str
    name: str
    price: float
    """USD."""
    circulating: float
    total: float
    maximum: float

    @property
    def cap(self) -> float:
        """Market cap in USD; NaN where unknown."""
        return self.price * self.circulating


Say: TypeAlias = Callable[[Sequence[Coin], Mapping[str, str], float], bytes]
"""All coins, the largest first, the query and the time of day → the body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """How one simulated reference source speaks, and what it puts up with."""

    name: str
    """Its name in the collector's table of sources."""
    path: str
    say: Say
    calls: int
    """Allowed in `per` seconds; further ones get `status` and `refusal`."""
    per: float
    status: int
    refusal: bytes
    retry_after: int = 0
    names_versions: bool = False
    """Whether answers carry an ETag, and If-None-Match is answered with 304."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
