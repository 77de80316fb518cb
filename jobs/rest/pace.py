"""How often an endpoint is really called, as a value: slower when told, faster when well."""

from dataclasses import dataclass, replace

_SLOWEST = 8
_GOOD_CALLS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """One scheduled call of `factor` is made, the others are left out."""

    factor: int = 1
    left_out: int = 0
    """Scheduled calls left out since the last one that was made."""
    good: int = 0
    """Calls in a row that did not ask us to slow down."""
    paused_until: float = 0.0

    def due(self, now: float) -> bool:
        """True if the scheduled call of now is to be made."""
        return now >= self.paused_until and self.left_out + 1 >= self.factor

    def skipped(self) -> "Pace":
        """A scheduled call was left out."""
        return replace(self, left_out=self.left_out + 1)

    def called(self) -> "Pace":
        """A scheduled call was made."""
        return replace(self, left_out=0)

    def slower(self) -> "Pace":
        """Half the rate, down to an eighth."""
        return replace(self, factor=min(_SLOWEST, self.factor * 2), good=0)

    def well(self) -> "Pace":
        """A call went well; after a few in a row the rate doubles, up to the full one."""
        if self.factor == 1:
            return self
        if self.good + 1 < _GOOD_CALLS:
            return replace(self, good=self.good + 1)
        return replace(self, factor=self.factor // 2, good=0)

    def paused(self, until: float) -> "Pace":
        """No call before that time."""
        return replace(self, paused_until=max(self.paused_until, until))
