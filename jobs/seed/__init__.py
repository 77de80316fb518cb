"""The seed table: facts about assets that a new installation knows before any venue answers.

`assets.csv` is made by `build.py` from `facts.csv`, which is written by hand, and from two
freely licensed packages that give further names and say which logos exist.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

from app.market.registry import Asset, Tier

PEGGED_TO = {"euro-coin": "eur", "stasis-eurs": "eur", "eurite": "eur"}
"""What a stablecoin promises to be worth one of, where that is not the dollar."""

ASSETS_FILE = Path(__file__).with_name("assets.csv")


@dataclass(frozen=True, slots=True)
class SeedAsset:
    """One row of the table; NaN stands for an unknown number, "" for an unknown text."""

    rank: int
    """Place by reference market cap, the unknown ones after the known; 0 for fiat."""
    id: str
    symbol: str
    name: str
    tier: Tier
    category: str
    platform: str
    address: str
    circulating: float
    total: float
    maximum: float
    supply_source: str
    price: float
    """Reference level in USD for the sandbox and for plausibility; never published."""
    logo: str


def load_seed(file: Path = ASSETS_FILE) -> tuple[SeedAsset, ...]:
    """All rows in the order of the table; raises ValueError where a row does not fit."""
    with file.open(newline="", encoding="utf-8") as lines:
        rows = csv.reader(lines)
        header = next(rows, None)
        wanted = list(SeedAsset.__dataclass_fields__)
        if header != wanted:
            raise ValueError(f"{file.name} must start with the columns {','.join(wanted)}")
        return tuple(_seed_asset(row) for row in rows)


def to_asset(seed: SeedAsset) -> Asset:
    """The registry's view of a row: everything but its rank and reference price."""
    return Asset(
        id=seed.id,
        symbol=seed.symbol,
        name=seed.name,
        tier=seed.tier,
        category=seed.category,
        platform=seed.platform,
        address=seed.address,
        circulating=seed.circulating,
        total=seed.total,
        maximum=seed.maximum,
        supply_source=seed.supply_source,
        logo=seed.logo,
        peg=PEGGED_TO.get(seed.id, ""),
    )


def _seed_asset(row: list[str]) -> SeedAsset:
    try:
        rank, key, symbol, name, tier, category, platform, address, *supply, price, logo = row
        circulating, total, maximum, source = supply
        return SeedAsset(
            int(rank or 0),
            key,
            symbol,
            name,
            _TIERS[tier],
            category,
            platform,
            address,
            float(circulating or "nan"),
            float(total or "nan"),
            float(maximum or "nan"),
            source,
            float(price or "nan"),
            logo,
        )
    except (KeyError, ValueError) as error:
        raise ValueError(f"not a row of the seed table: {row!r} ({error})") from error


_TIERS = {tier.name.lower(): tier for tier in Tier}
