"""What works on this machine and what does not, with what to do about it."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.settings import Settings
from jobs.launcher.findings import Finding, Verdict
from jobs.launcher.machine import machine_findings
from jobs.launcher.preflight import check_database, check_redis
from jobs.launcher.program import LaunchError
from jobs.launcher.reach import clock_finding, venue_answers, venue_findings
from jobs.launcher.stores import embedded_stores
from jobs.venues import VENUES

_STYLES: dict[Verdict, str] = {"ok": "green", "warning": "yellow", "broken": "bold red"}
_MARKS: dict[Verdict, str] = {"ok": "✔", "warning": "!", "broken": "✘"}


async def doctor(settings: Settings, console: Console | None = None) -> int:
    """Prints the findings; 1 if something that `make run` needs is broken, else 0."""
    # The stores are children of this thread, so it starts them itself, before the network.
    findings = [*await machine_findings(settings), *store_findings(settings)]
    answers = await venue_answers(VENUES.values())
    findings += [clock_finding(answers), *venue_findings(answers)]
    (console or Console(highlight=False)).print(as_table(findings))
    return exit_code(findings)


def exit_code(findings: Iterable[Finding]) -> int:
    """Warnings do not count: a venue that cannot be reached keeps nothing from running."""
    return int(any(finding.verdict == "broken" for finding in findings))


def as_table(findings: Sequence[Finding]) -> Table:
    """One row a finding."""
    table = Table("", "what", "result", "what to do", box=None, pad_edge=False)
    for finding in findings:
        cells = (_MARKS[finding.verdict], finding.what, finding.result, finding.advice)
        table.add_row(*(Text(cell) for cell in cells), style=_STYLES[finding.verdict])
    return table


def store_findings(settings: Settings) -> list[Finding]:
    """The stores of the settings, or embedded ones started for the purpose, are used once."""
    try:
        if settings.database_url and settings.redis_url:
            return _used(settings.database_url, settings.redis_url, "answers")
        with embedded_stores() as urls:
            database_url = settings.database_url or urls.database_url
            return _used(database_url, settings.redis_url or urls.redis_url, "works")
    except (LaunchError, OSError) as error:
        return [Finding("Stores", str(error), "see the message", "broken")]


def _used(database_url: str, redis_url: str, verb: str) -> list[Finding]:
    version = check_database(database_url)
    check_redis(redis_url)
    return [
        Finding("PostgreSQL", f"{version} {verb}"),
        Finding("Redis or Valkey", verb),
    ]
