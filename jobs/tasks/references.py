"""Once a minute: ask the reference sources, decide supplies, compare prices, tell the owner."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import httpx
import msgspec
import numpy as np
import structlog
from numpy.typing import NDArray
from tenacity import AsyncRetrying, retry_if_exception_type, wait_random_exponential

from app.market.crosscheck import (
    CrosscheckReport,
    References,
    cross_check,
    extended,
    first_state,
)
from app.market.quotes import Floats
from app.market.registry import Asset, Registry
from app.market.supply import PERSON
from app.store.database import Database, DatabaseAway
from app.store.supply import (
    newest_decisions,
    newest_observations,
    read_calls,
    write_calls,
    write_decisions,
    write_observations,
)
from jobs.sources.ledger import HOUR, MONTH_HOURS, Ledger
from jobs.sources.matching import AssetIndex, Matches, match
from jobs.sources.poller import SourcePoller, SourceStatus
from jobs.sources.source import Source, Told
from jobs.tasks.supplies import SupplyBook

log = structlog.get_logger(__name__)

EVERY = 60.0
"""Seconds between two rounds."""

BY_PERSON = "the operator of this service"
"""Who decided a supply that no source has confirmed."""

_NAMED = 10
"""Assets that one line of the log names."""

_SLICE = 50
"""Supplies that are decided at once; between two slices others may run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """What the running index gives and takes."""

    published: Callable[[], Floats]
    """The published price of each asset in USD; NaN where there is none."""
    on_flags: Callable[[NDArray[np.uint32]], None]
    """Hears `xcheck_fail` and `supply_suspect` of every asset after each round."""
    on_supply: Callable[[Floats], None]
    """Hears the circulating supply of every asset after each round; NaN where unknown."""
    on_assets: Callable[[tuple[Asset, ...]], None]
    """Hears all assets with their decided supplies whenever one of these has changed."""
    on_report: Callable[[CrosscheckReport], None]
    """Hears how far the sources are from us after each round."""


class ReferenceStatus(msgspec.Struct, frozen=True):
    """One source's state, and what its rows were made of."""

    source: SourceStatus
    matched: int
    unmatched: tuple[str, ...]
    """Ids of rows, in the source's words, that no asset of ours is."""
    ambiguous: tuple[str, ...]


