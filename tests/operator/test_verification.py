"""Whoever tampers with the ledger is found."""

import psycopg
import pytest

from app.market.events import Kind, PriceEvent
from app.settings import Settings
from app.store import ledger
from app.store.database import Database
from jobs.launcher.stores import Urls
from jobs.operator.verification import verify_ledger
from tests.operator.desk import NOW

pytestmark = pytest.mark.store

TAMPERINGS = (
    ("UPDATE price_event SET new = 'ok' WHERE sequence = 2", 2, "it is not what was hashed"),
    (
        "UPDATE price_event SET kind = 'never heard' WHERE sequence = 3",
        3,
        "it is not what was hashed",
    ),
    ("UPDATE price_event SET detail = '[1]' WHERE sequence = 1", 1, "it is not what was hashed"),
    ("DELETE FROM price_event WHERE sequence = 2", 2, "it is missing"),
    (
        "INSERT INTO price_event SELECT -1, time, kind, asset, venue, symbol, old, new, reason,"
        " detail, previous_hash, hash FROM price_event WHERE sequence = 1",
        1,
        "it is missing",
    ),
)


@pytest.mark.parametrize(("statement", "sequence", "reason"), TAMPERINGS)
async def test_whoever_switches_the_trigger_off_and_tampers_is_found(
    settings: Settings,
    database: Database,
    capsys: pytest.CaptureFixture[str],
    statement: str,
    sequence: int,
    reason: str,
):
    await three_events(database)
    tamper(settings.database_url, statement)

    assert await verify_ledger(settings) == 1
    assert capsys.readouterr().out.splitlines()[-1] == f"broken at {sequence}: {reason}"


async def test_whoever_cuts_off_the_end_is_found_by_a_head_that_was_noted(
    settings: Settings, database: Database, capsys: pytest.CaptureFixture[str]
):
    noted = await three_events(database)
    assert await verify_ledger(settings, head=noted) == 0
    tamper(settings.database_url, "DELETE FROM price_event WHERE sequence = 3")

    assert await verify_ledger(settings, head=noted) == 1
    assert capsys.readouterr().out.splitlines()[-1] == (
        f"broken: the head {noted} that was noted is not in it"
    )


async def three_events(database: Database) -> str:
    """The hash of the last of them."""
    held = PriceEvent(time=NOW, kind=Kind.STATUS, asset="bitcoin", old="ok", new="held")
    async with database.connection() as connection:
        return (await ledger.append(connection, [held, held, held]))[-1].hash


def tamper(url: str, statement: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("ALTER TABLE price_event DISABLE TRIGGER price_event_append_only")
        connection.execute(statement.encode())
        connection.execute("ALTER TABLE price_event ENABLE TRIGGER price_event_append_only")


async def test_a_database_that_is_away_or_has_no_tables_is_told_apart(
    servers: Urls, capsys: pytest.CaptureFixture[str]
):
    away = Settings.model_validate({"DATABASE_URL": "postgresql://postgres@127.0.0.1:1/postgres"})
    bare = Settings.model_validate({"DATABASE_URL": servers.database_url})

    assert [await verify_ledger(away), await verify_ledger(bare)] == [1, 1]
    said = capsys.readouterr().err
    assert "DATABASE_URL cannot be used: connection failed" in said
    assert "has no ledger yet: start the product once" in said
