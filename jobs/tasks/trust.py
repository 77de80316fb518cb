"""S12: looks at one market after the other, and once a minute says whose volume is not believed."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count

import numpy as np
import structlog
from numpy.typing import NDArray

from app.market.inputs import Inputs, read_inputs
from app.market.quotes import Floats, QuoteColumns
from app.market.registry import Registry
from app.market.trust import signs_of, suspected
from jobs.rest import ActivityReader, RestError
from jobs.tasks.looks import Looks, sampled

log = structlog.get_logger(__name__)

Mask = NDArray[np.bool_]

_NAMED = 10
"""Markets that one line of the log names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What the running index knows, and who hears of suspicion."""

    quotes: Callable[[], QuoteColumns]
    """The latest quote of every market."""
    prices: Callable[[], Floats]
    """USD by asset; NaN where unknown."""
    on_distrusted: Callable[[Mask], None]
    """Hears every minute which markets' volume is not believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Seconds of a round, between two verdicts, and for which volumes once read are used."""

    round: float = 600.0
    verdict: float = 60.0
    volumes: float = 5.0


class VolumeTrust:
    """Looks at the markets of some venues in rounds, never faster than their budgets allow."""

    def __init__(
        self,
        registry: Registry,
        readers: Iterable[ActivityReader],
        reported: Reported,
        *,
        clock: Callable[[], float],
        rhythm: Rhythm | None = None,
    ) -> None:
        """`clock` gives epoch seconds."""
        self._registry, self._reported, self._clock = registry, reported, clock
        self._readers = tuple(readers)
        self._rhythm = rhythm or Rhythm()
        self._looks = Looks(len(registry.markets))
        self._distrusted = np.zeros(len(registry.markets), dtype=bool)
        self._inputs: Inputs | None = None
        self._inputs_at = -np.inf

    async def run(self) -> None:
        """Rounds and verdicts go on until cancelled."""
        async with asyncio.TaskGroup() as group:
            for reader in self._readers:
                group.create_task(self._go_round(reader))
            group.create_task(self._judge_again())

    async def look_around(self, reader: ActivityReader, *, turn: int = 0) -> None:
        """One round at one venue is over: the markets whose turn it was were looked at."""
        began = _now()
        reader.try_again()
        for number, market in enumerate(markets := self._markets(reader, turn)):
            if reader.given_up:
                break
            await self._look(reader, market)
            # Evenly over the round, so that whoever else asks this venue hardly notices.
            await _sleep_until(began + self._rhythm.round * (number + 1) / len(markets))
        await _sleep_until(began + self._rhythm.round)

    def judge(self) -> Mask:
        """The markets whose volume is not believed, by what is known now; the owner hears it."""
        registry = self._registry
        quote_price = self._reported.prices()[registry.quote]
        evidence = self._looks.evidence(
            registry,
            volume=self._told().turnover * quote_price,
            quote_price=quote_price,
            now=self._clock(),
        )
        distrusted = suspected(signs_of(evidence))
        self._tell(distrusted)
        self._reported.on_distrusted(distrusted)
        return distrusted

    async def _judge_again(self) -> None:
        while True:
            await asyncio.sleep(self._rhythm.verdict)
            self.judge()

    async def _go_round(self, reader: ActivityReader) -> None:
        # Quotes come first: without them nobody knows which markets are large.
        await asyncio.sleep(self._rhythm.verdict)
        for turn in count():
            await self.look_around(reader, turn=turn)

    def _markets(self, reader: ActivityReader, turn: int) -> list[int]:
        """Whom to look at in this round."""
        registry = self._registry
        rows = list(registry.rows_of_venue.get(reader.venue.name, {}).values())
        volume = self._told().turnover * self._reported.prices()[registry.quote]
        room = max(1, int(reader.looks_per_second * self._rhythm.round))
        return sampled(rows, volume, room=room, turn=turn)

    async def _look(self, reader: ActivityReader, market: int) -> None:
        """One market is looked at, unless its venue has no answer."""
        try:
            activity = await reader.read(self._registry.markets[market].symbol)
        except RestError as error:
            log.debug("look_failed", venue=reader.venue.name, market=market, reason=str(error))
            return
        volume = float(self._told().volume[market])
        self._looks.take(market, activity, volume=volume, now=self._clock())

    def _told(self) -> Inputs:
        """What all markets said a few seconds ago at most: it takes a copy of every column."""
        if self._inputs is None or _now() - self._inputs_at >= self._rhythm.volumes:
            self._inputs, self._inputs_at = read_inputs(self._reported.quotes()), _now()
        return self._inputs

    def _tell(self, distrusted: Mask) -> None:
        """Say so whenever other markets are distrusted than before."""
        if (distrusted != self._distrusted).any():
            rows = np.flatnonzero(distrusted).tolist()
            named = [self._registry.markets[row] for row in rows[:_NAMED]]
            log.warning(
                "volume_distrusted",
                markets=len(rows),
                named=[f"{market.venue} {market.symbol}" for market in named],
            )
        self._distrusted = distrusted


async def _sleep_until(time: float) -> None:
    await asyncio.sleep(max(0.0, time - _now()))


def _now() -> float:
    return asyncio.get_running_loop().time()
