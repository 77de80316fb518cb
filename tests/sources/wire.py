"""Pollers of the simulated sources, on a clock that the test moves."""

from dataclasses import replace

import httpx

from app.market.registry import Asset, Registry, Tier
from jobs.rest import Patience
from jobs.sources.poller import SourcePoller
from jobs.sources.source import Allowance, Cadence, Source
from tests.sandbox.market import Clock

PATIENCE = Patience(total=1.0, failures=3, failures_within=900.0, open_for=600.0)

BTC = Asset("bitcoin", "BTC", "Bitcoin", Tier.MAJOR, circulating=19e6)
ETH = Asset("ethereum", "ETH", "Ethereum", Tier.MAJOR)
BNB = Asset("binancecoin", "BNB", "BNB", Tier.MAJOR)
OURS = Asset("ours-alone", "OURS", "Ours alone", Tier.TAIL, circulating=7.0)
REGISTRY = Registry(1, (BTC, ETH, BNB, OURS), ())


def at(
    source: Source,
    url: str,
    *,
    cadence: Cadence | None = None,
    allowance: Allowance | None = None,
) -> Source:
    """The source where the sandbox simulates it."""
    return replace(
        source,
        rest_url=f"{url}/{source.name}",
        cadence=cadence or source.cadence,
        allowance=allowance or source.allowance,
    )


def polling(
    source: Source, client: httpx.AsyncClient, clock: Clock, *, key: str = ""
) -> SourcePoller:
    """A poller for which the clock of the test is every clock."""
    return SourcePoller(
        source, client=client, clock=clock, key=key, patience=PATIENCE, steady=clock
    )


async def order(client: httpx.AsyncClient, url: str, **fault: object) -> None:
    """The fault is in force."""
    answer = await client.post(f"{url}/admin/faults", json=fault)
    assert answer.status_code == 201, answer.text
