"""Who is who: assets, venue operators and markets under dense integer numbers.

An asset is an internal id, never a ticker. Numbers are positions in the tuples below, so a
column entry `[number]` belongs to `assets[number]` or `markets[number]` of the same version.
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import msgspec
import numpy as np
from numpy.typing import NDArray

from app.market.verdict import Flag

USD = "usd"


class Tier(IntEnum):
    """How much is asked of an asset's price; the constants of each tier are in `index`."""

    FIAT = 0
    STABLE = 1
    MAJOR = 2
    MID = 3
    TAIL = 4


@dataclass(frozen=True, slots=True)
class Asset:
    """One asset; NaN where a supply is unknown, "" where a text is."""

    id: str
    symbol: str
    name: str
    tier: Tier
    category: str = ""
    platform: str = ""
    address: str = ""
    circulating: float = float("nan")
    total: float = float("nan")
    maximum: float = float("nan")
    supply_source: str = ""
    logo: str = ""
    peg: str = ""
    """Id of the currency that a stablecoin promises to be worth one of; "" for the dollar."""

    @property
    def image(self) -> str:
        """Path of the logo below this service's address; "" where there is none."""
        return f"/logos/{self.logo}.svg" if self.logo else ""


@dataclass(frozen=True, slots=True)
class Market:
    """One order book of one venue: `symbol` is the venue's spelling, base and quote are ids."""

    venue: str
    operator: str
    symbol: str
    base: str
    quote: str
    multiplier: float = 1.0
    """How many units of the asset one listed unit is: 1,000 for a book in 1000SHIB."""
    approved: bool = True
    """False while the mapping is on probation: the market is shown, with weight 0."""
    pinned: bool = False
    """True where a contract address or the operator of this service proved the mapping."""
    restricted: bool = False
    """True for books in capital-controlled currencies: shown, with weight 0."""
    closed: bool = False
    """True while deposits or withdrawals are closed: shown, with weight 0."""
    disabled: bool = False
    """True where the operator of this service took the market out: shown, with weight 0."""


@dataclass(frozen=True, slots=True)
class Redenomination:
    """From `at` on, one unit of the asset costs `factor` times what a unit cost before."""

    asset: str
    at: float
    """Epoch seconds."""
    factor: float
    history_only: bool = False
    """True where it was over when it was registered: prices know it, stored candles do not."""


@dataclass(frozen=True)
class Registry:
    """All assets and markets of one version, with the columns that the index needs."""

    version: int
    assets: tuple[Asset, ...]
    markets: tuple[Market, ...]
    redenominations: tuple[Redenomination, ...] = ()
    """Every one ever registered, in the order of their times."""

    @cached_property
    def number_of(self) -> dict[str, int]:
        """Asset id → number."""
        return {asset.id: number for number, asset in enumerate(self.assets)}

    @cached_property
    def rows_of_venue(self) -> dict[str, dict[str, int]]:
        """Venue → venue symbol → market number."""
        rows: dict[str, dict[str, int]] = {}
        for number, market in enumerate(self.markets):
            rows.setdefault(market.venue, {})[market.symbol] = number
        return rows

    @cached_property
    def markets_of(self) -> dict[int, tuple[int, ...]]:
        """Asset number → numbers of the markets that have it as their base."""
        found: dict[int, list[int]] = {}
        for number, base in enumerate(self.base.tolist()):
            found.setdefault(base, []).append(number)
        return {asset: tuple(numbers) for asset, numbers in found.items()}

    @cached_property
    def operators(self) -> tuple[str, ...]:
        """Every operator once, sorted by name."""
        return tuple(sorted({market.operator for market in self.markets}))

    @cached_property
    def tier(self) -> NDArray[np.int8]:
        """Tier of each asset."""
        return np.array([asset.tier for asset in self.assets], dtype=np.int8)

    @cached_property
    def peg(self) -> NDArray[np.int64]:
        """Number of the currency that each asset is measured against: its peg, or the dollar.

        Without such a currency in the registry, the asset itself.
        """
        number = self.number_of
        return np.array(
            [number.get(asset.peg or USD, own) for own, asset in enumerate(self.assets)],
            dtype=np.int64,
        )

    @cached_property
    def base(self) -> NDArray[np.int64]:
        """Base asset number of each market."""
        return np.array([self.number_of[market.base] for market in self.markets], dtype=np.int64)

    @cached_property
    def quote(self) -> NDArray[np.int64]:
        """Quote asset number of each market."""
        return np.array([self.number_of[market.quote] for market in self.markets], dtype=np.int64)

    @cached_property
    def operator(self) -> NDArray[np.int64]:
        """Operator number of each market."""
        number = {name: index for index, name in enumerate(self.operators)}
        return np.array([number[market.operator] for market in self.markets], dtype=np.int64)

    @cached_property
    def open(self) -> NDArray[np.bool_]:
        """Whether each market may have a weight at all, once its mapping is approved."""
        return np.array(
            [
                not (market.restricted or market.closed or market.disabled)
                for market in self.markets
            ],
            dtype=bool,
        )

    @cached_property
    def approved(self) -> NDArray[np.bool_]:
        """Whether each market's mapping needs no proof any more."""
        return np.array([market.approved or market.pinned for market in self.markets], dtype=bool)

    @cached_property
    def counts(self) -> NDArray[np.bool_]:
        """Whether each market may have a weight now."""
        return self.open & self.approved

    @cached_property
    def pinned(self) -> NDArray[np.bool_]:
        """Whether each market's mapping was proved by a contract address or a person."""
        return np.array([market.pinned for market in self.markets], dtype=bool)

    @cached_property
    def standing_flags(self) -> NDArray[np.uint32]:
        """The flags that each market carries whatever it says."""
        return np.array(
            [
                (Flag.PREMIUM_MARKET if market.restricted else 0)
                | (Flag.RESTRICTED_MARKET if market.closed else 0)
                | (Flag.DISABLED if market.disabled else 0)
                for market in self.markets
            ],
            dtype=np.uint32,
        )

    @cached_property
    def per_unit(self) -> NDArray[np.float64]:
        """What turns a listed price into the price of one unit of the asset."""
        return np.array([1.0 / market.multiplier for market in self.markets])

    @cached_property
    def circulating(self) -> NDArray[np.float64]:
        """Circulating supply of each asset; NaN where unknown."""
        return np.array([asset.circulating for asset in self.assets])


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(
    tuple[int, tuple[Asset, ...], tuple[Market, ...], tuple[Redenomination, ...]]
)


def encode_registry(registry: Registry) -> bytes:
    """The registry as bytes; the columns are derived again by the reader."""
    return _ENCODER.encode(
        (registry.version, registry.assets, registry.markets, registry.redenominations)
    )


def decode_registry(body: bytes) -> Registry:
    """The registry that was encoded; raises msgspec.MsgspecError."""
    return Registry(*_DECODER.decode(body))
