"""What the operator of this service has decided, as the ledger tells it, and what follows."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias

from app.market.events import Kind, PriceEvent
from app.market.registry import Market, Redenomination, Registry

Key: TypeAlias = tuple[str, str]
"""A market by its venue and the venue's symbol."""


BY_OPERATOR = "operator"
"""Under `by` in the detail of an event: the operator of this service made it happen."""

HISTORY_ONLY = "history_only"
"""In the detail of a redenomination that was over when it was registered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """Everything that is in force; a later decision on the same thing replaces an earlier one."""

    pinned: Mapping[Key, str] = field(default_factory=dict[Key, str])
    """Market → asset that it was pinned to; "" where a pin was taken off."""
    approved: Mapping[Key, str] = field(default_factory=dict[Key, str])
    """Market → asset that its mapping was approved for."""
    disabled: Mapping[Key, bool] = field(default_factory=dict[Key, bool])
    """False where a market was enabled again."""
    restricted: Mapping[Key, bool] = field(default_factory=dict[Key, bool])
    """True where deposits or withdrawals are closed, False where they are open again."""
    remapped: Mapping[Key, str] = field(default_factory=dict[Key, str])
    """Market → asset that it really is."""
    redenominations: tuple[Redenomination, ...] = ()
    """In the order of their times."""
    released: Mapping[str, float] = field(default_factory=dict[str, float])
    """Asset → when a person last released its publication breaker, in epoch seconds."""


@dataclass(slots=True)
class _Open:
    """Decisions while events are being added."""

    pinned: dict[Key, str]
    approved: dict[Key, str]
    disabled: dict[Key, bool]
    restricted: dict[Key, bool]
    remapped: dict[Key, str]
    redenominations: set[Redenomination]
    released: dict[str, float]


def fold(events: Iterable[PriceEvent], *, onto: Decisions | None = None) -> Decisions:
    """The decisions with those of the events, oldest first; other kinds are passed over."""
    before = onto or Decisions()
    made = _Open(
        dict(before.pinned),
        dict(before.approved),
        dict(before.disabled),
        dict(before.restricted),
        dict(before.remapped),
        set(before.redenominations),
        dict(before.released),
    )
    for event in events:
        if add := _ADD.get(event.kind):
            add(made, event)
    return Decisions(
        pinned=made.pinned,
        approved=made.approved,
        disabled=made.disabled,
        restricted=made.restricted,
        remapped=made.remapped,
        redenominations=_in_order(made.redenominations),
        released=made.released,
    )


def decided(registry: Registry, decisions: Decisions, *, version: int) -> Registry:
    """The registry as it is with these decisions; every market keeps its number.

    A pin or an approval counts only for the asset it was given for: when the venue's symbol means
    another one by now, nobody has looked at that.
    """
    markets = list(registry.markets)
    for venue, symbol in _touched(decisions):
        number = registry.rows_of_venue.get(venue, {}).get(symbol)
        if number is not None:
            markets[number] = _decided(markets[number], decisions, registry)
    known = {one for one in decisions.redenominations if one.asset in registry.number_of}
    return replace(
        registry,
        version=version,
        markets=tuple(markets),
        redenominations=_in_order(known.union(registry.redenominations)),
    )


def _touched(decisions: Decisions) -> set[Key]:
    vouched = (decisions.pinned, decisions.approved, decisions.remapped)
    return {key for each in (*vouched, decisions.disabled, decisions.restricted) for key in each}


def _decided(market: Market, decisions: Decisions, registry: Registry) -> Market:
    key = (market.venue, market.symbol)
    base = decisions.remapped.get(key, market.base)
    if base not in registry.number_of:
        base = market.base
    same = base == market.base
    # What proved the mapping to one asset says nothing of the mapping to another.
    pinned, approved = same and market.pinned, same and market.approved
    return replace(
        market,
        base=base,
        pinned=decisions.pinned[key] == base if key in decisions.pinned else pinned,
        approved=approved or decisions.approved.get(key) == base,
        disabled=decisions.disabled.get(key, market.disabled),
        closed=decisions.restricted.get(key, market.closed),
    )


def _pin(made: _Open, event: PriceEvent) -> None:
    made.pinned[event.venue, event.symbol] = event.asset


def _unpin(made: _Open, event: PriceEvent) -> None:
    made.pinned[event.venue, event.symbol] = ""


def _approve(made: _Open, event: PriceEvent) -> None:
    made.approved[event.venue, event.symbol] = event.asset


def _remap(made: _Open, event: PriceEvent) -> None:
    """A person who says which asset it is has approved that mapping."""
    key = (event.venue, event.symbol)
    made.remapped[key] = made.approved[key] = event.new


def _disable(made: _Open, event: PriceEvent) -> None:
    made.disabled[event.venue, event.symbol] = True


def _enable(made: _Open, event: PriceEvent) -> None:
    made.disabled[event.venue, event.symbol] = False


def _restrict(made: _Open, event: PriceEvent) -> None:
    made.restricted[event.venue, event.symbol] = True


def _unrestrict(made: _Open, event: PriceEvent) -> None:
    made.restricted[event.venue, event.symbol] = False


def _redenominate(made: _Open, event: PriceEvent) -> None:
    at = datetime.fromisoformat(event.detail["at"]).timestamp()
    over = HISTORY_ONLY in event.detail
    made.redenominations.add(Redenomination(event.asset, at, float(event.detail["factor"]), over))


def _release(made: _Open, event: PriceEvent) -> None:
    """A breaker that released itself was nobody's decision."""
    if event.detail.get("by") == BY_OPERATOR:
        made.released[event.asset] = event.time.timestamp()


_ADD: Mapping[str, Callable[[_Open, PriceEvent], None]] = {
    Kind.PIN: _pin,
    Kind.UNPIN: _unpin,
    Kind.APPROVE: _approve,
    Kind.REMAP: _remap,
    Kind.DISABLE: _disable,
    Kind.ENABLE: _enable,
    Kind.RESTRICT: _restrict,
    Kind.UNRESTRICT: _unrestrict,
    Kind.REDENOMINATION: _redenominate,
    Kind.BREAKER_RELEASED: _release,
}

KINDS: tuple[str, ...] = tuple(_ADD)
"""The kinds of event that decide something."""


def _in_order(found: Iterable[Redenomination]) -> tuple[Redenomination, ...]:
    return tuple(sorted(found, key=lambda one: (one.at, one.asset, one.factor)))
