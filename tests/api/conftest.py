"""An API over the hand-made market, and a client of it."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from app.api import create_api
from app.settings import Settings
from app.store.database import Database
from app.store.mirror import Mirror
from tests.api.market import TIME, Clock, filled_mirror

NOWHERE = "postgresql://nobody@127.0.0.1:1/nowhere"
"""Nothing listens there."""


@pytest.fixture
def clock() -> Clock:
    return Clock(TIME)


@pytest.fixture
async def mirror(clock: Clock) -> Mirror:
    return await filled_mirror(clock)


@pytest.fixture
def api(mirror: Mirror, clock: Clock) -> FastAPI:
    return api_over(mirror, clock)


@pytest.fixture
async def client(api: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(api) as client:
        yield client


def api_over(mirror: Mirror, clock: Clock, database: Database | None = None) -> FastAPI:
    # A database that was never opened answers like one that is away.
    database = database or Database(NOWHERE)
    return create_api(mirror, settings=Settings(), clock=clock, database=database)


def client_of(api, *, address: str = "203.0.113.7") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=api, client=(address, 4711))
    return httpx.AsyncClient(transport=transport, base_url="http://api.test")
