"""From what the operator typed to the event that is written; every refusal stands here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite

import msgspec

from app.market.decisions import BY_OPERATOR, HISTORY_ONLY, Decisions
from app.market.events import Kind, PriceEvent
from app.market.registry import Asset, Market
from jobs.operator.refusal import RefusedError, among

FIELDS = ("price", "volume", "market_cap", "circulating", "total", "maximum")
"""Published numbers that can have been wrong."""

REASON_MAX = 500

FACTOR_MAX = 1e12
"""No unit was ever changed by more; its inverse is the least."""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """One command as it was typed; "" for what it does not have."""

    command: str
    reason: str
    venue: str = ""
    symbol: str = ""
    asset: str = ""
    factor: str = ""
    at: str = ""
    history_only: bool = False
    field: str = ""
    since: str = ""
    until: str = ""
    old: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What exists, as far as a command can name it."""

    assets: Sequence[Asset]
    markets: Sequence[Market]
    decisions: Decisions
    now: datetime


def event_of(order: Order, known: Known) -> PriceEvent:
    """The event that carries the order out; raises RefusedError."""
    reason = " ".join(order.reason.split())
    if not 0 < len(reason) <= REASON_MAX or not reason.isprintable():
        raise RefusedError(f"--reason takes a sentence of 1 to {REASON_MAX} printable characters.")
    made = _MAKERS[order.command](order, known)
    detail = {**made.detail, "by": BY_OPERATOR}
    return msgspec.structs.replace(made, reason=reason, detail=detail)


def _of_market(order: Order, known: Known) -> PriceEvent:
    market = _market(order, known)
    return PriceEvent(
        time=known.now,
        kind=order.command,
        asset=_base(market, known),
        venue=market.venue,
        symbol=market.symbol,
    )


def _remap(order: Order, known: Known) -> PriceEvent:
    event, market = _of_market(order, known), _market(order, known)
    asset = _asset(order.asset, known)
    if asset == event.asset:
        raise RefusedError(f"{_spelled(market)} is {asset} already: name another asset.")
    if asset == market.quote:
        raise RefusedError(f"{_spelled(market)} is quoted in {asset}: name another asset.")
    return msgspec.structs.replace(event, old=event.asset, new=asset)


def _redenominate(order: Order, known: Known) -> PriceEvent:
    asset, at = _asset(order.asset, known), _time("--at", order.at)
    factor = _number("FACTOR", order.factor)
    if not 1 / FACTOR_MAX <= factor <= FACTOR_MAX or factor == 1:
        raise RefusedError(
            "FACTOR takes what a new unit costs in old ones, above 0 and not 1: 1000 where 1,000"
            f" old units became one, 0.001 where one became 1,000; from {1 / FACTOR_MAX:g} to"
            f" {FACTOR_MAX:g}, not {order.factor}."
        )
    _check_redenomination(order, known, at)
    found = known.decisions.redenominations
    if any(one.asset == asset and one.at == at.timestamp() for one in found):
        raise RefusedError(f"A redenomination of {asset} at {order.at} is registered already.")
    detail = {"at": at.isoformat(), "factor": repr(factor)}
    if order.history_only:
        detail[HISTORY_ONLY] = "yes"
    return PriceEvent(time=known.now, kind=Kind.REDENOMINATION, asset=asset, detail=detail)


def _check_redenomination(order: Order, known: Known, at: datetime) -> None:
    now = known.now.isoformat(timespec="seconds")
    if at <= known.now and not order.history_only:
        raise RefusedError(
            f"--at takes a time after now ({now}), because prices published since then were right"
            " or wrong already. With --history-only what was stored before is rescaled, and"
            " nothing else."
        )
    if at > known.now and order.history_only:
        raise RefusedError(f"--history-only takes an --at before now ({now}).")


def _correct(order: Order, known: Known) -> PriceEvent:
    asset, field = _asset(order.asset, known), among("field", order.field, FIELDS)
    since, until = _time("--from", order.since), _time("--until", order.until)
    if not since < until <= known.now:
        now = known.now.isoformat(timespec="seconds")
        raise RefusedError(
            f"--from takes a time before --until, and --until one up to now ({now})."
        )
    old, new = _number("--old", order.old), _number("--new", order.new)
    if min(old, new) < 0 or old == new:
        raise RefusedError("--old and --new take two different numbers that are not negative.")
    detail = {"field": field, "from": since.isoformat(), "until": until.isoformat()}
    return PriceEvent(
        time=known.now,
        kind=Kind.CORRECTION,
        asset=asset,
        old=repr(old),
        new=repr(new),
        detail=detail,
    )


def _release(order: Order, known: Known) -> PriceEvent:
    asset = _asset(order.asset, known)
    return PriceEvent(time=known.now, kind=Kind.BREAKER_RELEASED, asset=asset)


_MAKERS: Mapping[str, Callable[[Order, Known], PriceEvent]] = {
    Kind.PIN: _of_market,
    Kind.UNPIN: _of_market,
    Kind.APPROVE: _of_market,
    Kind.DISABLE: _of_market,
    Kind.ENABLE: _of_market,
    Kind.RESTRICT: _of_market,
    Kind.UNRESTRICT: _of_market,
    Kind.REMAP: _remap,
    "redenominate": _redenominate,
    "correct": _correct,
    "release": _release,
}


def _market(order: Order, known: Known) -> Market:
    if not known.markets:
        raise RefusedError("No market is known yet: start the product once, then decide.")
    venue = among("venue", order.venue, {market.venue for market in known.markets})
    listed = {market.symbol: market for market in known.markets if market.venue == venue}
    return listed[among(f"market of {venue}", order.symbol, listed)]


def _base(market: Market, known: Known) -> str:
    """Which asset the market is by now."""
    return known.decisions.remapped.get((market.venue, market.symbol), market.base)


def _spelled(market: Market) -> str:
    return f"{market.venue} {market.symbol}"


def _asset(given: str, known: Known) -> str:
    if not known.assets:
        raise RefusedError("No asset is known yet: start the product once, then decide.")
    owners = [asset.id for asset in known.assets if asset.symbol == given.upper()]
    ids = [asset.id for asset in known.assets]
    if owners and given not in ids:
        raise RefusedError(f"{given!r} is a ticker; an asset is named by its id: {_or(owners)}.")
    return among("asset", given, ids)


def _or(names: Sequence[str]) -> str:
    return " or ".join(names)


def _time(name: str, given: str) -> datetime:
    """The time in UTC; raises RefusedError where it is none or has no zone."""
    try:
        time = datetime.fromisoformat(given)
        if time.tzinfo is not None:
            return time.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise RefusedError(
        f"{name} takes a time with its zone, such as 2026-11-22T20:39:00Z, not {given!r}."
    )


def _number(name: str, given: str) -> float:
    try:
        number = float(given)
    except ValueError:
        number = float("nan")
    if not isfinite(number):
        raise RefusedError(f"{name} takes a number such as 64234.5, not {given!r}.")
    return number
