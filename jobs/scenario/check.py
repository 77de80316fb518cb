"""Assertions on what was published: what each asks, and what was measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf, isfinite, log
from typing import NamedTuple, TypeAlias, TypedDict

import msgspec

OKISH = ("ok", "degraded")


class Said(TypedDict):
    """What was published of one asset at one instant."""

    price: float | None
    status: str
    flags: list[str]
    mcap: float | None


class Sample(NamedTuple):
    """What was published of one asset, and when in the scenario."""

    time: float
    said: Said


Samples: TypeAlias = Sequence[Sample]


@dataclass(frozen=True, slots=True)
class Finding:
    """One assertion judged."""

    id: str
    passed: bool
    asked: str
    measured: str


class _Assertion(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    id: str
    asset: str
    since: float = msgspec.field(name="from", default=0.0)
    until: float = msgspec.field(name="to", default=inf)

    def judge(self, samples: Samples) -> Finding:
        """Whether it holds for the asset's samples."""
        chosen = [sample for sample in samples if self.since <= sample.time <= self.until]
        if not chosen:
            return Finding(self.id, False, self.asked, "no sample")
        problem = self._problem(chosen)
        return Finding(self.id, not problem, self.asked, problem or self._summary(chosen))

    @property
    def asked(self) -> str:
        """A phrase for the person at the terminal."""
        until = "on" if self.until == inf else f"to {self.until:g} s"
        return f"{self.asset} {self._wanted} from {self.since:g} s {until}"

    @property
    def _wanted(self) -> str:
        """The condition in words."""
        raise NotImplementedError

    def _problem(self, chosen: Samples) -> str:
        """What was wrong; empty where nothing was."""
        raise NotImplementedError

    def _summary(self, chosen: Samples) -> str:
        """What was measured where nothing was wrong."""
        return _span([sample.said["price"] for sample in chosen])


class Bound(_Assertion, frozen=True, kw_only=True, tag="bound"):
    """Every sample is inside a range."""

    field: str = "price"
    low: float | None = msgspec.field(name="min", default=None)
    high: float | None = msgspec.field(name="max", default=None)
    any: list[tuple[float, float]] = []
    allow_null: bool = False
    unless_flag: list[str] = []

    def __post_init__(self) -> None:
        if not self.any and (self.low is None or self.high is None):
            raise ValueError("bound needs min and max, or ranges in `any`")
        if self.field not in ("price", "mcap"):
            raise ValueError(f"bound looks at price or mcap, not at {self.field!r}")

    @property
    def _wanted(self) -> str:
        ranges = " or ".join(f"{low:.10g} … {high:.10g}" for low, high in self._ranges)
        return f"{self.field} in {ranges}"

    @property
    def _ranges(self) -> Sequence[tuple[float, float]]:
        if self.any or self.low is None or self.high is None:
            return self.any
        return [(self.low, self.high)]

    def _problem(self, chosen: Samples) -> str:
        for time, said in chosen:
            value = self._value(said)
            if value is None and self.allow_null:
                continue
            if value is None or not isfinite(value):
                return f"{value} at {time:g} s ({_marks(said)})"
            inside = any(low <= value <= high for low, high in self._ranges)
            if not inside and not set(self.unless_flag) & _words(said):
                return f"{value:.10g} at {time:g} s ({_marks(said)})"
        return ""

    def _summary(self, chosen: Samples) -> str:
        return _span([self._value(sample.said) for sample in chosen])

    def _value(self, said: Said) -> float | None:
        return said["mcap"] if self.field == "mcap" else said["price"]


