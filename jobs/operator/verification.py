"""Whether the ledger is as it was written, event by event."""

import sys

from rich.console import Console
from rich.progress import Progress

from app.market.events import GENESIS, Verdict, verify
from app.settings import Settings
from app.store import ledger
from jobs.operator.carry_out import ledger_of
from jobs.operator.refusal import RefusedError

BATCH = 2_000


async def verify_ledger(settings: Settings, *, head: str = "") -> int:
    """The whole chain is checked and the outcome printed; 1 where it is broken.

    `head` is a hash that was noted earlier: the ledger must still hold it, so that nobody can
    have cut off its end.
    """
    try:
        verdict, met = await _verified(settings, head)
    except RefusedError as error:
        print(error, file=sys.stderr)  # noqa: T201 - for the person at the terminal
        return error.code
    print(f"{verdict.head.sequence:,} events, head {verdict.head.hash}")  # noqa: T201 - the outcome
    fault = f"broken at {verdict.broken}: {verdict.reason}" if verdict.broken else ""
    if not fault and not met:
        fault = f"broken: the head {head} that was noted is not in it"
    print(fault or "ok")  # noqa: T201 - the outcome
    return 1 if fault else 0


async def _verified(settings: Settings, wanted: str) -> tuple[Verdict, bool]:
    """What was found, and whether the wanted hash was met; "" is met everywhere."""
    verdict, met = Verdict(GENESIS), wanted in ("", GENESIS.hash)
    async with ledger_of(settings) as connection:
        total = await ledger.count_events(connection)
        # Without a terminal there is nobody to watch.
        console = Console(stderr=True)
        with Progress(console=console, disable=not console.is_terminal, transient=True) as shown:
            task = shown.add_task("Verifying", total=total)
            async for events in ledger.stream(connection, batch=BATCH):
                verdict = verify(events, after=verdict.head)
                met = met or any(event.hash == wanted for event in events)
                shown.advance(task, len(events))
                if verdict.broken:
                    break
    return verdict, met
