"""`ingest_decode`: every adapter's `parse`, from frame to settled board, in one process.

Both contenders meet the dearest case there is: between two settlements each frame is of another
market, so no quote replaces one that still waits, and every market has an older quote already.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import fmean

from app.market.quotes import Quote, QuoteBoard
from benchmarks import peers
from benchmarks.floors import FLOORS, Write, columns
from benchmarks.frames import Sample, sample
from benchmarks.measure import REPEATS, Report, cpu_seconds, interleaved, rounded
from jobs.venue import Parse, Venue
from jobs.venues import VENUES

GOAL = 0.75
SETTLED = 2500
"""Frames between two settlements: 10,000 a second, settled four times a second."""
TURNS = 12
"""Settlements in one turn of a contender."""


@dataclass(frozen=True, slots=True)
class _Load:
    """One venue's frames, round by round; in a round no market comes twice."""

    sample: Sample
    copies: int
    """A recording of few markets stands for many: each copy of it has rows of its own."""
    rounds: tuple[tuple[bytes, ...], ...]

    @property
    def frames(self) -> int:
        return self.copies * sum(map(len, self.rounds))

    @property
    def markets(self) -> int:
        return self.copies * len(self.sample.markets)

    @property
    def frames_in_turn(self) -> list[bytes]:
        """Each frame as often as it is measured."""
        return [frame for frames in self.rounds for _ in range(self.copies) for frame in frames]

    def rows(self, copy: int) -> dict[str, int]:
        """Row of each market by what `parse` calls it."""
        first = copy * len(self.sample.markets)
        return {symbol: first + at for at, symbol in enumerate(self.sample.markets)}

    def bare_rows(self, copy: int) -> dict[str | int, int]:
        """The same rows by what the frames call each market."""
        return {self.sample.markets[symbol]: row for symbol, row in self.rows(copy).items()}


def run(
    *,
    venues: Iterable[Venue] = tuple(VENUES.values()),
    settled: int = SETTLED,
    turns: int = TURNS,
    repeats: int = REPEATS,
    with_peers: bool = False,
) -> list[Report]:
    """Frames per CPU-second, each venue with the same number of them."""
    seconds: dict[str, tuple[float, float]] = {}
    known: dict[str, list[bytes]] = {}
    for load in _loads(venues, settled, turns):
        seconds[load.sample.venue.name] = _measured(load, repeats)
        if load.sample.venue.name in peers.VENUES:
            known[load.sample.venue.name] = load.frames_in_turn
    ours = _rate(each for each, _ in seconds.values())
    floor = _rate(each for _, each in seconds.values())
    report = Report(
        bench="ingest_decode",
        value=rounded(ours),
        unit="frames/CPU-s",
        floor=rounded(floor),
        peer=None,
        ratio=rounded(ours / floor, 3),
        goal=f"ratio >= {GOAL}",
        ok=ours / floor >= GOAL,
    )
    if not with_peers:
        return [report]
    return [report, *_beside_peers(known, _rate(seconds[name][0] for name in known))]


def _beside_peers(frames: Mapping[str, Sequence[bytes]], ours: float) -> list[Report]:
    """The adapters beside each library, on the venues that all of them read."""
    reports: list[Report] = []
    for library, needed in peers.seconds_a_frame(frames).items():
        peer, goal = _rate(needed.values()), peers.GOALS[library]
        reports.append(
            Report(
                bench=f"ingest_decode:{library}",
                value=rounded(ours),
                unit="frames/CPU-s",
                floor=None,
                peer=rounded(peer),
                ratio=rounded(ours / peer, 3),
                goal=f"value / peer >= {goal}",
                ok=ours / peer >= goal,
            )
        )
    return reports


def _rate(seconds: Iterable[float]) -> float:
    """Frames a second over venues that send equally many."""
    return 1 / fmean(seconds)


def _loads(venues: Iterable[Venue], settled: int, turns: int) -> Iterator[_Load]:
    for venue in venues:
        found = sample(venue, markets=settled, turns=turns)
        if found is None:
            print(f"{venue.name:12} has neither recorded frames nor a voice", file=sys.stderr)
            continue
        copies = -(-settled // len(found.markets))
        # Late turns of a recording have few frames, which would pay for a settlement alone.
        full = [turn for turn in found.turns if 2 * len(turn) >= len(found.markets)]
        rounds = tuple(tuple(frame.body for frame in turn) for turn in full[:turns])
        yield _Load(found, copies, rounds)


def _measured(load: _Load, repeats: int) -> tuple[float, float]:
    """CPU seconds of a frame, ours and the floor's."""
    found = interleaved(
        {"ours": partial(_ours, load), "floor": partial(_floor, load)}, repeats=repeats
    )
    ours, floor = found["ours"] / load.frames, found["floor"] / load.frames
    print(
        f"{load.sample.venue.name:12} {load.sample.origin:9} {load.frames:6} frames "
        f"{ours * 1e9:6.0f} ns, floor {floor * 1e9:6.0f} ns, ratio {floor / ours:.2f}",
        file=sys.stderr,
    )
    return ours, floor


def _ours(load: _Load) -> float:
    board = QuoteBoard(load.markets)
    for row in range(load.markets):
        board.put(row, Quote("", 1.0, 1.0, 1.0, time=0.0), 0.0)
    board.settle()
    rows = [load.rows(copy) for copy in range(load.copies)]
    return cpu_seconds(partial(_read_all, load, rows, board))


def _read_all(load: _Load, rows: list[dict[str, int]], board: QuoteBoard) -> None:
    for at, frames in enumerate(load.rounds, start=1):
        for each in rows:
            _read(frames, load.sample.venue.parse, each, board, float(at))
        board.settle()


def _read(
    frames: tuple[bytes, ...],
    parse: Parse,
    rows: dict[str, int],
    board: QuoteBoard,
    received: float,
) -> None:
    """What the engine does with each frame between the socket and the board."""
    put = board.put
    for frame in frames:
        for event in parse(frame):
            if type(event) is Quote:
                try:
                    row = rows[event.symbol]
                except KeyError:
                    continue
                put(row, event, received)


def _floor(load: _Load) -> float:
    to = columns(load.markets)
    floor = FLOORS[load.sample.venue.name]
    writes = [floor(load.bare_rows(copy), to) for copy in range(load.copies)]
    return cpu_seconds(partial(_write_all, load, writes))


def _write_all(load: _Load, writes: list[Write]) -> None:
    for at, frames in enumerate(load.rounds, start=1):
        received = float(at)
        for write in writes:
            for frame in frames:
                write(frame, received)
