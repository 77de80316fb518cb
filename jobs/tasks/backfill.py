"""The last seven days of assets that miss them, from the venues' own hourly candles."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

import structlog
from tenacity import AsyncRetrying, retry_if_exception_type, wait_random_exponential

from app.market.candles import Candles
from app.market.quotes import Floats
from app.market.registry import Registry
from app.store.candles import count_candles, read_candles, write_candles
from app.store.database import Database, DatabaseAway
from jobs.rest import HistoryReader, RestError
from jobs.tasks.hours import DOLLARS, Rates, Span, in_usd, joined, ranked_markets, span_before

log = structlog.get_logger(__name__)

HOURS = 7 * 24
ENOUGH = HOURS // 2
"""An asset with so many stored hours is left as it is."""
BATCH = 8
"""Markets of one venue that are asked for together and stored together."""
BATCH_SECONDS = 5.0
"""A slow venue's batch is smaller, so that what it told is shown within this time."""
ROUND_SECONDS = 15.0
"""After this long what one venue failed to tell is given to the next best."""
FIRST_PRICES = 10.0
"""Seconds that the first prices are waited for."""
_LOOK_EVERY = 0.1

Plan: TypeAlias = Mapping[str, Sequence[tuple[int, int]]]
"""Venue → (asset, market) pairs, the most important assets first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """What the running index knows and takes over meanwhile."""

    prices: Callable[[], Floats]
    """USD by asset; NaN where unknown."""
    volumes: Callable[[], Floats]
    """24 h volume in base units by market; NaN where unknown."""
    remember: Callable[[Candles], None]
    """Hears of every batch of candles once it is stored."""


async def backfill(
    database: Database,
    registry: Registry,
    readers: Iterable[HistoryReader],
    present: Present,
    *,
    now: float,
    label: str,
) -> None:
    """Every asset that some venue tells the past of has it, stored as `<label>:<venue>`.

    Begun again after any interruption it goes on with what is missing, and it never writes a
    candle twice or over another one.
    """
    task = _Backfill(database, registry, readers, present, span=span_before(now, hours=HOURS))
    await task.run(label)


class _Backfill:
    """What is still missing, who was asked for it, and what quotes were worth."""

    def __init__(
        self,
        database: Database,
        registry: Registry,
        readers: Iterable[HistoryReader],
        present: Present,
        *,
        span: Span,
    ) -> None:
        self._database, self._registry, self._present = database, registry, present
        self._readers = {reader.venue.name: reader for reader in readers}
        self._span = span
        self._rates = Rates(registry, span, present.prices)
        self._missing: dict[int, None] = {}
        """Assets in order of importance."""
        self._tried: set[tuple[int, str]] = set()
        self._total = self._tenths = 0
        self._label = ""

    async def run(self, label: str) -> None:
        """Fill what is missing until no venue is left to ask."""
        self._label = label
        began = _now()
        await _once_possible(self._look)
        if not self._missing:
            return
        log.info("backfill_started", assets=self._total, venues=sorted(self._readers))
        await self._first_prices()
        for id in DOLLARS:
            number = self._registry.number_of.get(id, -1)
            if number in self._missing:
                await self._round(self._plan([number]))
        while plan := self._plan(self._missing):
            await self._round(plan)
        seconds = round(_now() - began, 1)
        filled, left = self._total - len(self._missing), len(self._missing)
        log.info("backfill_ended", filled=filled, left=left, seconds=seconds)

    async def _look(self) -> None:
        """Know which assets miss their past, and the rates that are stored already."""
        since, until = (
            datetime.fromtimestamp(at, UTC) for at in (self._span.since, self._span.until)
        )
        told = [m.venue in self._readers for m in self._registry.markets]
        bases = self._registry.base[told].tolist()
        async with self._database.connection() as connection:
            stored = await count_candles(connection, "1h", since=since, until=until)
            for asset in self._rates.quotes:
                if stored.get(asset, 0) >= ENOUGH:
                    self._rates.learn(
                        await read_candles(connection, "1h", asset, since=since, until=until)
                    )
        self._missing = {asset: None for asset in bases if stored.get(asset, 0) < ENOUGH}
        self._total = len(self._missing)

    async def _first_prices(self) -> None:
        """Dollars can be converted, unless nobody says for long what they are worth."""
        numbers = self._registry.number_of
        wanted = self._rates.quotes.intersection(numbers[id] for id in DOLLARS if id in numbers)
        for _ in range(int(FIRST_PRICES / _LOOK_EVERY)):
            if wanted <= self._rates.known():
                return
            await asyncio.sleep(_LOOK_EVERY)

    def _plan(self, assets: Iterable[int]) -> Plan:
        """Whom to ask for which asset; nobody is asked for the same one twice."""
        volumes, convertible = self._present.volumes(), self._rates.known()
        asked = [name for name, reader in self._readers.items() if not reader.given_up]
        plan: dict[str, list[tuple[int, int]]] = {name: [] for name in asked}
        for asset in assets:
            ranked = ranked_markets(
                self._registry,
                asset,
                venues=[name for name in asked if (asset, name) not in self._tried],
                convertible=convertible,
                volumes=volumes,
            )
            if ranked:
                market = self._first_with_room(ranked, plan)
                plan[self._registry.markets[market].venue].append((asset, market))
        return {name: part for name, part in plan.items() if part}

    def _first_with_room(self, ranked: Sequence[int], plan: Plan) -> int:
        """The best market at a venue that gets to it in this round, if its quote is as good."""
        markets = self._registry.markets
        for number in ranked:
            venue = markets[number].venue
            room = self._readers[venue].calls_per_second * ROUND_SECONDS
            as_good = markets[number].quote in DOLLARS or markets[ranked[0]].quote not in DOLLARS
            if as_good and len(plan[venue]) < room:
                return number
        return ranked[0]

    async def _round(self, plan: Plan) -> None:
        """All venues work on their parts of the plan, as far as they get."""
        until = _now() + ROUND_SECONDS
        async with asyncio.TaskGroup() as group:
            for name, part in plan.items():
                group.create_task(self._work(self._readers[name], part, until))

    async def _work(
        self, reader: HistoryReader, part: Sequence[tuple[int, int]], until: float
    ) -> None:
        size = max(1, min(BATCH, int(reader.calls_per_second * BATCH_SECONDS)))
        for start in range(0, len(part), size):
            if reader.given_up or _now() > until:
                return
            batch = part[start : start + size]
            told = await asyncio.gather(*(self._read(reader, *pair) for pair in batch))
            candles = [one for one in told if one is not None]
            if candles:
                await self._keep(joined(candles), reader.venue.name)

    async def _read(self, reader: HistoryReader, asset: int, number: int) -> Candles | None:
        """The asset's hours in USD; None where the venue has none."""
        self._tried.add((asset, reader.venue.name))
        market = self._registry.markets[number]
        rate = self._rates.of(int(self._registry.quote[number]))
        try:
            hours = await reader.read(market.symbol, self._span.since, self._span.until)
        except RestError:
            return None
        if not hours or rate is None:
            return None
        per_unit = float(self._registry.per_unit[number])
        return in_usd(hours, asset=asset, per_unit=per_unit, rate=rate, span=self._span)

    async def _keep(self, candles: Candles, venue: str) -> None:
        """The candles are stored and shown, and their assets miss nothing any more."""

        async def write() -> None:
            async with self._database.connection() as connection:
                source = f"{self._label}:{venue}"
                await write_candles(connection, "1h", candles, source=source)

        await _once_possible(write)
        self._rates.learn(candles)
        self._present.remember(candles)
        for asset in set(candles.asset.tolist()):
            del self._missing[asset]
        self._tell()

    def _tell(self) -> None:
        """Say so whenever another tenth is done."""
        done = self._total - len(self._missing)
        tenths = 10 * done // self._total
        if tenths > self._tenths:
            self._tenths = tenths
            log.info("backfill_progress", done=done, of=self._total)


async def _once_possible(action: Callable[[], Awaitable[None]]) -> None:
    async for attempt in AsyncRetrying(
        retry=retry_if_exception_type(DatabaseAway), wait=wait_random_exponential(max=5)
    ):
        with attempt:
            await action()


def _now() -> float:
    return asyncio.get_running_loop().time()
