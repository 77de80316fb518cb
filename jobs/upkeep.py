"""Everything slower than a cycle that keeps the index right: past, ledger, reference sources."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import httpx
import structlog
from tenacity import AsyncRetrying, retry_if_exception_type, wait_random_exponential

from app.market.decisions import Decisions, decided
from app.market.registry import Asset
from app.settings import Settings
from app.store.database import Database, DatabaseAway
from app.store.ledger import read_last_changes
from jobs import schedule
from jobs.feed import StreamAndRest
from jobs.indexer import Indexer, prepare, recall, store
from jobs.registry import Identity
from jobs.rest import ActivityReader, HistoryReader
from jobs.sources import chosen
from jobs.sources.reach import SandboxSilentError, at_sandbox
from jobs.tasks.backfill import Present, backfill
from jobs.tasks.ledger import Waiting, append_waiting, follow_decisions
from jobs.tasks.references import Owner, ReferenceRounds
from jobs.tasks.trust import Reported, VolumeTrust
from jobs.venues import VENUES

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What the slower tasks work on; `clock` gives epoch seconds."""

    indexer: Indexer
    database: Database
    clock: Callable[[], float]

    async def keep(
        self,
        identity: Identity,
        waiting: Waiting,
        rounds: ReferenceRounds,
        trust: VolumeTrust,
        readers: Sequence[HistoryReader],
    ) -> None:
        """Candles, ledger, supplies, comparisons and looks at volume go on until cancelled."""
        recalled = asyncio.Event()
        table = schedule.tasks(
            make_partitions=self._make_partitions, compare_references=rounds.round
        )
        async with schedule.running(table), asyncio.TaskGroup() as group:
            group.create_task(self._keep_candles(recalled))
            group.create_task(self._keep_ledger(identity, waiting, rounds))
            group.create_task(rounds.start())
            group.create_task(trust.run())
            group.create_task(self._fill_past(recalled, readers))

    async def keep_candles(self) -> None:
        """Candles alone are kept, until cancelled: a recording has no ledger and no reference."""
        table = schedule.tasks(make_partitions=self._make_partitions)
        async with schedule.running(table):
            await self._keep_candles(asyncio.Event())

    async def _keep_candles(self, recalled: asyncio.Event) -> None:
        """Postgres gets every closed candle; while it is away they wait in memory."""
        await _once_possible(self._make_partitions)
        await _once_possible(lambda: recall(self.indexer, self.database, clock=self.clock))
        recalled.set()
        await store(self.indexer, self.database)

    async def _keep_ledger(
        self, identity: Identity, waiting: Waiting, rounds: ReferenceRounds
    ) -> None:
        """The ledger hears what was noticed, and the index what the operator decides."""
        await _once_possible(self._recall_changes)
        decide = partial(self._decide, identity, rounds)
        async with asyncio.TaskGroup() as group:
            group.create_task(append_waiting(waiting, self.database))
            group.create_task(follow_decisions(self.database, decide, known=identity.decisions))

    async def _fill_past(self, recalled: asyncio.Event, readers: Sequence[HistoryReader]) -> None:
        """Assets that miss their last days have them from the venues, after what was stored."""
        await recalled.wait()
        indexer = self.indexer
        present = Present(
            prices=lambda: indexer.prices,
            volumes=lambda: indexer.board.columns().volume,
            remember=lambda hours: indexer.remember(hours=hours),
        )
        label = "sandbox" if indexer.source == "sandbox" else "backfill"
        await backfill(
            self.database, indexer.registry, readers, present, now=self.clock(), label=label
        )

    async def _make_partitions(self) -> None:
        await prepare(self.database, now=self.clock())

    async def _recall_changes(self) -> None:
        assets = [asset.id for asset in self.indexer.registry.assets]
        async with self.database.connection() as connection:
            self.indexer.recall(await read_last_changes(connection, assets))

    def _decide(self, identity: Identity, rounds: ReferenceRounds, decisions: Decisions) -> None:
        version = self.indexer.registry.version + 1
        registry = decided(identity.listed, decisions, version=version)
        # What is known of the assets by now is more than what they were listed with.
        self.indexer.decide(replace(registry, assets=self.indexer.registry.assets))
        rounds.adopt(self.indexer.registry)
        self.indexer.released = decisions.released


async def reference_rounds(
    settings: Settings,
    indexer: Indexer,
    database: Database,
    *,
    client: httpx.AsyncClient,
    clock: Callable[[], float],
) -> ReferenceRounds:
    """The comparison with the sources that the settings name; in the sandbox, with its own."""
    sources = chosen(settings.references)
    if settings.source == "sandbox":
        try:
            sources = await at_sandbox(client, settings.sandbox_url, sources)
        except SandboxSilentError as error:
            log.warning("references_not_found", reason=str(error))
            sources = ()

    def describe(assets: tuple[Asset, ...]) -> None:
        indexer.describe(assets)
        rounds.adopt(indexer.registry)

    owner = Owner(
        published=lambda: indexer.prices,
        on_flags=lambda flags: indexer.find(flags=flags),
        on_supply=lambda circulating: indexer.find(circulating=circulating),
        on_assets=describe,
        on_report=lambda report: indexer.find(report=report),
    )
    keys = {"coingecko": settings.coingecko_key.get_secret_value()}
    rounds = ReferenceRounds(
        sources, indexer.registry, owner, database=database, client=client, clock=clock, keys=keys
    )
    return rounds


def volume_trust(
    indexer: Indexer,
    addresses: Mapping[str, StreamAndRest],
    *,
    client: httpx.AsyncClient,
    clock: Callable[[], float],
) -> VolumeTrust:
    """The looks at trades and books of the venues that are reached there and tell of them."""
    readers = [
        ActivityReader(venue, venue.trades, venue.depth, address=addresses[name], client=client)
        for name, venue in VENUES.items()
        if name in addresses and venue.trades is not None and venue.depth is not None
    ]
    reported = Reported(
        quotes=indexer.board.columns,
        prices=lambda: indexer.prices,
        on_distrusted=indexer.distrust,
    )
    return VolumeTrust(indexer.registry, readers, reported, clock=clock)


async def _once_possible(action: Callable[[], Awaitable[None]]) -> None:
    async for attempt in AsyncRetrying(
        retry=retry_if_exception_type(DatabaseAway), wait=wait_random_exponential(max=5)
    ):
        with attempt:
            await action()
