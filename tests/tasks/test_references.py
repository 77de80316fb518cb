"""A minute's round with both simulated sources and a real PostgreSQL."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import numpy as np
import pytest

from app.market.crosscheck import CrosscheckReport
from app.market.quotes import Floats
from app.market.registry import Asset, Registry, Tier
from app.market.supply import PERSON, Observation
from app.market.verdict import Flag
from app.store.database import Database
from app.store.supply import newest_decisions, read_calls, write_observations
from jobs.sources import SOURCES
from jobs.sources.reach import SandboxSilentError, at_sandbox
from jobs.tasks.references import Owner, ReferenceRounds
from tests.sandbox.market import TETHER, Clock, open_sandbox
from tests.sources.wire import REGISTRY, order

pytestmark = [pytest.mark.store, pytest.mark.wire]

BITCOIN, ETHEREUM = 0, 1


@dataclass
class Heard:
    """What the owner publishes, and what it was told last."""

    published: Floats = field(default_factory=lambda: np.full(4, np.nan))
    flags: list[int] = field(default_factory=list)
    supply: list[float] = field(default_factory=list)
    assets: list[tuple[Asset, ...]] = field(default_factory=list)
    reports: list[CrosscheckReport] = field(default_factory=list)

    def owner(self) -> Owner:
        return Owner(
            published=lambda: self.published,
            on_flags=lambda flags: setattr(self, "flags", flags.tolist()),
            on_supply=lambda supply: setattr(self, "supply", supply.tolist()),
            on_assets=self.assets.append,
            on_report=self.reports.append,
        )


@dataclass
class Desk:
    rounds: ReferenceRounds
    heard: Heard
    clock: Clock
    client: httpx.AsyncClient
    url: str

    async def minutes(self, count: int) -> None:
        for _ in range(count):
            self.clock.now += 60
            await self.rounds.round()

    async def restarted(self, database: Database) -> "Desk":
        return await _desk(self.client, self.url, database, self.clock)


async def _desk(client: httpx.AsyncClient, url: str, database: Database, clock: Clock) -> Desk:
    heard = Heard()
    rounds = ReferenceRounds(
        await at_sandbox(client, url, SOURCES.values()),
        REGISTRY,
        heard.owner(),
        database=database,
        client=client,
        clock=clock,
        keys={},
        steady=clock,
    )
    return Desk(rounds, heard, clock, client, url)


@asynccontextmanager
async def desk(database: Database) -> AsyncGenerator[Desk]:
    """A desk that knows the true prices, after its first round."""
    clock = Clock()
    async with open_sandbox(clock, TETHER) as url, httpx.AsyncClient() as client:
        made = await _desk(client, url, database, clock)
        await made.rounds.start()
        (gecko, _) = made.heard.reports[0].sources
        assert gecko.compared == 0
        rows = (await client.get(f"{url}/coinpaprika/tickers")).json()
        prices = {row["symbol"]: row["quotes"]["USD"]["price"] for row in rows}
        made.heard.published = np.array([prices["BTC"], prices["ETH"], prices["BNB"], np.nan])
        yield made


async def test_true_prices_agree_with_both_sources(database: Database):
    async with desk(database) as made:
        await made.minutes(1)
        report = made.heard.reports[-1]

    assert [(row.source, row.compared, row.beyond) for row in report.sources] == [
        ("coingecko", 3, 0),
        ("coinpaprika", 3, 0),
    ]
    assert (report.compared, report.failing, made.heard.flags) == (3, (), [0, 0, 0, 0])


async def test_supplies_come_from_the_sources_and_else_from_the_registry(database: Database):
    async with desk(database) as made:
        supply = made.rounds.supplies.supply(BITCOIN)

    assert made.heard.supply[BITCOIN] == pytest.approx(19_930_000.0, rel=1e-6)
    described = made.heard.assets[-1][BITCOIN]
    assert described.supply_source == "CoinGecko and CoinPaprika"
    assert described.circulating == pytest.approx(19_930_000.0, rel=1e-6)
    assert made.heard.supply[3] == 7.0
    assert supply is not None
    assert (supply.sources, supply.suspect) == (("coingecko", "coinpaprika"), False)


async def test_sources_that_drift_together_convict_after_three_rounds(database: Database):
    async with desk(database) as made:
        await order(made.client, made.url, kind="drift", asset="bitcoin", factor=1.5, seconds=3600)
        await made.minutes(2)
        before = made.heard.flags
        await made.minutes(1)
        after = made.heard.flags
        await made.client.delete(f"{made.url}/admin/faults")
        await made.minutes(1)

    assert (before, after) == ([0, 0, 0, 0], [int(Flag.XCHECK_FAIL), 0, 0, 0])
    assert made.heard.reports[-2].failing == ("bitcoin",)
    worst = made.heard.reports[-2].sources[0].worst[0]
    assert (worst.asset, worst.divergence) == ("bitcoin", pytest.approx(-1 / 3, abs=0.01))
    assert made.heard.flags == [0, 0, 0, 0]


async def test_one_source_that_drifts_alone_convicts_nobody(database: Database):
    async with desk(database) as made:
        fault = {"kind": "drift", "asset": "bitcoin", "factor": 1.5, "seconds": 3600}
        await order(made.client, made.url, venue="coingecko", **fault)
        await made.minutes(4)

    assert (made.heard.flags, made.heard.reports[-1].sources[0].beyond) == ([0, 0, 0, 0], 1)


async def test_a_source_whose_clock_is_ahead_is_not_newer_than_its_answer(database: Database):
    async with desk(database) as made:
        await order(made.client, made.url, kind="clock_skew", offset=3600)
        await made.minutes(1)

    ages = [row.worst[0].age for row in made.heard.reports[-1].sources]
    assert ages == [0.0, 0.0]


async def test_a_slip_of_one_source_is_suspect_and_changes_no_supply(database: Database):
    async with desk(database) as made:
        true = made.heard.supply[BITCOIN]
        fault = {"kind": "supply_slip", "asset": "bitcoin", "factor": 2, "seconds": 3600}
        await order(made.client, made.url, venue="coinpaprika", **fault)
        await made.minutes(1)

    assert made.heard.supply[BITCOIN] == pytest.approx(true, rel=1e-6)
    assert made.heard.flags[BITCOIN] == int(Flag.SUPPLY_SUSPECT)


async def test_a_supply_that_is_a_thousand_million_times_too_high_is_junk(database: Database):
    async with desk(database) as made:
        true = made.heard.supply
        await order(made.client, made.url, kind="supply_slip", factor=1e24, seconds=3600)
        await made.minutes(1)

    assert (made.heard.supply, made.heard.flags) == (true, [0, 0, 0, 0])


async def test_a_source_that_fails_leaves_the_other_to_compare_with(database: Database):
    async with desk(database) as made:
        await order(made.client, made.url, venue="coingecko", kind="html", seconds=3600)
        await made.minutes(12)
        gecko, paprika = made.heard.reports[-1].sources
        state = made.rounds.status()[0].source

    assert (gecko.compared, paprika.compared) == (0, 3)
    assert (state.circuit, state.failures) == ("open", {"unreadable": 3})


async def test_a_restart_goes_on_from_what_was_stored(database: Database):
    async with desk(database) as made:
        await made.minutes(1)
        spent = made.rounds.status()[1].source.spent.month
        made.clock.now += 60
        await order(made.client, made.url, kind="supply_slip", factor=3, venue="coingecko")
        await order(made.client, made.url, kind="status", venue="coinpaprika", seconds=600)
        again = await made.restarted(database)
        await again.rounds.start()

    assert again.heard.supply[BITCOIN] == pytest.approx(19_930_000.0, rel=1e-6)
    assert again.heard.flags[ETHEREUM] == int(Flag.SUPPLY_SUSPECT)
    assert (spent, again.rounds.status()[1].source.spent.month) == (2, 3)


async def test_a_supply_that_a_person_stored_is_taken_over_and_kept(database: Database):
    async with desk(database) as made:
        word = Observation("bitcoin", PERSON, made.clock.now, 30e6)
        async with database.connection() as connection:
            await write_observations(connection, [word])
        await made.minutes(1)
        async with database.connection() as connection:
            decided = {one.asset: one.supply for one in await newest_decisions(connection)}
            calls = await read_calls(connection, "coinpaprika", since=0.0)

    assert (made.heard.supply[BITCOIN], decided["bitcoin"].sources) == (30e6, (PERSON,))
    assert sum(calls.values()) == 2


async def test_an_asset_that_joins_the_registry_is_compared_from_the_next_answer_on(
    database: Database,
):
    sol = Asset("solana", "SOL", "Solana", Tier.MAJOR)
    async with desk(database) as made:
        await order(made.client, made.url, kind="drift", asset="bitcoin", seconds=3600)
        await made.minutes(1)
        made.rounds.adopt(Registry(2, (*REGISTRY.assets, sol), ()))
        made.heard.published = np.append(made.heard.published, 1e-9)
        await made.minutes(2)

    assert made.heard.flags == [int(Flag.XCHECK_FAIL), 0, 0, 0, 0]
    assert made.heard.reports[-1].sources[0].worst[0].asset == "solana"
    assert made.heard.supply[4] > 1e8


async def test_who_could_not_be_matched_is_told(database: Database):
    async with desk(database) as made:
        gecko, paprika = made.rounds.status()

    assert (gecko.matched, paprika.matched, gecko.ambiguous) == (3, 3, ())
    assert ("tether" in gecko.unmatched, "usdt-tether" in paprika.unmatched) == (True, True)


async def test_nothing_is_asked_before_the_budget_is_known(database: Database):
    clock = Clock()
    async with open_sandbox(clock, TETHER) as url, httpx.AsyncClient() as client:
        made = await _desk(client, url, database, clock)
        await made.rounds.round()
        traffic = (await client.get(f"{url}/admin/traffic")).json()

    assert (traffic["coingecko"]["calls"], made.heard.reports) == (0, [])


async def test_an_address_without_a_sandbox_is_an_error_that_names_it():
    async with httpx.AsyncClient() as client:
        with pytest.raises(SandboxSilentError, match="no sandbox with references"):
            await at_sandbox(client, "http://127.0.0.1:9", SOURCES.values())
