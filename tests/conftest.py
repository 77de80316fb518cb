"""Fixtures that every kind of test shares, and how many examples a property is tried on."""

import os
from collections.abc import AsyncIterator, Iterator

import psycopg
import pytest
import redis.asyncio as redis
from alembic.config import Config
from hypothesis import HealthCheck, settings
from psycopg import sql

from alembic import command
from app.store.database import Database
from jobs.launcher.stores import Urls, embedded_stores

# In `make test` the same markets each time, so that a red run is red for everyone.
settings.register_profile("fast", max_examples=75, deadline=None, derandomize=True)
settings.register_profile(
    "nightly",
    max_examples=10_000,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))


@pytest.fixture(scope="session")
def servers() -> Iterator[Urls]:
    """A real PostgreSQL and a real Redis-protocol server, empty at first."""
    with embedded_stores() as urls:
        yield urls


@pytest.fixture
def migrated(servers: Urls, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a fresh database at the newest migration."""
    with psycopg.connect(servers.database_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS fresh WITH (FORCE)")
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier("fresh")))
    url = servers.database_url.replace("/postgres?", "/fresh?")
    monkeypatch.setenv("DATABASE_URL", url)
    command.upgrade(Config("alembic.ini"), "head")
    return url


@pytest.fixture
async def database(migrated: str) -> AsyncIterator[Database]:
    """An open pool on a fresh database."""
    opened = Database(migrated, patience=5.0)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
async def valkey(servers: Urls) -> AsyncIterator["redis.Redis"]:
    """A client of an empty Redis."""
    client = redis.from_url(servers.redis_url)
    await client.flushall()
    yield client
    await client.aclose()
