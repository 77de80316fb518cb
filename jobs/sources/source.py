"""What a reference source is: addresses, budget, terms and a pure parser, as one frozen value.

A reference is never an input of a price. Its prices are compared with ours, and its supplies are
observations among others.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import nan
from typing import TypeAlias

import msgspec

Number: TypeAlias = float | str | None
"""A figure as sources send it: some write "N/A", some write numbers as text."""


class Told(msgspec.Struct, frozen=True, gc=False):
    """One row of a source, in its own words; NaN where it says nothing that can be read."""

    id: str
    """The source's own id of the asset."""
    symbol: str
    name: str
    price: float
    """USD."""
    circulating: float
    total: float
    maximum: float
    time: float
    """When the source computed it, in epoch seconds; NaN where it does not say."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """Calls that the source's terms allow; 0 where they name no such limit."""

    minute: int
    day: int
    month: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """How often pages are asked for; the first one has the assets that most people look at."""

    first: float
    """Seconds between two calls of the first page."""
    others: float
    """Seconds between two calls of the same further page."""
    burst: int
    """Most calls in one round, so that a fresh start asks for the tail little by little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Everything that the poller, the documents and the pages must know of one source."""

    name: str
    title: str
    home: str
    docs: str
    terms: str
    """Where its terms stand."""
    licence: str
    """What they allow, in a sentence."""
    attribution: str
    """What they want to be written beside their data."""
    taken: str
    """What is taken from it."""
    rest_url: str
    path: Callable[[int], str]
    """Number of a page, from 1 → path below `rest_url`."""
    parse: Callable[[bytes], Sequence[Told]]
    """Raises FrameError or msgspec.MsgspecError for another shape; bad rows are left out."""
    pages: int
    """So many pages are asked for at most; an empty one ends the list before."""
    allowance: Allowance
    cadence: Cadence
    key_header: str = ""
    """Header that carries the operator's key; "" where the source has none."""
    shares_ids: bool = False
    """Whether its ids are ours, so that names need not be compared."""
    ids: Mapping[str, str] = field(default_factory=dict[str, str])
    """Its id → ours, for assets that it names otherwise."""
    ban_statuses: tuple[int, ...] = ()
    ban_seconds: float = 3600.0


def figure(value: Number) -> float:
    """The number, or NaN where it is none; "2,080.1" is none."""
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return nan
    return nan if value is None else value


def instant(text: str | None) -> float:
    """Epoch seconds of an ISO 8601 time with a zone; NaN where it is none."""
    try:
        time = datetime.fromisoformat(text or "")
    except ValueError:
        return nan
    return nan if time.tzinfo is None else time.timestamp()
