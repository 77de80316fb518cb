"""One thing that was looked at, as the doctor tells it."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Verdict: TypeAlias = Literal["ok", "warning", "broken"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, what was found, and what to do about it."""

    what: str
    result: str
    advice: str = ""
    verdict: Verdict = "ok"
    """`broken` keeps `make run` from working; `warning` takes something away from it."""


def judged(what: str, result: str, *, good: bool, advice: str, verdict: Verdict) -> Finding:
    """The finding that all is well, or else that verdict with its advice."""
    return Finding(what, result) if good else Finding(what, result, advice, verdict)
