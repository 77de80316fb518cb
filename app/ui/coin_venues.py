"""The venues of one coin: what each of them says, how much it counts, and why not."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.market.registry import Registry
from app.market.snapshot import MarketSnapshot, MarketVotes
from app.market.verdict import FLAG_SENTENCE, Flag
from app.ui import format

VENUES_MAX = 60
"""Lines on one page."""


@dataclass(frozen=True, slots=True)
class VenueLine:
    """One market of the coin; `share` is the width of its weight bar in percent."""

    key: str
    venue: str
    pair: str
    price: str
    raw: str
    from_index: str
    off: bool
    """Whether it is too far away to count."""
    spread: str
    volume: str
    age: str
    weight: str
    share: float
    reason: str
    """Why it counts less than in full; empty when it does."""


def venue_lines(
    number: int,
    *,
    registry: Registry,
    snapshot: MarketSnapshot,
    votes: MarketVotes | None,
    titles: Mapping[str, str],
) -> list[VenueLine]:
    """Every market of the asset, those that count and trade most first; empty without votes."""
    if votes is None:
        return []
    markets = np.array(registry.markets_of.get(number, ()), dtype=np.int64)
    weight = np.nan_to_num(votes.columns["weight"][markets].astype(np.float64))
    volume = np.nan_to_num(votes.columns["volume_24h"][markets])
    # Weights move all the time; lines that moved with them could not be read.
    ordered = markets[np.lexsort((markets, -_scale(volume), weight <= 0))][:VENUES_MAX]
    index = float(snapshot.columns["price"][number])
    heaviest = float(weight.max(initial=0.0))
    return [
        _line(market, registry, votes, titles, index=index, heaviest=heaviest)
        for market in ordered.tolist()
    ]


def _scale(volume: NDArray[np.float64]) -> NDArray[np.float64]:
    """Volumes as steps of about a tenth, so that a small difference changes no order."""
    return np.floor(np.log(np.maximum(volume, 1.0)) * 10)


def operator_votes(number: int, registry: Registry, votes: MarketVotes) -> dict[str, float]:
    """Operator → share of the vote, all its markets together."""
    shares: dict[str, float] = {}
    for market in registry.markets_of.get(number, ()):
        weight = float(np.nan_to_num(votes.columns["weight"][market]))
        operator = registry.markets[market].operator
        shares[operator] = shares.get(operator, 0.0) + weight
    return shares


def pair_of(number: int, registry: Registry) -> str:
    """The market as people write it: BTC/USDT."""
    market = registry.markets[number]
    ids = (market.base, market.quote)
    return "/".join(registry.assets[registry.number_of[id_]].symbol for id_ in ids)


def flag_sentences(flags: Flag) -> list[str]:
    """What people read for each flag, lowest bit first."""
    return [sentence for flag, sentence in FLAG_SENTENCE.items() if flag in flags]


def _line(
    number: int,
    registry: Registry,
    votes: MarketVotes,
    titles: Mapping[str, str],
    *,
    index: float,
    heaviest: float,
) -> VenueLine:
    market = registry.markets[number]
    row = {name: column[number].item() for name, column in votes.columns.items()}
    flags = Flag(row["flags"])
    weight = row["weight"] if np.isfinite(row["weight"]) else 0.0
    return VenueLine(
        key=f"{market.venue}:{market.symbol}",
        venue=titles.get(market.venue, market.venue),
        pair=pair_of(number, registry),
        price=format.price(row["usd"]),
        raw=f"{market.symbol} at {row['raw']:.12g}" if np.isfinite(row["raw"]) else market.symbol,
        from_index=format.signed_percent(row["usd"] / index - 1 if index > 0 else None),
        off=Flag.OUTLIER_EXCLUDED in flags,
        spread=_spread(row["spread"]),
        volume=format.money(row["volume_24h"]),
        age=format.age(votes.time - row["updated"]),
        weight=format.fixed(weight * 100, 1) + "%" if weight > 0 else "excluded",
        share=round(weight / heaviest * 100, 1) if heaviest > 0 else 0.0,
        reason=" ".join(flag_sentences(flags)) or ("" if weight > 0 else "Has no fresh quote."),
    )


def _spread(share: float) -> str:
    return format.fixed(share * 100, 2) + "%" if np.isfinite(share) else format.MISSING
