"""The operator's commands: each writes one event into the ledger, or says why it cannot."""

import sys
from collections.abc import AsyncGenerator, Awaitable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from psycopg import AsyncConnection
from psycopg.errors import UndefinedTable

from app.market.decisions import Decisions
from app.market.events import Kind, PriceEvent
from app.settings import Settings
from app.store import ledger
from app.store.database import Database, DatabaseAway
from app.store.registry import load_assets, load_markets
from jobs.operator.home import ledger_url
from jobs.operator.orders import Known, Order, event_of
from jobs.operator.refusal import RefusedError, UnreachableError

PATIENCE = 5.0
"""Seconds that PostgreSQL has to answer."""


@asynccontextmanager
async def ledger_of(settings: Settings) -> AsyncGenerator[AsyncConnection]:
    """A connection to the ledger, committed at the end; raises RefusedError."""
    with ledger_url(settings) as url:
        database = Database(url, connections=1, patience=PATIENCE)
        await database.open()
        try:
            async with database.connection() as connection:
                yield connection
        except DatabaseAway as error:
            raise UnreachableError(f"{error}. Nothing was written.") from error
        except UndefinedTable as error:
            raise UnreachableError(
                "The database has no ledger yet: start the product once, which makes its tables."
            ) from error
        finally:
            await database.close()


async def carry_out(settings: Settings, order: Order, *, now: float) -> int:
    """The order's event is in the ledger and printed; the exit code."""
    return await _told(_written(settings, order, datetime.fromtimestamp(now, UTC)))


async def tell_decisions(settings: Settings) -> int:
    """Everything that is in force is printed; the exit code."""
    return await _told(_in_force(settings))


async def _written(settings: Settings, order: Order, now: datetime) -> list[str]:
    async with ledger_of(settings) as connection:
        # Nobody else decides between what this order was checked against and its own event.
        await ledger.lock(connection)
        known = Known(
            assets=await load_assets(connection),
            markets=await load_markets(connection),
            decisions=await ledger.read_decisions(connection),
            now=now,
        )
        (event,) = await ledger.append(connection, [event_of(order, known)])
        lines = [line_of(event), f"hash {event.hash}"]
        if event.kind == Kind.BREAKER_RELEASED:
            lines += await _unless_tripped(connection, event)
        return lines


async def _unless_tripped(connection: AsyncConnection, event: PriceEvent) -> list[str]:
    """A word of caution where the ledger knows of no breaker that could be released."""
    kinds = (Kind.BREAKER_TRIPPED, Kind.BREAKER_RELEASED)
    before = await ledger.read_page(
        connection, kinds=kinds, asset=event.asset, before=event.sequence, count=1
    )
    if before and before[0].kind == Kind.BREAKER_TRIPPED:
        return []
    return [f"note: the ledger knows of no breaker of {event.asset} that is tripped"]


async def _in_force(settings: Settings) -> list[str]:
    async with ledger_of(settings) as connection:
        return lines_of(await ledger.read_decisions(connection)) or ["Nothing has been decided."]


def line_of(event: PriceEvent) -> str:
    """The event as a person reads it."""
    change = f"{event.old or '-'} -> {event.new}" if event.new else ""
    detail = (f"{name}={value}" for name, value in event.detail.items() if name != "by")
    named = (event.venue, event.symbol, event.asset, change, *detail)
    said = " ".join(word for word in (event.kind, *named) if word)
    return f"#{event.sequence} {event.time.isoformat(timespec='seconds')} {said}: {event.reason}"


def lines_of(decisions: Decisions) -> list[str]:
    """One line for each decision that is in force."""
    by_market: Mapping[str, Mapping[tuple[str, str], str | bool]] = {
        "pinned": decisions.pinned,
        "approved": decisions.approved,
        "remapped": decisions.remapped,
        "disabled": decisions.disabled,
        "restricted": decisions.restricted,
    }
    found = [
        " ".join((word, *key, *([value] if isinstance(value, str) else [])))
        for word, markets in by_market.items()
        for key, value in sorted(markets.items())
        if value
    ]
    for one in decisions.redenominations:
        word = "history rescaled" if one.history_only else "redenomination"
        found.append(f"{word} {one.asset} x{one.factor!r} at {_when(one.at)}")
    released = sorted(decisions.released.items())
    return found + [f"breaker released {asset} at {_when(at)}" for asset, at in released]


def _when(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


async def _told(work: Awaitable[list[str]]) -> int:
    try:
        lines = await work
    except RefusedError as error:
        print(error, file=sys.stderr)  # noqa: T201 - for the person at the terminal
        return error.code
    print("\n".join(lines))  # noqa: T201 - what was asked for
    return 0
