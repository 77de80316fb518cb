"""The operator's commands as they are typed, against a real PostgreSQL."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from app.market.events import Kind, PriceEvent
from app.settings import Settings
from app.store import ledger
from app.store.database import Database
from jobs.launcher.stores import embedded_stores, store_home
from jobs.operator.carry_out import carry_out, tell_decisions
from jobs.operator.orders import Order
from tests.operator.desk import EARLIER, MARKET, NOW, REMAP, UNIT, WRONG, changed, order

pytestmark = pytest.mark.store

ROOT = Path(__file__).parents[2]


def jobs(url: str, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """The command as an operator types it."""
    return subprocess.run(
        [sys.executable, "-m", "jobs", *words],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, **environ},
        capture_output=True,
        text=True,
        check=False,
    )


async def test_a_command_writes_one_event_prints_it_and_lists_it(settings: Settings):
    url, why = settings.database_url, "Proved by its contract."
    pinned = jobs(url, "operator", "pin", *MARKET.split(), "--reason", why)
    listed = jobs(url, "operator", "decisions")
    verified = jobs(url, "verify-ledger")

    first, second = pinned.stdout.splitlines()
    assert (pinned.returncode, pinned.stderr) == (0, "")
    assert first.startswith("#1 20")
    assert first.endswith(f" pin {MARKET} bitcoin: {why}")
    assert (listed.returncode, listed.stdout) == (0, f"pinned {MARKET} bitcoin\n")
    assert verified.stdout == f"1 events, head {second.removeprefix('hash ')}\nok\n"
    assert (verified.returncode, verified.stderr) == (0, "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("disable kraken BTCUSD --reason x", "There is no market of kraken 'BTCUSD'"),
        ("redenominate pepe 1000 --at 2020-01-01T00:00:00Z --reason x", "--at takes a time after"),
        ("redenominate pepe -5 --at 2999-01-01T00:00:00Z --reason x", "FACTOR takes what"),
        ("pin kraken bitcoin/usd", "the following arguments are required: --reason"),
    ],
)
async def test_a_refused_command_exits_with_2_and_writes_nothing(
    settings: Settings, words: str, said: str
):
    refused = jobs(settings.database_url, "operator", *words.split())

    assert (refused.returncode, refused.stdout) == (2, "")
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr
    assert (
        jobs(settings.database_url, "operator", "decisions").stdout == "Nothing has been decided.\n"
    )


async def test_every_decision_in_force_is_one_line(
    settings: Settings, capsys: pytest.CaptureFixture[str]
):
    release = Order(command="release", reason="It is right.", asset="bitcoin")
    past = changed(UNIT, asset="bitcoin", factor="0.1", at=EARLIER, history_only=True)
    orders = [order("approve"), order("disable"), REMAP, UNIT, past, release, WRONG]

    codes = [await carry_out(settings, one, now=NOW.timestamp()) for one in orders]
    written = capsys.readouterr().out
    await tell_decisions(settings)

    assert codes == [0] * len(orders)
    assert (
        "#7 2026-11-22T20:39:00+00:00 correction bitcoin 91234.5 -> 64234.5 field=price" in written
    )
    assert "note: the ledger knows of no breaker of bitcoin that is tripped" in written
    assert capsys.readouterr().out.splitlines() == [
        "approved kraken bitcoin/usd bitcoin",
        "approved okx pepe/usd bitcoin",
        "remapped okx pepe/usd bitcoin",
        "disabled kraken bitcoin/usd",
        "history rescaled bitcoin x0.1 at 2026-11-22T19:00:00+00:00",
        "redenomination pepe x1000.0 at 2026-11-23T00:00:00+00:00",
        "breaker released bitcoin at 2026-11-22T20:39:00+00:00",
    ]


async def test_the_release_of_a_breaker_that_is_tripped_needs_no_note(
    settings: Settings, database: Database, capsys: pytest.CaptureFixture[str]
):
    async with database.connection() as connection:
        tripped = PriceEvent(time=NOW, kind=Kind.BREAKER_TRIPPED, asset="bitcoin")
        await ledger.append(connection, [tripped])

    await carry_out(settings, Order(command="release", reason="ok", asset="bitcoin"), now=0.0)

    assert "note:" not in capsys.readouterr().out


def test_an_embedded_database_is_found_whether_it_runs_or_not(top: Path):
    environ = {"MARKETCAP_DATA_DIR": str(top), "MARKETCAP_SOURCE": "auto"}
    none = jobs("", "operator", "decisions", **environ)
    with embedded_stores(top / "sandbox"):
        running = jobs("", "operator", "decisions", **environ)
    asleep = jobs("", "operator", "decisions", **environ)

    assert (none.returncode, "start the product once with `make run`" in none.stderr) == (2, True)
    # It was reached, and says what it lacks.
    for found in (running, asleep):
        assert (found.returncode, "has no ledger yet" in found.stderr) == (1, True)


def test_of_two_embedded_databases_one_must_be_named(top: Path):
    for source in ("live", "sandbox"):
        with store_home(top / source) as home:
            home.postgres()
    environ = {"MARKETCAP_DATA_DIR": str(top)}
    both = jobs("", "operator", "decisions", MARKETCAP_SOURCE="auto", **environ)
    named = jobs("", "operator", "decisions", MARKETCAP_SOURCE="live", **environ)

    assert both.returncode == 2
    assert "with MARKETCAP_SOURCE=live or MARKETCAP_SOURCE=sandbox" in both.stderr
    assert (named.returncode, "has no ledger yet" in named.stderr) == (1, True)


@pytest.fixture
def top() -> Iterator[Path]:
    """A data directory whose name is short enough for sockets."""
    with TemporaryDirectory(prefix="mc-") as directory:
        yield Path(directory)
