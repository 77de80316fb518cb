"""Whole markets by chance: who lists what, who lies, and what all of them say for some cycles.

What a market says is read from a few drawn bytes, each of which points into a menu: one draw
instead of hundreds. The byte 0 stands for what an ordinary venue says, so a market that breaks
a promise shrinks to ordinary quotes and the few strange ones that matter.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import nan
from typing import Any, Literal

import msgspec
from hypothesis import strategies as st
from hypothesis.vendor.pretty import RepresentationPrinter

from app.market.registry import Asset, Market, Registry, Tier
from tests.market.board import BTC, ETH, EUR, NOW, USD, USDC, USDT
from tests.market.voices import HONEST, LYING, Tick, Voice, pick, say

Pairs = tuple[tuple[str, str], ...]

OPERATORS_MAX = 25
COIN = "coin"
FIRM = "firm"

PAIRS = (
    *[(COIN, "usd")] * 6,
    *[(COIN, "tether")] * 4,
    *[(COIN, "usd-coin"), (COIN, "eur"), (COIN, "bitcoin")] * 2,
    *[("tether", "usd"), ("usd-coin", "usd"), ("bitcoin", "usd")] * 2,
    *[("tether", "eur"), ("eur", "usd"), ("usd-coin", "tether"), ("tether", "usd-coin")],
    *[("bitcoin", "tether"), ("ethereum", "usd"), ("ethereum", "usd-coin")],
)
"""Base and quote of the books that operators may list."""

FIRM_PAIRS = tuple((base, "usd") for base in ("tether", "usd-coin", "eur", "bitcoin"))
"""What three honest operators list in most markets, so that most quotes can be converted."""

EVERYTHING = (*FIRM_PAIRS, (COIN, "usd"))

STANDINGS: tuple[dict[str, Any], ...] = (
    *[{}] * 8,
    *({"pinned": True}, {"approved": False}, {"multiplier": 1000.0}),
    *({"restricted": True}, {"closed": True}, {"disabled": True}),
)
"""What may be special about a market."""

_MARKS = ("pinned", "restricted", "closed", "disabled")

LEVELS = {
    "usd": 1.0,
    "eur": 1.08,
    "tether": 1.0003,
    "usd-coin": 0.9998,
    "bitcoin": 50_000.0,
    "ethereum": 2_000.0,
}
COIN_LEVELS = (100.0, 1.0, 1e-9, 3e-5, 0.4, 7_000.0, 2e6)

GAPS = (1.0, 0.25, 5.0, 12.0, 31.0, 61.0, 200.0, 700.0, 4_000.0, 90_000.0, 700_000.0)
"""Seconds between cycles."""
COIN_MOVES = (1.0, 1.0, 1.001, 0.99, 1.05, 0.7, 1.5, 0.1, 10.0, 1000.0, 1e-6)
USUAL = (nan, nan, 1.0, 0.02, 40.0)
"""What the coin cost over the day before, as a share of what it costs at first."""
BITCOIN_MOVES = (1.0, 1.0, 1.001, 0.999, 1.05, 0.7)
STABLE_MOVES = (1.0, 1.0, 1.0, 0.999, 0.99, 0.97, 0.88)


@dataclass(frozen=True, slots=True)
class Cycle:
    """What arrives before one publication, and when that is."""

    now: float
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class History:
    """A registry and everything that was said of it."""

    registry: Registry
    liars: frozenset[str]
    cycles: tuple[Cycle, ...]
    usual: float = nan
    """The median price of the coin over the day before, in USD; NaN where that is not known."""

    def _repr_pretty_(self, printer: RepresentationPrinter, cycle: bool) -> None:
        """A line a market and a line a tick: what one reads of a broken promise."""
        tier, liars = Tier(int(self.registry.tier[-1])).name, sorted(self.liars)
        said = [f"history of a {tier} coin, usually {self.usual:g}, with liars {liars}"]
        for row, each in enumerate(self.registry.markets):
            marks = [name for name in _MARKS if getattr(each, name)]
            marks += [] if each.approved else ["on probation"]
            said.append(f"{row}: {each.operator} {each.symbol} ×{each.multiplier:g} {marks}")
        for each in self.cycles:
            said += [f"at {each.now - NOW:g}:", *(f"  {tick}" for tick in each.ticks)]
        printer.text("\n".join(said))

    def spoken(self, change: Callable[[Tick], Tick]) -> "History":
        """The same history with every tick changed."""
        cycles = [Cycle(each.now, tuple(map(change, each.ticks))) for each in self.cycles]
        return replace(self, cycles=tuple(cycles))


@st.composite
def registries(draw: st.DrawFn, *, plain: bool = False, firm: Pairs = FIRM_PAIRS) -> Registry:
    """1 to 25 operators and what they list; `plain` markets all count and have no pins."""
    coin = Asset(COIN, "COIN", "Coin", draw(st.sampled_from((Tier.MAJOR, Tier.MID, Tier.TAIL))))
    operators = draw(st.integers(1, OPERATORS_MAX))
    count = draw(st.integers(1, 2 * operators))
    books = [(f"{FIRM}{number}", pair) for number in range(3) for pair in firm]
    whole = plain or firm is EVERYTHING or draw(st.booleans())
    proved = {"pinned": firm is EVERYTHING}
    markets = [_market(*each, proved) for each in books if whole or draw(st.booleans())]
    chosen = draw(st.binary(min_size=3 * count, max_size=3 * count))
    for index in range(count):
        pair, operator, standing = chosen[3 * index : 3 * index + 3]
        special = {} if plain else pick(STANDINGS, standing)
        name = f"o{(index + operator) % operators:02}"
        markets.append(_market(name, pick(PAIRS, pair), special, venue=f"v{index:02}"))
    return Registry(1, (USD, EUR, USDT, USDC, BTC, ETH, coin), tuple(markets))


@st.composite
def histories(
    draw: st.DrawFn,
    *,
    cycles: int = 4,
    plain: bool = False,
    liars: Literal["nobody", "some", "anybody"] = "some",
    voice: Voice = LYING,
) -> History:
    """At most so many cycles; a liar lies in all of its markets.

    `some` are at most three and none of the firm; where it may be anybody, it may be everybody,
    and the firm list everything in dollars, pinned.
    """
    firm = EVERYTHING if liars == "anybody" else FIRM_PAIRS
    registry = draw(registries(plain=plain, firm=firm))
    suspects = [each for each in registry.operators if firm is EVERYTHING or FIRM not in each]
    most = {"nobody": 0, "some": min(3, len(suspects)), "anybody": len(suspects)}[liars]
    lying = frozenset(suspects[: draw(st.integers(0, most))])
    level = draw(st.sampled_from(COIN_LEVELS))
    usual = nan if plain else level * draw(st.sampled_from(USUAL))
    count, size = draw(st.integers(1, cycles)), 5 + 6 * len(registry.markets)
    truth, now, said = LEVELS | {COIN: level}, NOW, list[Cycle]()
    for number in range(count):
        word = draw(st.binary(min_size=size, max_size=size))
        now, truth = now + pick(GAPS, word[0]), _moved(truth, word[1:5])
        voices = [voice if each.operator in lying else HONEST for each in registry.markets]
        said.append(_cycle(registry, voices, word[5:], truth, now=now, sequence=2 * number + 2))
    return History(registry, lying, tuple(said), usual)


def _market(
    operator: str, pair: tuple[str, str], special: dict[str, Any], venue: str = ""
) -> Market:
    symbol = "/".join(pair)
    return Market(venue or operator, operator, symbol, *pair, **special)


def _moved(truth: dict[str, float], moves: bytes) -> dict[str, float]:
    move = {
        COIN: pick(COIN_MOVES, moves[0]),
        "bitcoin": pick(BITCOIN_MOVES, moves[1]),
        "tether": pick(STABLE_MOVES, moves[2]),
        "usd-coin": pick(STABLE_MOVES, moves[3]),
    }
    return {asset: level * move.get(asset, 1.0) for asset, level in truth.items()}


def _cycle(
    registry: Registry,
    voices: Sequence[Voice],
    words: bytes,
    truth: dict[str, float],
    *,
    now: float,
    sequence: int,
) -> Cycle:
    ticks: list[Tick] = []
    for row, market in enumerate(registry.markets):
        base, quote = truth[market.base] * market.multiplier, truth[market.quote]
        word = words[6 * row : 6 * row + 6]
        said = say(word, voices[row], base / quote, worth=quote, now=now)
        if said is not None:
            numbered = msgspec.structs.replace(said, sequence=sequence) if row % 2 else said
            ticks.append(Tick(row, numbered, now))
    return Cycle(now, tuple(ticks))
