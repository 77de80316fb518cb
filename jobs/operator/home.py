"""Where the ledger is: the database of the settings, or the embedded one, running or not."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from app.settings import Settings
from jobs.launcher.claim import InUseError
from jobs.launcher.preflight import check_database
from jobs.launcher.program import LaunchError, start, stop
from jobs.launcher.stores import StoreHome, await_ready, store_home
from jobs.operator.refusal import RefusedError, UnreachableError

_SOURCES = ("live", "sandbox", "replay")


@contextmanager
def ledger_url(settings: Settings) -> Generator[str]:
    """The address of a database that answers until the block is left.

    An embedded one that is not running is started for so long. Raises RefusedError.
    """
    if settings.database_url:
        try:
            check_database(settings.database_url)
        except LaunchError as error:
            raise UnreachableError(str(error)) from error
        yield settings.database_url
        return
    home = _home(settings)
    if _answers(_url(home)):
        yield _url(home)
        return
    try:
        with store_home(home) as opened, _running(opened) as started:
            yield started
    except InUseError as error:
        raise UnreachableError(
            f"{home} is in use, but its database cannot be reached from here: try again when it"
            " has started, or say where it is with DATABASE_URL."
        ) from error
    except LaunchError as error:
        raise UnreachableError(str(error)) from error


def _home(settings: Settings) -> Path:
    """The data directory of the one source that is meant."""
    top = settings.data_dir.resolve()
    sources = _SOURCES if settings.source == "auto" else (settings.source,)
    found = [top / name for name in sources if (top / name / "postgres" / "PG_VERSION").exists()]
    running = [home for home in found if _answers(_url(home))]
    for homes in (running, found):
        if len(homes) == 1:
            return homes[0]
    if not found:
        raise RefusedError(
            f"There is no database in {top}: start the product once with `make run`, or say where"
            " it is with DATABASE_URL or MARKETCAP_DATA_DIR."
        )
    names = " or ".join(f"MARKETCAP_SOURCE={home.name}" for home in found)
    raise RefusedError(f"There is a ledger for each source: say which is meant with {names}.")


def _url(home: Path) -> str:
    """Where its database answers while it runs."""
    return StoreHome(home, home / "run").urls.database_url


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def _running(home: StoreHome) -> Generator[str]:
    program = home.postgres()
    program.before()
    process = start(program)
    try:
        await_ready(process, program)
        yield home.urls.database_url
    finally:
        stop(process, program)
