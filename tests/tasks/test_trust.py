"""Volume that a simulated venue washes is found out over the wire, and no other."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import httpx
import numpy as np
import pytest

from app.market.quotes import Floats, QuoteBoard
from app.market.registry import Registry
from jobs.feed import Address
from jobs.indexer import Indexer
from jobs.mapping import build_registry
from jobs.reach import fetch_listings, sandbox_addresses
from jobs.rest import ActivityReader, Patience
from jobs.sandbox.voices import VOICES
from jobs.seed import load_seed
from jobs.tasks.trust import Mask, Reported, Rhythm, VolumeTrust
from jobs.venue import Budget
from jobs.venues import VENUES
from tests.sandbox.market import Clock, open_sandbox

pytestmark = pytest.mark.wire

SEEDS = load_seed()
PLENTY = Budget(cost=1_000_000, seconds=1.0)
FIVE = ("binance", "bybit", "coinbase", "kraken", "okx")
QUICK = Rhythm(round=0.2, verdict=0.05, volumes=0.0)


@dataclass
class Simulated:
    """A sandbox, the registry of its markets, and what the task told."""

    url: str
    client: httpx.AsyncClient
    clock: Clock
    addresses: dict[str, Address]
    registry: Registry
    board: QuoteBoard
    told: list[Mask]

    def readers(self) -> list[ActivityReader]:
        """The readers of these venues, with more budget than they have."""
        return [
            ActivityReader(
                replace(VENUES[name], budget=PLENTY),
                trades,
                depth,
                address=self.addresses[name],
                client=self.client,
                patience=Patience(failures=1),
                first_wait=0.01,
            )
            for name in self.addresses
            if (trades := VENUES[name].trades) and (depth := VENUES[name].depth)
        ]

    def trust(self, readers: list[ActivityReader]) -> VolumeTrust:
        """The task with these readers."""
        reported = Reported(
            quotes=self.board.columns, prices=self.prices, on_distrusted=self.told.append
        )
        return VolumeTrust(self.registry, readers, reported, clock=self.clock, rhythm=QUICK)

    def prices(self) -> Floats:
        """What the seed says that assets are worth."""
        known = {seed.id: seed.price for seed in SEEDS} | {"usd": 1.0}
        return np.array([known.get(asset.id, np.nan) for asset in self.registry.assets])

    async def poll(self) -> None:
        """The board knows every venue's tickers, as far as they can be read."""
        for name, rows in self.registry.rows_of_venue.items():
            call, parse = VENUES[name].tickers, VENUES[name].parse_tickers
            assert call is not None
            assert parse is not None
            body = await self.client.get(self.addresses[name].rest_url + call.path)
            for quote in parse(body.content):
                if (row := rows.get(quote.symbol)) is not None:
                    self.board.put(row, quote, self.clock.now)
        self.board.settle()

    async def order(self, **fault: object) -> None:
        """A fault is in force."""
        answer = await self.client.post(f"{self.url}/admin/faults", json=fault)
        assert answer.status_code == 201

    async def calls(self, venue: str) -> int:
        """How often the venue was called."""
        return (await self.client.get(f"{self.url}/admin/traffic")).json()[venue]["calls"]

    def of(self, venue: str) -> list[bool]:
        """Whether each market belongs to the venue."""
        return [market.venue == venue for market in self.registry.markets]


@asynccontextmanager
async def simulating(*venues: str, assets: int = 4) -> AsyncGenerator[Simulated]:
    """A sandbox of these venues that was polled once."""
    clock = Clock()
    voices = (VOICES[name] for name in venues)
    async with open_sandbox(clock, *voices, assets=assets) as url, httpx.AsyncClient() as client:
        addresses = await sandbox_addresses(client, url)
        listings = await fetch_listings(VENUES, addresses, client)
        registry = build_registry(SEEDS, listings, VENUES, version=1)
        board = QuoteBoard(len(registry.markets))
        simulated = Simulated(url, client, clock, addresses, registry, board, [])
        await simulated.poll()
        yield simulated


async def look(simulated: Simulated, trust: VolumeTrust, readers: list[ActivityReader]) -> None:
    """Ten minutes went by, and every market was looked at once more."""
    simulated.clock.now += 600
    # The books move a little later than the clock.
    await asyncio.sleep(0.2)
    await simulated.poll()
    await asyncio.gather(*(trust.look_around(reader) for reader in readers))


