"""The product under a virtual clock: production's board and indexer, at production's cadence."""

from collections.abc import Iterable, Mapping
from math import ceil, floor, isfinite

import msgspec

from app.market.decisions import Decisions, decided, fold
from app.market.quotes import QuoteBoard
from app.market.registry import Registry
from app.market.snapshot import MarketSnapshot
from app.market.verdict import Flag, Status
from jobs.indexer import Indexer
from jobs.scenario.cast import decision, names_of, registry_of
from jobs.scenario.check import Said
from jobs.scenario.reading import EPOCH, quote_of, source_of, supply_of
from jobs.scenario.script import Cast, ScenarioError, happening, moment
from jobs.tasks.supplies import SupplyBook

CADENCE = 0.25
"""Seconds between two publish cycles, as production's setting has it by default."""


def make(scenario: Mapping[str, object]) -> "Product":
    """The product before the first tick; raises ScenarioError where the cast makes no sense."""
    try:
        return Product(msgspec.convert(scenario, Cast))
    except msgspec.ValidationError as error:
        raise ScenarioError(f"no scenario: {error}") from error


class Product:
    """Hears ticks and events in the order of their times, and says what is published."""

    def __init__(self, cast: Cast) -> None:
        self._names = names_of(cast)
        self._first = registry_of(cast, self._names)
        self._decisions = Decisions()
        board = QuoteBoard(len(self._first.markets))
        self._indexer = Indexer(
            self._first, board, source="scenario", venues=tuple, first_version=0
        )
        self._supplies = SupplyBook(self._first)
        self._cycles = 0
        self._published = self._cycle()

    def on_tick(self, tick: Mapping[str, object]) -> None:
        """It is known to every cycle at or after its time."""
        at = moment(tick)
        self._catch_up(before=at)
        kind = tick.get("k")
        if kind == "supply":
            self._on_supply(tick, EPOCH + at)
        elif kind == "disconnect":
            self._on_disconnect(tick)
        elif kind != "heartbeat":
            self._on_quote(tick, EPOCH + at)

    def on_event(self, told: Mapping[str, object]) -> None:
        """The registry has a new version; what it does not concern is carried over."""
        at = moment(told)
        self._catch_up(before=at)
        happened = happening(told)
        # The ledger keeps whole microseconds, and nothing may be decided in its own future.
        now = round(EPOCH + at, 3)
        event = decision(happened, self._first, self._names, now=now)
        self._decisions = fold([event], onto=self._decisions)
        version = self._registry.version + 1
        self._indexer.decide(decided(self._first, self._decisions, version=version))
        self._supplies.adopt(self._registry)

    def sample(self, t: float) -> dict[str, Said]:
        """What is published at `t` of each asset of the scenario."""
        self._catch_up(until=t)
        return {name: self._said(id) for name, id in self._names.asset.items()}

    def _on_quote(self, tick: Mapping[str, object], now: float) -> None:
        row = self._names.market.get(str(tick.get("m")))
        # As in production, a symbol that nobody follows is no error.
        if row is not None:
            self._indexer.board.put(row, quote_of(tick), now)

    def _on_supply(self, tick: Mapping[str, object], now: float) -> None:
        asset = self._names.asset.get(str(tick.get("asset")))
        if asset is not None:
            row = (self._registry.number_of[asset], supply_of(tick))
            self._decide_supplies(self._supplies.hear(source_of(tick), [row], now=now), now)

    def _on_disconnect(self, tick: Mapping[str, object]) -> None:
        """The venue's next connection counts afresh; age alone decides over what it said."""
        row = self._names.market.get(str(tick.get("m")))
        venue = tick.get("venue") if row is None else self._registry.markets[row].venue
        self._indexer.board.renew(self._registry.rows_of_venue.get(str(venue), {}).values())

    def _catch_up(self, *, before: float | None = None, until: float | None = None) -> None:
        """Every cycle that is due has run; cycle n is at n × `CADENCE`."""
        due = 0
        if before is not None:
            due = ceil(before / CADENCE)
        if until is not None:
            due = floor(until / CADENCE) + 1
        while self._cycles < due:
            self._published = self._cycle()

    def _cycle(self) -> MarketSnapshot:
        now = EPOCH + self._cycles * CADENCE
        self._cycles += 1
        return self._indexer.cycle(now)[0]

    @property
    def _registry(self) -> Registry:
        return self._indexer.registry

    def _decide_supplies(self, numbers: Iterable[int], now: float) -> None:
        """The indexer hears of supplies what the task that asks reference sources would tell it."""
        for number in numbers:
            self._supplies.decide(number, now=now)
        self._indexer.find(flags=self._supplies.flags(), circulating=self._supplies.circulating())

    def _said(self, id: str) -> Said:
        number = self._registry.number_of[id]
        row = {name: column[number] for name, column in self._published.columns.items()}
        return {
            "price": _known(float(row["price"])),
            "status": Status(int(row["status"])).word,
            "flags": Flag(int(row["flags"])).words,
            "mcap": _known(float(row["market_cap"])),
        }


def _known(value: float) -> float | None:
    return value if isfinite(value) else None
