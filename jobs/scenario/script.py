"""What a scenario file says: who takes part, what is told when, and what must be published."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

import msgspec

from app.market.registry import Tier
from jobs.scenario.check import Assertion
from jobs.scenario.expand import Series, Tick

TIERS = {tier.name.lower(): tier for tier in Tier}

KINDS = ("ticker", "supply", "disconnect", "heartbeat")
"""What a literal tick can be; a tick without a kind is a ticker."""


class ScenarioError(ValueError):
    """The file is no scenario; the message says what would be accepted."""


class AssetFacts(msgspec.Struct, frozen=True):
    """One asset of the cast."""

    tier: str = "mid"
    symbol: str = ""
    """Empty where it is the id."""
    peg: str = ""
    """Id of the asset that a stablecoin promises to be worth one of; "" for the dollar."""

    def __post_init__(self) -> None:
        if self.tier not in TIERS:
            raise ScenarioError(f"tier {self.tier!r}; {_one_of(TIERS)}")


class MarketFacts(msgspec.Struct, frozen=True):
    """One market of the cast; base and quote are asset ids of the scenario."""

    venue: str
    base: str
    quote: str
    group: str = ""
    """Operator; empty where it is the venue."""
    usd_book_is: str | None = None
    """The stablecoin in which a book that is called a dollar book really settles."""
    pinned: bool = False
    approved: bool = True
    """False while the mapping is on probation."""
    closed: bool = False
    """True while deposits or withdrawals are closed."""


class Cast(msgspec.Struct, frozen=True):
    """All that the product must know before the first tick."""

    assets: dict[str, AssetFacts]
    markets: dict[str, MarketFacts]

    def __post_init__(self) -> None:
        # Nobody needs to introduce the dollar.
        self.assets.setdefault("USD", AssetFacts("fiat", "USD"))
        for id, market in self.markets.items():
            for asset in (market.base, market.quote, market.usd_book_is):
                if asset and asset not in self.assets:
                    raise ScenarioError(f"market {id} names {asset!r}; {_one_of(self.assets)}")


class MarketDisable(msgspec.Struct, frozen=True):
    """The operator of the service takes a market out."""

    market: str


class MarketRemap(msgspec.Struct, frozen=True):
    """The operator of the service decides that a market trades another asset."""

    market: str
    base: str


class Redenominate(msgspec.Struct, frozen=True):
    """From now on a unit of the asset costs `price_factor` times what it cost."""

    asset: str
    price_factor: float

    def __post_init__(self) -> None:
        if not 0 < self.price_factor < float("inf"):
            raise ScenarioError(f"price_factor {self.price_factor} must be a number above 0")


Happening: TypeAlias = MarketDisable | MarketRemap | Redenominate

_HAPPENINGS: dict[str, type[Happening]] = {
    "market_disable": MarketDisable,
    "market_remap": MarketRemap,
    "redenomination": Redenominate,
}


class Scenario(Cast, frozen=True, kw_only=True):
    """A whole file; facts, sources and dates are for people."""

    id: str
    duration: float
    title: str = ""
    sample_every: float = 1.0
    series: dict[str, Series] = msgspec.field(default_factory=dict)
    ticks: list[Tick] = msgspec.field(default_factory=list)
    events: list[dict[str, object]] = msgspec.field(default_factory=list)
    assertions: list[Assertion] = msgspec.field(name="assert")

    def __post_init__(self) -> None:
        super().__post_init__()
        _known("series", self.series, self.markets)
        _known("assert", {check.asset for check in self.assertions}, self.assets)
        for tick in self.ticks:
            _check_tick(tick, self)
        for event in self.events:
            moment(event)
            happened = happening(event)
            if not isinstance(happened, Redenominate):
                _known("event", {happened.market}, self.markets)
            if not isinstance(happened, MarketDisable):
                asset = happened.base if isinstance(happened, MarketRemap) else happened.asset
                _known("event", {asset}, self.assets)


def read(file: Path) -> Scenario:
    """The scenario in the file; raises ScenarioError with the file's name."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Scenario)
    except OSError as error:
        raise ScenarioError(f"{file}: cannot be read: {error.strerror}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ScenarioError(f"{file}: no scenario: {error}; see docs/scenarios.md") from error


def happening(event: Mapping[str, object]) -> Happening:
    """What an event says; the name of its kind may stand under any key."""
    kind = next((said for said in event.values() if str(said) in _HAPPENINGS), None)
    if not isinstance(kind, str):
        raise ScenarioError(f"event {dict(event)} has no type; {_one_of(_HAPPENINGS)}")
    try:
        return msgspec.convert(event, _HAPPENINGS[kind])
    except msgspec.ValidationError as error:
        raise ScenarioError(f"event {kind}: {error}") from error


def moment(told: Mapping[str, object]) -> float:
    """When it is told, in seconds of the scenario."""
    at = told.get("t")
    if isinstance(at, bool) or not isinstance(at, int | float):
        raise ScenarioError(f"{dict(told)} needs a time: a number of seconds under `t`")
    return float(at)


def _check_tick(tick: Tick, cast: Cast) -> None:
    moment(tick)
    kind = tick.get("k") or "ticker"
    if kind not in KINDS:
        raise ScenarioError(f"tick of kind {kind!r}; {_one_of(KINDS)}")
    if kind == "supply":
        _known("supply", {str(tick.get("asset"))}, cast.assets)
    elif "m" in tick or kind == "ticker":
        _known("tick", {str(tick.get("m"))}, cast.markets)


def _known(what: str, names: Mapping[str, object] | set[str], known: Mapping[str, object]) -> None:
    for name in sorted(set(names) - known.keys()):
        raise ScenarioError(f"{what} names {name!r}; {_one_of(known)}")


def _one_of(names: Mapping[str, object] | tuple[str, ...]) -> str:
    return f"accepted: {', '.join(names)}"