class ReferenceRounds:
    """The sources, what they said last, and what followed from it."""

    def __init__(
        self,
        sources: Sequence[Source],
        registry: Registry,
        owner: Owner,
        *,
        database: Database,
        client: httpx.AsyncClient,
        clock: Callable[[], float],
        keys: Mapping[str, str],
        steady: Callable[[], float] | None = None,
    ) -> None:
        """`keys` are the operator's, by name of the source; `steady` only goes forward."""
        self.supplies = SupplyBook(registry)
        self._registry = registry
        self._owner = owner
        self._database = database
        self._clock = clock
        self._index = AssetIndex(registry.assets)
        self._pollers = [
            SourcePoller(
                source,
                client=client,
                clock=clock,
                key=keys.get(source.name, ""),
                steady=steady,
            )
            for source in sources
        ]
        shape = (len(sources), len(registry.assets))
        self._price, self._time = np.full(shape, np.nan), np.full(shape, np.nan)
        self._state = first_state(sources=shape[0], assets=shape[1])
        self._titles = {source.name: source.title for source in sources} | {PERSON: BY_PERSON}
        self._failed: NDArray[np.uint32] = np.zeros(shape[1], dtype=np.uint32)
        self._unmatched: list[set[str]] = [set() for _ in sources]
        self._ambiguous: list[set[str]] = [set() for _ in sources]
        self._round_at = -np.inf
        """Redenominations since then are still to be followed."""
        self._away = self._recalled = False
        self._turn = asyncio.Lock()

    def adopt(self, registry: Registry) -> None:
        """The registry is this one from now on; assets keep their numbers, new ones follow."""
        more = len(registry.assets) - len(self._registry.assets)
        if registry.assets is not self._registry.assets:
            self._index = AssetIndex(registry.assets)
        if more:
            unknown = np.full((len(self._pollers), more), np.nan)
            self._price = np.hstack((self._price, unknown))
            self._time = np.hstack((self._time, unknown))
            self._failed = np.concatenate((self._failed, np.zeros(more, dtype=np.uint32)))
            self._state = extended(self._state, assets=len(registry.assets))
        self._registry = registry
        self.supplies.adopt(registry)
        self._round_at = -np.inf

    async def start(self) -> None:
        """What was stored is known again, as soon as Postgres answers, and a first round is made.

        Nothing is asked before: the stored calls belong to the budget.
        """
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(DatabaseAway), wait=wait_random_exponential(max=5)
        ):
            with attempt:
                await self._recall()
        self._recalled = True
        await self.round()

    async def round(self) -> None:
        """Ask what is due, decide, compare, tell the owner, store; one round at a time."""
        if self._recalled and not self._turn.locked():
            async with self._turn:
                await self._round()

    def status(self) -> tuple[ReferenceStatus, ...]:
        """How each source does, and whom it could not be matched with."""
        return tuple(
            ReferenceStatus(
                source=poller.status(),
                matched=int(np.isfinite(self._time[row]).sum()),
                unmatched=tuple(sorted(self._unmatched[row])),
                ambiguous=tuple(sorted(self._ambiguous[row])),
            )
            for row, poller in enumerate(self._pollers)
        )

    async def _round(self) -> None:
        answers = await asyncio.gather(*(poller.poll() for poller in self._pollers))
        now = self._clock()
        heard = set(self.supplies.redenominated(since=self._round_at, until=now))
        self._round_at = now
        for row, pages in enumerate(answers):
            for rows in pages:
                heard.update(self._take(row, rows, now))
                await asyncio.sleep(0)
        heard.update(await self._stored_by_person())
        await self._decide(heard, now)
        self._compare(now)
        if (assets := self.supplies.described(self._titles)) is not None:
            self._owner.on_assets(assets)
        self._owner.on_supply(self.supplies.circulating())
        self._owner.on_flags(self._failed | self.supplies.flags())
        await self._store()

    def _take(self, row: int, rows: Sequence[Told], now: float) -> list[int]:
        """Prices go to their columns, supplies to their book; the assets that were spoken of."""
        source = self._pollers[row].source
        matches = match(source, rows, self._index)
        self._remember_unmatched(row, matches)
        for number, told in matches.found:
            self._price[row, number] = told.price
            # A source whose clock is ahead is not newer than its answer.
            self._time[row, number] = now if np.isnan(told.time) else min(told.time, now)
        return self.supplies.hear(source.name, matches.found, now=now)

    def _remember_unmatched(self, row: int, matches: Matches) -> None:
        found = {told.id for _, told in matches.found}
        for ids, new in (
            (self._unmatched[row], matches.unmatched),
            (self._ambiguous[row], matches.ambiguous),
        ):
            ids -= found
            ids |= set(new)

    async def _decide(self, numbers: Collection[int], now: float) -> None:
        for place, number in enumerate(sorted(numbers), 1):
            self.supplies.decide(number, now=now)
            if place % _SLICE == 0:
                await asyncio.sleep(0)

    def _compare(self, now: float) -> None:
        names = tuple(poller.source.name for poller in self._pollers)
        references = References(names, self._price, self._time)
        found = cross_check(
            self._state, self._registry.assets, self._owner.published(), references, now=now
        )
        flags = found.flags()
        if changed := np.flatnonzero(flags != self._failed).tolist():
            log.warning(
                "xcheck_changed",
                failing=len(found.report.failing),
                changed=[self._registry.assets[number].id for number in changed[:_NAMED]],
            )
        self._failed = flags
        self._state = found.state
        self._owner.on_report(found.report)

    async def _recall(self) -> None:
        since = self._clock() - MONTH_HOURS * HOUR
        async with self._database.connection() as connection:
            observations = await newest_observations(connection)
            decisions = await newest_decisions(connection)
            calls = [
                await read_calls(connection, poller.source.name, since=since)
                for poller in self._pollers
            ]
        self.supplies.recall(observations, decisions)
        for poller, hours in zip(self._pollers, calls, strict=True):
            poller.ledger = Ledger(hours)
        log.info("supplies_recalled", observations=len(observations), decisions=len(decisions))

    async def _stored_by_person(self) -> list[int]:
        """Supplies that the operator has decided since the last round, in another process."""
        try:
            async with self._database.connection() as connection:
                found = await newest_observations(connection, source=PERSON)
        except DatabaseAway:
            return []
        return self.supplies.hear_person(found)

    async def _store(self) -> None:
        """Changes and calls are kept; while Postgres is away they wait."""
        observations = tuple(self.supplies.unstored_observations)
        decisions = tuple(self.supplies.unstored_decisions)
        try:
            async with self._database.connection() as connection:
                await write_observations(connection, observations)
                await write_decisions(connection, decisions)
                for poller in self._pollers:
                    await write_calls(connection, poller.source.name, poller.ledger.unstored)
        except DatabaseAway as error:
            if not self._away:
                log.warning("supplies_not_stored", reason=str(error))
            self._away = True
            return
        self._away = False
        for poller in self._pollers:
            poller.ledger.stored()
        self.supplies.unstored_observations.clear()
        self.supplies.unstored_decisions.clear()
