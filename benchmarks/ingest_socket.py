"""`ingest_socket`: real sockets of all simulated venues, through the real engine, into a board.

The server is a process of its own. What is counted is the CPU time of this process alone, from
the first frame to the last settled quote, with a settlement four times a second.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import uvloop
from picows import (  # pyright: ignore[reportUnknownVariableType] - the kwargs of ws_connect
    WSFrame,
    WSListener,
    WSMsgType,
    WSTransport,
    ws_connect,
)

from benchmarks.frames import spoken, understood, unpacked
from benchmarks.listeners import Contender, Party, bare_clients, engine
from benchmarks.measure import Report, interleaved, rounded
from jobs.sandbox.voices import VOICES
from jobs.venues import VENUES

GOAL = 0.75
BURST = 0
"""As a rate: as fast as this process reads."""
RATES = {"burst": BURST, "10000/s": 10_000}
MARKETS = 200
"""Markets of each venue: one socket at most venues, a few at some."""
TURNS = 25
"""Frames of each market in a burst."""
SECONDS = 3.0
"""How long frames come at a steady rate."""
REPEATS = 5
_LOOK_EVERY = 0.01
_LONGEST = 60.0


def run(
    *,
    markets: int = MARKETS,
    turns: int = TURNS,
    seconds: float = SECONDS,
    repeats: int = REPEATS,
) -> list[Report]:
    """Frames per CPU-second, in a burst and at a steady rate."""
    parties = _parties(markets)
    most = turns * sum(len(party.symbols) for party in parties)
    with _server(markets, turns) as port:
        return [
            _report(
                name,
                parties,
                partial(_cpu_seconds, port, rate=rate, frames=frames),
                frames=frames,
                repeats=repeats,
            )
            for name, rate in RATES.items()
            for frames in [min(most, int(rate * seconds)) if rate else most]
        ]


def _report(
    name: str,
    parties: Sequence[Party],
    measure: Callable[[Contender, Sequence[Party]], float],
    *,
    frames: int,
    repeats: int,
) -> Report:
    found = interleaved(
        {
            "ours": partial(measure, engine, parties),
            "floor": partial(measure, bare_clients, parties),
        },
        repeats=repeats,
    )
    ratio = found["floor"] / found["ours"]
    return Report(
        bench=f"ingest_socket:{name}",
        value=rounded(frames / found["ours"]),
        unit="frames/CPU-s",
        floor=rounded(frames / found["floor"]),
        peer=None,
        ratio=rounded(ratio, 3),
        goal=f"ratio >= {GOAL}",
        ok=ratio >= GOAL,
    )


def _parties(markets: int) -> list[Party]:
    parties: list[Party] = []
    row = 0
    for name, voice in VOICES.items():
        # A token is fetched once a connection; the rest would only make the start slower.
        venue = replace(VENUES[name], token=None, frames_per_second=1e4, settle_seconds=0.0)
        (turn,) = spoken(voice, markets=markets, turns=1)
        frames = understood(venue, unpacked(venue, (message for _, message in turn)))
        symbols = tuple(symbol for symbol, _ in turn)
        parties.append(Party(venue, symbols, tuple(frame.market for frame in frames), row))
        row += len(symbols)
    return parties


@contextmanager
def _server(markets: int, turns: int) -> Generator[int]:
    """The port on which all venues are simulated by another process."""
    argv = (sys.executable, "-m", "benchmarks.venue_server")
    sizes = ("--markets", str(markets), "--turns", str(turns))
    with subprocess.Popen(
        (*argv, *sizes), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise AssertionError("both were asked for as pipes")
        yield int(process.stdout.readline())
        process.stdin.close()


def _cpu_seconds(
    port: int, contender: Contender, parties: Sequence[Party], *, rate: float, frames: int
) -> float:
    return uvloop.run(_listen(port, contender, parties, f"{rate} {frames}", frames))


async def _listen(
    port: int, contender: Contender, parties: Sequence[Party], order: str, frames: int
) -> float:
    async with asyncio.timeout(_LONGEST), contender(port, parties) as listening:
        control = _Control()
        await ws_connect(lambda: control, f"ws://127.0.0.1:{port}/control")
        await control.ready.wait()
        before, began = listening.heard(), time.process_time()
        control.begin(order)
        while listening.heard() - before < frames:
            await asyncio.sleep(_LOOK_EVERY)
        listening.finish()
        spent = time.process_time() - began
        control.close()
    return spent


class _Control(WSListener):
    def __init__(self) -> None:
        self.ready = asyncio.Event()
        self._transport: WSTransport | None = None

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        self.ready.set()

    def begin(self, order: str) -> None:
        if self._transport is not None:
            self._transport.send(WSMsgType.TEXT, order)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.disconnect()