class Reach(_Assertion, frozen=True, kw_only=True, tag="reach"):
    """A range is reached in time and kept."""

    after: float
    within: float
    low: float = msgspec.field(name="min")
    high: float = msgspec.field(name="max")
    status: list[str] = msgspec.field(default_factory=lambda: list(OKISH))
    hold: float = 5

    def judge(self, samples: Samples) -> Finding:
        """Whether it holds; samples before `after` do not matter."""
        later = [sample for sample in samples if sample.time >= self.after]
        problem = self._problem(later)
        first = self._first(later)
        return Finding(self.id, not problem, self.asked, problem or f"reached at {first:g} s")

    @property
    def asked(self) -> str:
        """A phrase for the person at the terminal."""
        return (
            f"{self.asset} {self.low:.10g} … {self.high:.10g} as {'/'.join(self.status)} "
            f"at {self.after + self.within:g} s at the latest, for {self.hold:g} s"
        )

    def _problem(self, chosen: Samples) -> str:
        first = self._first(chosen)
        if first is None or first > self.after + self.within:
            if not chosen:
                return "no sample"
            at = min(self.after + self.within, chosen[-1].time)
            then = next(sample.said for sample in chosen if sample.time >= at)
            when = "never" if first is None else f"only at {first:g} s"
            return f"reached {when}; {_price(then['price'])} at {at:g} s ({_marks(then)})"
        for time, said in chosen:
            if first <= time <= first + self.hold and not self._inside(said):
                return f"left at {time:g} s for {_price(said['price'])} ({_marks(said)})"
        return ""

    def _first(self, later: Samples) -> float | None:
        return next(
            (time for time, said in later if self._inside(said) and said["status"] in self.status),
            None,
        )

    def _inside(self, said: Said) -> bool:
        price = said["price"]
        return price is not None and self.low <= price <= self.high


class Flagged(_Assertion, frozen=True, kw_only=True, tag="flag"):
    """Enough samples carry a flag or a status."""

    any_of: list[str]
    min_fraction: float = 0.5

    @property
    def _wanted(self) -> str:
        return f"{' or '.join(self.any_of)} in {self.min_fraction * 100:g} % of samples"

    def _problem(self, chosen: Samples) -> str:
        found = len(_carrying(chosen, self.any_of))
        enough = found >= self.min_fraction * len(chosen) - 1e-9
        return "" if enough else f"{self._summary(chosen)}; the last one: {_marks(chosen[-1].said)}"

    def _summary(self, chosen: Samples) -> str:
        return f"{len(_carrying(chosen, self.any_of))} of {len(chosen)} samples"


class NotFlagged(_Assertion, frozen=True, kw_only=True, tag="no_flag"):
    """Hardly a sample carries a flag or a status."""

    none_of: list[str]
    max_fraction: float = 0.0

    @property
    def _wanted(self) -> str:
        share = f"more than {self.max_fraction * 100:g} % of samples" if self.max_fraction else ""
        return f"without {', '.join(self.none_of)}{' in ' + share if share else ''}"

    def _problem(self, chosen: Samples) -> str:
        found = _carrying(chosen, self.none_of)
        if len(found) <= self.max_fraction * len(chosen):
            return ""
        return f"{self._summary(chosen)}, first at {found[0].time:g} s ({_marks(found[0].said)})"

    def _summary(self, chosen: Samples) -> str:
        return f"{len(_carrying(chosen, self.none_of))} of {len(chosen)} samples"


class MaxStep(_Assertion, frozen=True, kw_only=True, tag="max_step"):
    """The price never leaps from one sample to the next."""

    max_log: float

    @property
    def _wanted(self) -> str:
        return f"moves at most {self.max_log * 100:g} % a sample"

    def _problem(self, chosen: Samples) -> str:
        for (_, before), (time, after) in pairwise(_priced(chosen)):
            if abs(log(after / before)) > self.max_log:
                return f"from {before:.10g} to {after:.10g} at {time:g} s"
        return ""

    def _summary(self, chosen: Samples) -> str:
        steps = [abs(log(b / a)) for (_, a), (_, b) in pairwise(_priced(chosen))]
        return f"at most {max(steps, default=0.0) * 100:.3g} %"


Assertion: TypeAlias = Bound | Reach | Flagged | NotFlagged | MaxStep


def _priced(samples: Samples) -> list[tuple[float, float]]:
    return [(time, price) for time, said in samples if (price := said["price"])]


def _carrying(samples: Samples, words: Sequence[str]) -> Samples:
    return [sample for sample in samples if set(words) & _words(sample.said)]


def _words(said: Said) -> set[str]:
    return {*said["flags"], said["status"]}


def _marks(said: Said) -> str:
    return " ".join([said["status"], *said["flags"]])


def _price(price: float | None) -> str:
    return "no price" if price is None else f"{price:.10g}"


def _span(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{min(known):.10g} … {max(known):.10g}" if known else "nothing published"
