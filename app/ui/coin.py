"""One coin as its page shows it: texts made from the newest snapshot and votes."""

from dataclasses import dataclass, field

import numpy as np

from app.market.registry import USD, Asset, Registry
from app.market.snapshot import MarketSnapshot, MarketVotes
from app.market.verdict import STATUS_SENTENCE, Flag, Status
from app.market.weighted import CAP_TOTAL, FAULTS_MAX
from app.ui import format
from app.ui.coin_venues import (
    VenueLine,
    flag_sentences,
    operator_votes,
    pair_of,
    venue_lines,
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a panel."""

    label: str
    value: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Coin:
    """Texts, and the few numbers that the chart and the converter count with."""

    id: str = ""
    name: str = ""
    symbol: str = ""
    logo: str = ""
    rank: str = ""
    price: str = format.MISSING
    price_in_full: str = format.MISSING
    value: float | None = None
    """The price in USD, unrounded."""
    time: float = 0.0
    """Epoch seconds of the snapshot, the market's own time."""
    change: str = format.MISSING
    direction: str = ""
    status: str = "unavailable"
    status_sentence: str = ""
    confidence: str = ""
    venues_counted: str = ""
    age: str = ""
    reasons: list[str] = field(default_factory=list)
    """Sentences: what the price is made of and what was left out."""
    facts: list[Fact] = field(default_factory=list)
    venues: list[VenueLine] = field(default_factory=list)
    title: str = "Cryptocurrency price"


def coin(
    number: int,
    *,
    registry: Registry,
    snapshot: MarketSnapshot,
    votes: MarketVotes | None,
    titles: dict[str, str],
) -> Coin:
    """The page of one asset; `titles` gives venues their names."""
    asset = registry.assets[number]
    row = {name: column[number].item() for name, column in snapshot.columns.items()}
    status, price = Status(row["status"]), row["price"]
    if votes is not None and votes.registry_version != registry.version:
        votes = None
    return Coin(
        id=asset.id,
        name=asset.name,
        symbol=asset.symbol,
        logo=asset.logo,
        rank=f"Rank {row['rank']}" if row["rank"] else "",
        price=format.price(price),
        price_in_full=format.price_in_full(price),
        value=price if np.isfinite(price) else None,
        time=snapshot.time,
        change=format.percent(row["change_24h"]),
        direction=format.direction(row["change_24h"]),
        status=status.word,
        status_sentence=STATUS_SENTENCE[status],
        confidence=_confidence(row),
        venues_counted=f"{row['sources']} of {row['listed']} venues",
        age=format.age(snapshot.time - row["updated"]),
        reasons=_reasons(number, registry, snapshot, votes, titles),
        facts=_facts(asset, row),
        venues=venue_lines(
            number, registry=registry, snapshot=snapshot, votes=votes, titles=titles
        ),
        title=f"{asset.name} ({asset.symbol}) price {format.price(price)}",
    )


def _confidence(row: dict[str, float]) -> str:
    if not np.isfinite(row["confidence"]) or not np.isfinite(row["price"]):
        return ""
    if row["price"] < 1:
        return f"±{format.fixed(row['confidence'] * 10_000, 1)} bp"
    places = format.price_places(row["price"])
    return f"±${format.fixed(row['confidence'] * row['price'], places)}"


def _facts(asset: Asset, row: dict[str, float]) -> list[Fact]:
    supply = format.amount(asset.circulating)
    if np.isfinite(asset.maximum):
        supply = f"{supply} of {format.amount(asset.maximum)}"
    facts = [
        Fact("Market cap", format.money(row["market_cap"])),
        Fact("Fully diluted", format.money(row["price"] * _diluted(asset))),
        _volume(row),
        Fact("Circulating supply", supply, _whole(asset.circulating, asset.symbol)),
        Fact("Total supply", format.amount(asset.total), _whole(asset.total, asset.symbol)),
        Fact("24h range", f"{format.price(row['low_24h'])} – {format.price(row['high_24h'])}"),
    ]
    if np.isfinite(row["confidence"]):
        points = f"±{format.fixed(row['confidence'] * 10_000, 1)} bp of the price"
        facts.append(Fact("Confidence", _confidence(row), points))
    if asset.supply_source:
        facts.append(Fact("Supply source", asset.supply_source))
    return facts


def _volume(row: dict[str, float]) -> Fact:
    """The volume that is believed, and beside it what venues report where that reads otherwise."""
    believed, reported = (format.money(row[name]) for name in ("volume_24h", "volume_reported"))
    if reported in (believed, format.MISSING):
        return Fact("24h volume", believed)
    return Fact("24h volume", f"{believed}, reported {reported}", DISTRUST)


DISTRUST = "Volume that two signs of wash trading make suspicious is left out of the first number."


def _diluted(asset: Asset) -> float:
    return asset.maximum if np.isfinite(asset.maximum) else asset.total


def _whole(units: float, symbol: str) -> str:
    return f"{format.fixed(units, 0)} {symbol}" if np.isfinite(units) else ""


def _reasons(
    number: int,
    registry: Registry,
    snapshot: MarketSnapshot,
    votes: MarketVotes | None,
    titles: dict[str, str],
) -> list[str]:
    status = Status(snapshot.columns["status"][number])
    flags = Flag(int(snapshot.columns["flags"][number]))
    reasons = [STATUS_SENTENCE[status]] if status != Status.OK else []
    reasons += flag_sentences(flags)
    if votes is None:
        return reasons
    shares = operator_votes(number, registry, votes)
    return [
        *_counted(shares),
        *_left_out(number, registry, votes, titles),
        *_conversions(number, registry, snapshot, votes),
        *reasons,
    ]


def _counted(shares: dict[str, float]) -> list[str]:
    voting = {operator: share for operator, share in shares.items() if share > 0}
    if not voting:
        return ["No venue operator counts at the moment."]
    operators = f"{len(voting)} venue operator{'s' if len(voting) > 1 else ''}"
    faults = min((len(voting) - 1) // 2, FAULTS_MAX)
    if not faults:
        return [f"The weighted median of {operators}."]
    cap = format.fixed(CAP_TOTAL / faults * 100, 0)
    return [f"The weighted median of {operators}, none above {cap} % of the vote."]


def _left_out(
    number: int, registry: Registry, votes: MarketVotes, titles: dict[str, str]
) -> list[str]:
    told = []
    for market in registry.markets_of.get(number, ()):
        flags = Flag(int(votes.columns["flags"][market]))
        if votes.columns["weight"][market] == 0 and (sentences := flag_sentences(flags)):
            venue = registry.markets[market].venue
            who = f"{titles.get(venue, venue)} {pair_of(market, registry)}"
            told.append(f"{who} was left out: {_continued(sentences[0])}")
    return told[:REASONS_MAX]


REASONS_MAX = 4
"""The table below says the same of every venue; the summary names the first few."""


def _conversions(
    number: int, registry: Registry, snapshot: MarketSnapshot, votes: MarketVotes
) -> list[str]:
    markets = registry.markets_of.get(number, ())
    counted = [market for market in markets if votes.columns["weight"][market] > 0]
    quotes = sorted({registry.markets[market].quote for market in counted} - {USD})
    told = []
    for quote in quotes:
        row = registry.number_of[quote]
        price = format.price(float(snapshot.columns["price"][row]))
        told.append(f"{registry.assets[row].symbol} at {price}")
    return [f"Converted with {', '.join(told)}."] if told else []


def _continued(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
