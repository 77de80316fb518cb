"""How many units of an asset there are, decided out of what several sources say.

A source is believed while its figures are possible and near to what was decided before. A step
of more than a fifth needs two sources that say the same, or a person; until then the old value
stays and the supply is called suspect. What nobody knows stays NaN, never 0.
"""

from collections.abc import Iterable, Sequence
from math import isfinite, isnan, log, nan
from statistics import median

import msgspec

from app.market.verdict import Flag

LARGEST = 1e18
"""More units than this are junk. The most of any well-known asset are 4.2e17 (Baby Doge Coin);
figures that were told in an asset's smallest unit, a usual mistake, are mostly above it."""

SMALLEST = 1e-9
"""Fewer units than this are junk: the price of all of them would be that of nothing."""

AGREEMENT = 0.02
"""Sources agree if the largest of their figures is above the smallest by no more than this."""

STEP_MAX = 0.2
"""A change of more than this share needs two sources that agree, or a person."""

ORDER_TOLERANCE = 0.001
"""Share by which circulating may exceed total, and total maximum: sources round."""

OBSERVATION_AGE_MAX = 3 * 86400.0
"""Seconds after which a source that has said nothing more does not count."""

PERSON = "operator"
"""Source name of what the operator of this service has decided; it outranks all others for as
long as an observation counts, and is the value that they are measured against from then on."""


class Observation(msgspec.Struct, frozen=True, gc=False):
    """What one source says of one asset; NaN where it says nothing."""

    asset: str
    source: str
    time: float
    """When we were told, in epoch seconds."""
    circulating: float
    total: float = nan
    maximum: float = nan


class Supply(msgspec.Struct, frozen=True, gc=False):
    """What was decided; NaN where unknown, and never circulating > total > maximum."""

    circulating: float
    total: float
    maximum: float
    sources: tuple[str, ...]
    """Those that the circulating supply rests on, sorted; empty while it is unknown."""
    time: float
    """When the youngest of them said so, in epoch seconds; NaN while it is unknown."""
    suspect: bool
    """Whether a source is more than `STEP_MAX` away and nobody has confirmed or refuted it."""


UNKNOWN = Supply(nan, nan, nan, (), nan, suspect=False)
"""The supply of an asset that no source has spoken of."""


class _Field(msgspec.Struct, frozen=True, gc=False):
    """One decided figure and the observations that say it."""

    value: float
    behind: tuple[Observation, ...] = ()
    suspect: bool = False


class _Said(msgspec.Struct, frozen=True, gc=False):
    """One figure of one observation."""

    value: float
    by: Observation


def decide(
    previous: Supply | None,
    observations: Sequence[Observation],
    *,
    now: float,
    redenominated: float = 1.0,
) -> Supply:
    """The supply after these observations, of which the newest of each source counts.

    `redenominated` is the factor of the asset's last redenomination: a source that still tells
    the old unit does not count.
    """
    before = previous or UNKNOWN
    heard = [_possible(one) for one in _newest(observations, now)]
    fields = {
        name: _decided(
            getattr(before, name),
            [_Said(getattr(one, name), one) for one in heard],
            old_unit=redenominated,
        )
        for name in ("circulating", "total", "maximum")
    }
    circulating = fields["circulating"]
    behind = circulating.behind
    suspect = any(field.suspect for field in fields.values())
    total = _at_least(fields["total"].value, circulating.value)
    return Supply(
        circulating=circulating.value,
        total=total,
        maximum=_at_least(fields["maximum"].value, circulating.value, total),
        sources=tuple(sorted(one.source for one in behind)) if behind else before.sources,
        time=max(one.time for one in behind) if behind else before.time,
        suspect=suspect if heard else before.suspect,
    )


def rescaled(supply: Supply, factor: float) -> Supply:
    """The supply after a redenomination to units that cost `factor` times the old ones."""
    return msgspec.structs.replace(
        supply,
        circulating=supply.circulating / factor,
        total=supply.total / factor,
        maximum=supply.maximum / factor,
    )


