"""What the sources say of every asset's supply, and what is decided of it; in memory only."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import isnan, prod

import numpy as np
from numpy.typing import NDArray

from app.market.quotes import Floats
from app.market.registry import Asset, Redenomination, Registry
from app.market.supply import Observation, Supply, decide, flag_of, rescaled
from app.store.supply import Decision
from jobs.sources.source import Told

CHANGE_MIN = 1e-4
"""Share by which a figure must change before it is stored again; coins are made every second."""

UNSTORED_MAX = 100_000
"""Rows that wait while Postgres is away; the oldest is dropped first."""


class SupplyBook:
    """The newest observation of each source and the decided supply, per asset."""

    def __init__(self, registry: Registry) -> None:
        self.unstored_observations: deque[Observation] = deque(maxlen=UNSTORED_MAX)
        self.unstored_decisions: deque[Decision] = deque(maxlen=UNSTORED_MAX)
        self._heard: dict[int, dict[str, Observation]] = {}
        self._stored: dict[tuple[str, str], Observation] = {}
        self._decided: dict[int, Decision] = {}
        self.adopt(registry)

    def adopt(self, registry: Registry) -> None:
        """The registry is this one from now on; assets keep their numbers."""
        self._registry = registry
        self._changes: dict[int, list[Redenomination]] = {}
        for change in registry.redenominations:
            if change.asset in registry.number_of and not change.history_only:
                number = registry.number_of[change.asset]
                self._changes.setdefault(number, []).append(change)

    def recall(self, observations: Iterable[Observation], decisions: Iterable[Decision]) -> None:
        """What was stored is known again; assets that are no longer listed are left out."""
        for one in observations:
            if (number := self._registry.number_of.get(one.asset)) is not None:
                self._heard.setdefault(number, {})[one.source] = one
                self._stored[one.asset, one.source] = one
        for decision in decisions:
            if (number := self._registry.number_of.get(decision.asset)) is not None:
                self._decided[number] = decision

    def hear(self, source: str, found: Iterable[tuple[int, Told]], *, now: float) -> list[int]:
        """Take down what the source says; the numbers of the assets that it speaks of."""
        heard: list[int] = []
        for number, told in found:
            asset = self._registry.assets[number].id
            figures = (told.circulating, told.total, told.maximum)
            if all(isnan(figure) for figure in figures):
                continue
            self._take_down(number, Observation(asset, source, now, *figures))
            heard.append(number)
        return heard

    def hear_person(self, observations: Iterable[Observation]) -> list[int]:
        """Take over what the operator has stored; the numbers of the assets it is about."""
        heard: list[int] = []
        for one in observations:
            number = self._registry.number_of.get(one.asset)
            if number is None:
                continue
            known = self._heard.setdefault(number, {}).get(one.source)
            if known is None or known.time != one.time:
                self._heard[number][one.source] = one
                heard.append(number)
        return heard

    def decide(self, number: int, *, now: float) -> None:
        """The asset's supply is decided again; a change waits to be stored."""
        before, heard = self._decided.get(number), self._heard.get(number, {})
        if before is None and not heard:
            return
        changes = [change for change in self._changes.get(number, ()) if change.at <= now]
        after = decide(
            self._in_new_unit(before, changes),
            tuple(heard.values()),
            now=now,
            redenominated=changes[-1].factor if changes else 1.0,
        )
        decided = Decision(self._registry.assets[number].id, now, after)
        if before is None or _differs(before.supply, after):
            self.unstored_decisions.append(decided)
            self._decided[number] = decided
        else:
            self._decided[number] = Decision(decided.asset, before.decided, after)

    def redenominated(self, *, since: float, until: float) -> list[int]:
        """The assets whose unit changes in (since, until]."""
        return [
            number
            for number, changes in self._changes.items()
            if any(since < change.at <= until for change in changes)
        ]

    def supply(self, number: int) -> Supply | None:
        """The decided supply; None while nobody has spoken of it."""
        decided = self._decided.get(number)
        return None if decided is None else decided.supply

    def observations(self, number: int) -> tuple[Observation, ...]:
        """The newest word of each source on the asset, in the order of their names."""
        heard = self._heard.get(number, {})
        return tuple(heard[source] for source in sorted(heard))

    def circulating(self) -> Floats:
        """Circulating supply of each asset: the decided one, else the registry's."""
        column = self._registry.circulating.copy()
        for number, decision in self._decided.items():
            if not isnan(decision.supply.circulating):
                column[number] = decision.supply.circulating
        return column

    def described(self, titles: Mapping[str, str]) -> tuple[Asset, ...] | None:
        """The registry's assets with the decided supplies; None while they say the same.

        `titles` are what people call the sources.
        """
        assets = list(self._registry.assets)
        changed = False
        for number, decision in self._decided.items():
            supply, asset = decision.supply, assets[number]
            source = " and ".join(titles.get(name, name) for name in supply.sources)
            if not supply.sources or (
                source == asset.supply_source and not any(_moved(_figures(asset), _figures(supply)))
            ):
                continue
            changed = True
            assets[number] = replace(
                asset,
                circulating=supply.circulating,
                total=supply.total,
                maximum=supply.maximum,
                supply_source=source,
            )
        return tuple(assets) if changed else None

    def flags(self) -> NDArray[np.uint32]:
        """The flags that follow from the supplies, per asset."""
        column = np.zeros(len(self._registry.assets), dtype=np.uint32)
        for number, decision in self._decided.items():
            column[number] = int(flag_of(decision.supply))
        return column

    def _take_down(self, number: int, said: Observation) -> None:
        self._heard.setdefault(number, {})[said.source] = said
        stored = self._stored.get((said.asset, said.source))
        if stored is None or any(_moved(_figures(stored), _figures(said))):
            self._stored[said.asset, said.source] = said
            self.unstored_observations.append(said)

    def _in_new_unit(
        self, before: Decision | None, changes: Sequence[Redenomination]
    ) -> Supply | None:
        """What was decided before, in the unit of today."""
        if before is None:
            return None
        later = prod(change.factor for change in changes if change.at > before.decided)
        return before.supply if later == 1.0 else rescaled(before.supply, later)


def _differs(before: Supply, after: Supply) -> bool:
    said = (before.suspect, before.sources) != (after.suspect, after.sources)
    return said or any(_moved(_figures(before), _figures(after)))


def _figures(said: Observation | Supply | Asset) -> tuple[float, float, float]:
    return said.circulating, said.total, said.maximum


def _moved(before: Sequence[float], after: Sequence[float]) -> Iterator[bool]:
    """Whether each figure changed by enough to be told again."""
    for old, new in zip(before, after, strict=True):
        if isnan(old) or isnan(new):
            yield isnan(old) != isnan(new)
        else:
            yield abs(new - old) > CHANGE_MIN * abs(old)