async def test_washed_volume_is_found_out_and_no_other():
    async with simulating(*FIVE) as simulated:
        readers = simulated.readers()
        trust = simulated.trust(readers)
        await look(simulated, trust, readers)
        assert not trust.judge().any()

        await simulated.order(kind="wash", venue="kraken", seconds=86_400)
        await look(simulated, trust, readers)
        distrusted = trust.judge()

        assert distrusted.tolist() == simulated.of("kraken")
        assert [mask.tolist() for mask in simulated.told] == [
            [False] * len(distrusted),
            distrusted.tolist(),
        ]


async def test_a_venue_that_tells_few_trades_is_found_out_by_its_second_look():
    async with simulating("bybit", "okx") as simulated:
        readers = simulated.readers()
        trust = simulated.trust(readers)
        await simulated.order(kind="wash", venue="bybit", seconds=86_400)
        await look(simulated, trust, readers)
        await look(simulated, trust, readers)

        assert trust.judge().tolist() == simulated.of("bybit")


async def test_a_venue_that_washes_no_more_is_believed_again():
    async with simulating("coinbase", "okx") as simulated:
        readers = simulated.readers()
        trust = simulated.trust(readers)
        await simulated.order(kind="wash", venue="okx", seconds=86_400)
        await look(simulated, trust, readers)
        assert trust.judge().tolist() == simulated.of("okx")

        await simulated.client.delete(f"{simulated.url}/admin/faults")
        await look(simulated, trust, readers)

        assert not trust.judge().any()


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 429, "retry_after": 1},
        {"kind": "status", "status": 503},
        {"kind": "html"},
        {"kind": "truncated"},
    ],
    ids=["429", "503", "html", "truncated"],
)
async def test_a_venue_without_answers_costs_no_other_and_is_asked_again(fault: dict[str, object]):
    async with simulating("kraken", "okx") as simulated:
        readers = simulated.readers()
        trust = simulated.trust(readers)
        await simulated.order(kind="wash", venue="okx", seconds=86_400)
        await simulated.order(venue="kraken", seconds=5, **fault)
        await asyncio.gather(*(trust.look_around(reader) for reader in readers))

        given_up = {reader.venue.name: reader.given_up != "" for reader in readers}
        assert given_up == {"kraken": True, "okx": False}
        assert trust.judge().tolist() == simulated.of("okx")

        await simulated.order(kind="wash", venue="kraken", seconds=86_400)
        await look(simulated, trust, readers)
        assert trust.judge().all()


async def test_what_is_not_believed_is_still_shown_as_reported():
    async with simulating("kraken", "okx") as simulated:
        registry, clock, readers = simulated.registry, simulated.clock, simulated.readers()
        indexer = Indexer(
            registry, simulated.board, source="sandbox", venues=lambda: (), first_version=0
        )
        reported = Reported(
            quotes=indexer.board.columns,
            prices=lambda: indexer.prices,
            on_distrusted=indexer.distrust,
        )
        trust = VolumeTrust(registry, readers, reported, clock=clock, rhythm=QUICK)
        await simulated.order(kind="wash", venue="okx", seconds=86_400)
        await simulated.poll()
        before, votes = indexer.cycle(clock.now)
        await asyncio.gather(*(trust.look_around(reader) for reader in readers))
        trust.judge()
        after, _ = indexer.cycle(clock.now + 0.25)

    bitcoin = registry.number_of["bitcoin"]
    honest = np.array(simulated.of("kraken")) & (registry.base == bitcoin)
    believed = np.nansum(votes.columns["volume_24h"][honest])
    columns = ("volume_24h", "volume_reported")
    told = [tuple(shown.columns[name][bitcoin] for name in columns) for shown in (before, after)]
    assert told[0][0] == told[0][1]
    assert told[1] == (pytest.approx(believed), told[0][1])
    assert told[1][1] > 40 * told[1][0]


async def test_rounds_and_verdicts_go_on_by_themselves():
    async with simulating("okx") as simulated:
        await simulated.order(kind="wash", venue="okx", seconds=86_400)
        running = asyncio.create_task(simulated.trust(simulated.readers()).run())
        await simulated.poll()
        async with asyncio.timeout(10):
            while not (simulated.told and simulated.told[-1].all()):
                await asyncio.sleep(0.01)
        assert await simulated.calls("okx") >= 2 * len(simulated.registry.markets)
        running.cancel()
        await asyncio.wait({running})
