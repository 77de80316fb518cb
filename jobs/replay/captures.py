"""Reading recorded captures: one folder a venue, files named <date>_<name>.<part>."""

import ast
import gzip
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

from jobs.venue import FrameError, Listing, Venue

_FILE = re.compile(r"^(\d{4}-\d\d-\d\d)_(.+?)\.(?:(0|http\.[\d.]+|ws\.[\d.]+)\.log|jsonl)\.gz$")
_RECEIVED = re.compile(r"^(\d{9,10}\.\d+): (.*)$")
_ANSWERED = re.compile(r"^(?:https?://\S+) -> (\d+\.\d+): (.*)$")


class CaptureError(ValueError):
    """The folder holds nothing that can be replayed; the message says what would do."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One recorded message."""

    received: float
    venue: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Tape:
    """The recordings of one day in the order in which they arrived."""

    day: date
    frames: tuple[Frame, ...]
    listings: Mapping[str, list[Listing]]
    """The market lists that were recorded with them, by venue."""

    @property
    def seconds(self) -> float:
        """From the first frame to the last."""
        return self.frames[-1].received - self.frames[0].received


class _Record(msgspec.Struct):
    t: str
    conn: str = ""
    ts: float = 0.0
    addr: str = ""
    data: str = ""


def load_tape(folder: Path, venues: Mapping[str, Venue], *, day: str = "") -> Tape:
    """The recordings of that day, or of the one with the most venues; raises CaptureError."""
    files = _files(folder, venues)
    if not files:
        raise CaptureError(f"{folder} has no captures: expected <venue>/<date>_<NAME>.*.log.gz")
    chosen = day or _busiest(files)
    if chosen not in files:
        days = ", ".join(sorted(files))
        raise CaptureError(f"nothing was recorded on {chosen!r}; recorded days: {days}")
    at = date.fromisoformat(chosen)
    frames: list[Frame] = []
    listings: dict[str, list[Listing]] = {}
    for venue, path in sorted(files[chosen], key=lambda pair: pair[1].name):
        frames += [Frame(time, venue.name, body) for time, body in _frames(path, venue)]
        listings.setdefault(venue.name, []).extend(_listings(path, venue, at))
    frames.sort(key=lambda frame: frame.received)
    return Tape(at, tuple(frames), listings)


def _files(folder: Path, venues: Mapping[str, Venue]) -> dict[str, list[tuple[Venue, Path]]]:
    by_name = {name: venue for venue in venues.values() for name in venue.recorded_as}
    found: dict[str, list[tuple[Venue, Path]]] = {}
    for path in sorted(folder.glob("*/*.gz")):
        match = _FILE.match(path.name)
        if match and match[2] in by_name:
            found.setdefault(match[1], []).append((by_name[match[2]], path))
    return found


def _busiest(files: Mapping[str, list[tuple[Venue, Path]]]) -> str:
    return max(sorted(files), key=lambda day: len({venue.name for venue, _ in files[day]}))


def _frames(path: Path, venue: Venue) -> Iterator[tuple[float, bytes]]:
    if path.name.endswith(".jsonl.gz"):
        yield from _record_frames([*_records(path)], venue)
        return
    for line in _lines(path):
        if ".ws." in path.name and (match := _RECEIVED.match(line)):
            yield float(match[1]), _unquoted(match[2])


def _record_frames(records: list[_Record], venue: Venue) -> Iterator[tuple[float, bytes]]:
    """Frames of the connections to the address we use today, or of all where none went there.

    One file may hold spot and derivatives, which share their symbols.
    """
    ours = {record.conn for record in records if record.addr == venue.stream_url}
    for record in records:
        if record.t == "recv" and (not ours or record.conn in ours):
            yield record.ts, record.data.encode()


def _records(path: Path) -> Iterator[_Record]:
    return (msgspec.json.decode(line, type=_Record) for line in _lines(path))


def _listings(path: Path, venue: Venue, day: date) -> list[Listing]:
    """The markets that one file lists; other REST answers in it are passed over."""
    parse = venue.at(day).parse_markets
    found: list[Listing] = []
    for body in _answers(path):
        try:
            found += parse(body)
        except (msgspec.MsgspecError, FrameError):
            continue
    return found


def _answers(path: Path) -> Iterator[bytes]:
    if ".ws." in path.name or ".http." in path.name:
        return
    if path.name.endswith(".jsonl.gz"):
        yield from (record.data.encode() for record in _records(path) if record.t == "http")
        return
    for line in _lines(path):
        if match := _ANSWERED.match(line):
            yield match[2].encode()


def _lines(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield line.rstrip("\n")


def _unquoted(text: str) -> bytes:
    """Binary frames were written as Python literals."""
    return ast.literal_eval(text) if text[:2] in {"b'", 'b"'} else text.encode()
