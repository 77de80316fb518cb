"""One source's poller: asks for what is due, within the budget, and survives any answer."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import nan
from random import uniform

import httpx
import msgspec
import structlog

from jobs.rest.answers import Failure, RestError, decoded, fetch
from jobs.rest.circuit import Circuit, CircuitState
from jobs.rest.pace import Pace
from jobs.rest.patience import Patience
from jobs.sources.ledger import Ledger, Spent
from jobs.sources.plan import Degree, degree, due_pages, left_this_minute
from jobs.sources.source import Source, Told

log = structlog.get_logger(__name__)

PATIENCE = Patience(total=30.0, failures=3, failures_within=900.0, open_for=600.0)
"""Rounds are a minute apart, so that three bad ones in a row open the circuit."""


class SourceStatus(msgspec.Struct, frozen=True):
    """The state of one source at one instant, for the operator."""

    source: str
    circuit: CircuitState
    degree: str
    spent: Spent
    calls: int
    unchanged: int
    failures: dict[str, int]
    last_success: float
    """Epoch seconds; NaN before the first one."""


@dataclass(slots=True)
class _Counts:
    calls: int = 0
    unchanged: int = 0
    failures: dict[str, int] = field(default_factory=dict[str, int])
    last_success: float = nan


@dataclass(frozen=True, slots=True)
class _Version:
    """A page as it was answered last."""

    etag: str
    rows: Sequence[Told]


class SourcePoller:
    """Asks one source for the pages that are due whenever `poll` is called."""

    def __init__(
        self,
        source: Source,
        *,
        client: httpx.AsyncClient,
        clock: Callable[[], float],
        key: str = "",
        ledger: Ledger | None = None,
        patience: Patience = PATIENCE,
        steady: Callable[[], float] | None = None,
    ) -> None:
        """`clock` gives epoch seconds; `steady` only goes forward, the loop's time by default."""
        self.source = source
        self.ledger = ledger or Ledger()
        self._client = client
        self._clock = clock
        self._key = key
        self._patience = patience
        self._steady = steady or asyncio.get_running_loop().time
        self._pace = Pace()
        self._circuit = Circuit(
            most=patience.failures, within=patience.failures_within, open_for=patience.open_for
        )
        self._pages = source.pages
        self._asked: dict[int, float] = {}
        self._versions: dict[int, _Version] = {}
        self._counts = _Counts()
        self._told: tuple[CircuitState, Degree] = ("closed", Degree.FULL)

    async def poll(self) -> list[Sequence[Told]]:
        """The pages that were due, as far as they came; failures are counted, not raised."""
        answers: list[Sequence[Told]] = []
        now = self._steady()
        if not self._circuit.allows(now) or not self._pace.due(now):
            self._pace = self._pace.skipped()
            self._tell()
            return answers
        self._pace = self._pace.called()
        for page in self._due(now):
            if page > self._pages:
                continue
            self._circuit = self._circuit.called(now)
            try:
                answers.append(await self._page(page))
            except RestError as error:
                self._failed(error)
                break
            except Exception:
                # A fault in one parser must not leave its circuit waiting for a probe for ever.
                log.exception("reference_fault", source=self.source.name)
                self._failed(RestError(Failure.FAULT, "our own code failed"))
                break
            self._succeeded(page)
        self._tell()
        return answers

    def status(self) -> SourceStatus:
        """How the source does, and what it has cost."""
        counts, spent = self._counts, self.ledger.spent(self._clock())
        return SourceStatus(
            source=self.source.name,
            circuit=self._circuit.state(self._steady()),
            degree=degree(spent, self.source.allowance).name.lower(),
            spent=spent,
            calls=counts.calls,
            unchanged=counts.unchanged,
            failures=dict(counts.failures),
            last_success=counts.last_success,
        )

    def _due(self, now: float) -> list[int]:
        spent, allowance = self.ledger.spent(self._clock()), self.source.allowance
        due = due_pages(
            self._asked,
            cadence=self.source.cadence,
            pages=self._pages,
            degree=degree(spent, allowance),
            now=now,
        )
        left = left_this_minute(spent, allowance)
        return [page for place, page in enumerate(due) if place < left]

    async def _page(self, page: int) -> Sequence[Told]:
        """The rows of one page; those at hand where the source says that nothing changed."""
        known = self._versions.get(page)
        headers = {self.source.key_header: self._key} if self._key else {}
        if known is not None:
            headers["if-none-match"] = known.etag
        # What failed was asked for as well, and most sources count it.
        self.ledger.spend(self._clock())
        self._counts.calls += 1
        answer = await fetch(
            self._client,
            self.source.rest_url + self.source.path(page),
            patience=self._patience,
            ban_statuses=self.source.ban_statuses,
            headers=headers,
        )
        if answer.unchanged and known is not None:
            self._counts.unchanged += 1
            return known.rows
        rows = decoded(self.source.parse, answer.body)
        if page == 1 and not rows:
            raise RestError(Failure.UNREADABLE, "an empty list instead of the largest assets")
        if answer.etag:
            self._versions[page] = _Version(answer.etag, rows)
        # An empty page ends the list; it stays the last one asked for, to see the list grow.
        following = min(page + 1, self.source.pages)
        self._pages = max(self._pages, following) if rows else page
        return rows

    def _succeeded(self, page: int) -> None:
        self._asked[page] = self._steady()
        self._counts.last_success = self._clock()
        self._circuit, self._pace = self._circuit.succeeded(), self._pace.well()

    def _failed(self, error: RestError) -> None:
        now, failures = self._steady(), self._counts.failures
        failures[error.failure.value] = failures.get(error.failure.value, 0) + 1
        asked = min(error.retry_after or 0.0, self._patience.longest_pause)
        pause = asked * uniform(1, 1 + self._patience.pause_jitter)
        self._pace = self._pace.paused(now + pause)
        if error.failure is Failure.BANNED:
            seconds = max(pause, self.source.ban_seconds)
            self._circuit = self._circuit.banned(now, seconds)
        elif error.failure is Failure.THROTTLED:
            self._pace = self._pace.slower()
            self._circuit = self._circuit.unanswered()
        else:
            self._circuit = self._circuit.failed(now)

    def _tell(self) -> None:
        """Say once when the circuit or the budget's degree changes."""
        circuit = self._circuit.state(self._steady())
        reached = degree(self.ledger.spent(self._clock()), self.source.allowance)
        if (circuit, reached) != self._told:
            calm = circuit == "closed" and reached is Degree.FULL
            tell = log.info if calm else log.warning
            tell(
                "reference_state",
                source=self.source.name,
                circuit=circuit,
                budget=reached.name.lower(),
            )
        self._told = (circuit, reached)
