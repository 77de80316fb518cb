"""What a word in the address of a coin means when no coin has it as its id."""

from dataclasses import dataclass, field

from app.market.directory import Directory
from app.market.snapshot import MarketSnapshot
from app.ui import format

WORD_MAX = 120
"""No id and no ticker is longer."""


@dataclass(frozen=True, slots=True)
class CandidateLine:
    """One coin that may be meant."""

    id: str
    name: str
    symbol: str
    logo: str
    rank: str
    price: str
    platform: str
    href: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """What was found of a word."""

    only: str = ""
    """Id of the one coin that is meant; "" where it is not clear."""
    candidates: list[CandidateLine] = field(default_factory=list)
    """All coins under this ticker, the best ranked first, where there are several."""
    near: list[CandidateLine] = field(default_factory=list)
    """Coins with a name like it, where nothing has exactly this one."""


def meaning(word: str, *, directory: Directory, snapshot: MarketSnapshot) -> Meaning:
    """What this ticker, or this id in other letters, means."""
    word = word.strip()[:WORD_MAX]
    number_of, assets = directory.registry.number_of, directory.registry.assets
    owners = directory.candidates(word, rank=snapshot.columns["rank"])
    if len(owners) > 1:
        return Meaning(candidates=[_line(directory, snapshot, number) for number in owners])
    if owners:
        return Meaning(only=assets[owners[0]].id)
    if word.casefold() in number_of:
        return Meaning(only=word.casefold())
    near = [number_of[id_] for id_ in directory.near(word)]
    return Meaning(near=[_line(directory, snapshot, number) for number in near])


def _line(directory: Directory, snapshot: MarketSnapshot, number: int) -> CandidateLine:
    asset, rank = directory.registry.assets[number], int(snapshot.columns["rank"][number])
    return CandidateLine(
        id=asset.id,
        name=asset.name,
        symbol=asset.symbol,
        logo=asset.logo,
        rank=f"Rank {rank}" if rank else "Not ranked",
        price=format.price(float(snapshot.columns["price"][number])),
        platform=f"on {asset.platform}" if asset.platform else "",
        href=f"/coin/{asset.id}",
    )