def flag_of(supply: Supply) -> Flag:
    """What the supply says of the asset's published figures."""
    return Flag.SUPPLY_SUSPECT if supply.suspect else Flag(0)


def _newest(observations: Iterable[Observation], now: float) -> list[Observation]:
    """One observation a source, in the order of their names, without those that are too old."""
    newest: dict[str, Observation] = {}
    for one in observations:
        counts = 0 <= now - one.time <= OBSERVATION_AGE_MAX
        if counts and (one.source not in newest or one.time >= newest[one.source].time):
            newest[one.source] = one
    return [newest[source] for source in sorted(newest)]


def _possible(said: Observation) -> Observation:
    """The observation without figures that cannot be; the lower of two that contradict goes."""
    maximum = _figure(said.maximum)
    total = _at_most(_figure(said.total), maximum)
    circulating = _at_most(_at_most(_figure(said.circulating), total), maximum)
    return Observation(said.asset, said.source, said.time, circulating, total, maximum)


def _figure(value: float) -> float:
    return value if isfinite(value) and SMALLEST <= value <= LARGEST else nan


def _at_most(value: float, bound: float) -> float:
    """The value, or NaN where it exceeds a bound that is known."""
    return nan if value > bound * (1 + ORDER_TOLERANCE) else value


def _at_least(value: float, *bounds: float) -> float:
    """The value, or NaN where it falls short of a bound that is known."""
    return nan if any(bound > value * (1 + ORDER_TOLERANCE) for bound in bounds) else value


def _decided(previous: float, said: Iterable[_Said], *, old_unit: float) -> _Field:
    """One figure: a person's, else that of sources that agree, else of the nearest one."""
    voices = [one for one in said if not isnan(one.value)]
    for one in voices:
        if one.by.source == PERSON:
            return _Field(one.value, (one.by,))
    voices = [one for one in voices if not _in_old_unit(one.value, previous, old_unit)]
    if not voices:
        return _Field(previous)
    group = _largest_agreement(voices, previous)
    if len(group) > 1:
        return _Field(median(one.value for one in group), tuple(one.by for one in group))
    return _one_by_one(voices, previous)


def _one_by_one(voices: Sequence[_Said], previous: float) -> _Field:
    """Nobody agrees: the nearest source is followed, unless that is a step.

    Where nothing was decided before, the lowest figure is believed: too small a market cap
    misleads nobody into a rank that the asset has not got.
    """
    nearest = min(voices, key=lambda one: (_distance(one.value, previous), one.value))
    reference = nearest.value if isnan(previous) else previous
    suspect = any(_is_step(one.value, reference) for one in voices)
    if _is_step(nearest.value, reference):
        return _Field(previous, suspect=suspect)
    return _Field(nearest.value, (nearest.by,), suspect)


def _largest_agreement(voices: Iterable[_Said], previous: float) -> list[_Said]:
    """The most sources that agree; of several such groups the one nearest to `previous`."""
    ordered = sorted(voices, key=lambda one: one.value)
    groups = [
        [one for one in ordered[at:] if one.value <= low.value * (1 + AGREEMENT)]
        for at, low in enumerate(ordered)
    ]
    return min(
        groups,
        key=lambda group: (-len(group), _distance(median(one.value for one in group), previous)),
    )


def _in_old_unit(value: float, previous: float, factor: float) -> bool:
    return _is_step(factor, 1.0) and not _is_step(value, previous * factor)


def _is_step(value: float, reference: float) -> bool:
    """False where either is unknown."""
    return abs(value / reference - 1) > STEP_MAX


def _distance(value: float, reference: float) -> float:
    """How far apart two figures are; 0 where there is nothing to be far from."""
    return 0.0 if isnan(reference) else abs(log(value / reference))
