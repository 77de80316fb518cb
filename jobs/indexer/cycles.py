"""What every publish cycle does in memory; it reads no clock and speaks to nobody."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import inf

import numpy as np
from numpy.typing import NDArray

from app.market.candles import HOUR, MINUTE, Candles, Forming, candles_at
from app.market.carry import carried
from app.market.crosscheck import CrosscheckReport
from app.market.events import PriceEvent
from app.market.frame import Frame
from app.market.health import VenueHealth
from app.market.index import first_state, step
from app.market.layout import lay_out
from app.market.publish import (
    Edition,
    Findings,
    first_findings,
    makes_history,
    snapshot_of,
    votes_of,
)
from app.market.quotes import Floats, QuoteBoard, QuoteColumns
from app.market.registry import Asset, Registry
from app.market.snapshot import MarketSnapshot, MarketVotes
from app.market.stats import DAY, History
from app.market.trips import Trips
from app.market.units import taking_effect
from app.market.watch import Watch
from app.store.mirror import SPARK_POINTS, Sparks
from jobs.indexer.proofs import proofs

UNSTORED_MAX = 1000
"""Batches of closed candles kept while Postgres is away; the oldest is dropped first."""

USUAL_EVERY = 60.0
"""Seconds between two looks at what a price usually is."""

_NONE = candles_at(0, np.empty(0, dtype=np.int64), *(np.empty(0),) * 5)


class Indexer:
    """Computes the market from a board, cycle after cycle; a single task owns it."""

    def __init__(
        self,
        registry: Registry,
        board: QuoteBoard,
        *,
        source: str,
        venues: Callable[[], tuple[VenueHealth, ...]],
        first_version: int,
        notice: Callable[[Sequence[PriceEvent]], None] | None = None,
    ) -> None:
        self.registry, self.board, self.source = registry, board, source
        self.venues = venues
        self._notice = notice
        self.history = History(len(registry.assets))
        self.unstored: deque[tuple[str, Candles]] = deque(maxlen=UNSTORED_MAX)
        """Closed candles by interval that are not in Postgres yet, oldest first."""
        self.recollections = 0
        """How often history took over candles that were not made here."""
        self.findings = first_findings(registry)
        """What slower tasks found out of each asset."""
        self.report: CrosscheckReport | None = None
        """How far the reference sources are from us; None before the first comparison."""
        self.released: Mapping[str, float] = {}
        """Asset → when a person last released its publication breaker, in epoch seconds."""
        ids = [asset.id for asset in registry.assets]
        self._watch, self._trips = Watch(ids), Trips(ids)
        self._version = first_version
        self._layout = lay_out(registry)
        self._state = self._before = first_state(registry)
        self._quotes: QuoteColumns | None = None
        self._usual_at = -inf
        assets = len(registry.assets)
        self._forming = {
            "1m": Forming(assets, seconds=MINUTE),
            "1h": Forming(assets, seconds=HOUR),
        }

    def cycle(self, now: float) -> tuple[MarketSnapshot, MarketVotes]:
        """The market at `now`; candles that it closed wait in `unstored`."""
        self.board.settle()
        self._prepare(now)
        self._before, self._quotes = self._state, self.board.columns()
        self._state, prices, votes = step(self._before, self._quotes, self._layout, now)
        good = makes_history(prices)
        self.history.record(now, prices.price, good)
        for interval, forming in self._forming.items():
            closed = forming.sample(now, prices.price, prices.volume, good)
            if len(closed):
                self.unstored.append((interval, closed))
        self._version += 1
        snapshot = snapshot_of(
            prices, self._layout, self.history, self._edition(), self.findings, now=now
        )
        self._tell(snapshot, now)
        return snapshot, votes_of(votes, self.registry, version=self._version, now=now)

    @property
    def frame(self) -> Frame | None:
        """Everything that the last cycle was computed from; None before the first."""
        if self._quotes is None:
            return None
        return Frame(
            self._version,
            self.registry.version,
            self._state.time,
            self.source,
            self._quotes,
            self._before,
        )

    @property
    def prices(self) -> Floats:
        """The last good price of each asset in USD; NaN before the first."""
        return np.exp(self._state.good)

    def decide(self, registry: Registry) -> None:
        """Go on with another version of the same registry: the same assets and markets in order."""
        layout = lay_out(registry)
        self._state = carried(self._state, self.registry, registry)
        before = enumerate(zip(self.registry.markets, registry.markets, strict=True))
        self.board.forget(row for row, (old, new) in before if old.base != new.base)
        self.registry, self._layout = registry, layout

    def describe(self, assets: tuple[Asset, ...]) -> None:
        """Go on with other facts about the same assets in the same order."""
        version = self.registry.version + 1
        self.registry = replace(self.registry, version=version, assets=assets)
        self._layout = replace(self._layout, registry=self.registry)

    def find(
        self,
        *,
        flags: NDArray[np.uint32] | None = None,
        circulating: Floats | None = None,
        report: CrosscheckReport | None = None,
    ) -> None:
        """What is given replaces what was found before, from the next cycle on."""
        self.findings = Findings(
            self.findings.flags if flags is None else flags,
            self.findings.circulating if circulating is None else circulating,
        )
        self.report = report or self.report

    def resume(self, frame: Frame, registry: Registry) -> None:
        """Go on from the state in which an earlier process computed under its registry."""
        self._state = carried(frame.state, registry, self.registry)

    def distrust(self, markets: NDArray[np.bool_]) -> None:
        """The reported volume of these markets is not believed, from the next cycle on."""
        self._state = replace(self._state, distrusted=markets)

    def remember(self, *, hours: Candles, minutes: Candles = _NONE) -> None:
        """Changes, ranges and sparklines know these candles as well, from the next cycle on."""
        self.history.fill(minutes=minutes, hours=hours)
        self.recollections += 1

    def recall(self, events: Sequence[PriceEvent]) -> None:
        """The ledger's last word on each asset is known, so that nothing is told twice."""
        self._watch.recall(events)
        self._trips.recall(events)

    def sparks(self, now: float) -> Sparks:
        """The sparklines of all assets."""
        return self.history.sparks(now, points=SPARK_POINTS)

    def _tell(self, snapshot: MarketSnapshot, now: float) -> None:
        """Whoever keeps the ledger hears what has changed, which mostly is nothing."""
        if self._notice is None:
            return
        status, flags = snapshot.columns["status"], snapshot.columns["flags"]
        told = self._watch.feed(status, flags, now)
        told += self._trips.feed(self._state.broken_since, self.prices, now)
        told += proofs(self._before, self._state, self._layout, now)
        if told:
            self._notice(told)

    def _prepare(self, now: float) -> None:
        """History in today's units, and what each price usually is, known to the state."""
        for each in taking_effect(self.registry, after=self._state.time, until=now):
            if (asset := self.registry.number_of.get(each.asset)) is not None:
                self.history.rescale(asset, each.factor)
                circulating = self.findings.circulating.copy()
                circulating[asset] /= each.factor
                self.find(circulating=circulating)
                for forming in self._forming.values():
                    forming.rescale(asset, each.factor)
                self._usual_at = -inf
        if not self._usual_at <= now < self._usual_at + USUAL_EVERY:
            self._usual_at = now
            usual = self.history.usual(now)
            for id, at in self.released.items():
                if id in self.registry.number_of and now - at < DAY:
                    usual[self.registry.number_of[id]] = np.nan
            self._state = replace(self._state, usual=usual)

    def _edition(self) -> Edition:
        venues = self.venues()
        live = sum(venue.state == "live" for venue in venues)
        return Edition(self._version, self.source, live, len(venues))
