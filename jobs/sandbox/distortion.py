"""What faults do to a quote: pure functions from a true book to the one that is sent."""

from collections.abc import Collection
from dataclasses import dataclass

from msgspec.structs import replace

from jobs.sandbox.faults import (
    EVERYWHERE,
    ClockSkew,
    Depeg,
    Drop,
    FlashCrash,
    Freeze,
    InForce,
    UnitSlip,
    Wash,
    Zero,
)
from jobs.sandbox.voice import Book

WASH_GROWS = 600.0
"""Seconds in which washed volume rises by as much as it began with."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a market is, in asset ids."""

    venue: str
    base: str
    quote: str
    crashes: bool
    """Whether a general crash moves it: true where money is paid for what is no money."""


def distorted(book: Book, identity: Identity, orders: Collection[InForce]) -> Book | None:
    """The book as these faults make it; None where the market is delisted."""
    for order in orders:
        fault = order.fault
        if isinstance(fault, Drop) and fault.asset in (identity.base, identity.quote):
            return None
        if isinstance(fault, Freeze) and fault.asset in (EVERYWHERE, identity.base):
            held = order.held.setdefault(f"{identity.venue} {book.symbol}", book)
            book = replace(held, time=book.time, sequence=book.sequence)
        if isinstance(fault, ClockSkew):
            book = replace(book, time=book.time + fault.offset)
        if isinstance(fault, Wash):
            grown = 1 + max(0.0, book.time - order.since) / WASH_GROWS
            book = replace(book, volume=_eight_digits(book.volume * fault.factor * grown))
        book = _times(book, _factor(order, identity))
    return book


def _factor(order: InForce, identity: Identity) -> float:
    """By how much the fault multiplies the market's prices."""
    fault = order.fault
    if isinstance(fault, FlashCrash):
        if fault.asset == EVERYWHERE:
            return fault.factor if identity.crashes else 1.0
        return _revalued(fault.asset, fault.factor, identity)
    if isinstance(fault, Depeg):
        return _revalued(fault.asset, fault.level, identity)
    if isinstance(fault, UnitSlip):
        return fault.factor if fault.asset == identity.base else 1.0
    if isinstance(fault, Zero):
        return 0.0 if fault.asset in (EVERYWHERE, identity.base) else 1.0
    return 1.0


def _revalued(asset: str, factor: float, identity: Identity) -> float:
    if asset == identity.base:
        return factor
    return 1 / factor if asset == identity.quote else 1.0


def _times(book: Book, factor: float) -> Book:
    """Prices times the factor; the day's open stays, high and low take the new price in."""
    if factor == 1.0:
        return book
    last = _eight_digits(book.last * factor)
    return replace(
        book,
        last=last,
        bid=_eight_digits(book.bid * factor),
        ask=_eight_digits(book.ask * factor),
        high=max(book.high, last),
        low=min(book.low, last),
    )


def _eight_digits(price: float) -> float:
    return float(f"{price:.8g}")
