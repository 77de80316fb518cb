"""A scenario's tick → a quote or a supply, with the reading of numbers that adapters use."""

from collections.abc import Mapping
from math import isfinite

import msgspec

from app.market.quotes import NAN, Quote
from jobs.sources.source import Told

EPOCH = 1_700_000_000.0
"""Where a scenario's time 0 lies, in epoch seconds."""

_NO_PRICE = 0.0
"""Stands for something that was said and is no number: the board calls it invalid."""


def quote_of(tick: Mapping[str, object]) -> Quote:
    """What the tick says of its market; `v` is the turnover of 24 h in the quote currency."""
    return Quote(
        str(tick["m"]),
        last=_price(tick, "p"),
        bid=_price(tick, "b"),
        ask=_price(tick, "a"),
        turnover=_number(tick.get("v")),
        time=EPOCH + _number(tick.get("te")),
        sequence=_sequence(tick.get("s")),
    )


def supply_of(tick: Mapping[str, object]) -> Told:
    """What the tick's source says of the asset's supply."""
    asset = str(tick.get("asset"))
    circulating = _number(tick.get("circ"))
    return Told(asset, asset, asset, NAN, circulating, NAN, NAN, NAN)


def source_of(tick: Mapping[str, object]) -> str:
    """Who says so; all who give no name are one source."""
    return str(tick.get("src") or tick.get("source") or "")


def _price(tick: Mapping[str, object], field: str) -> float:
    if field not in tick:
        return NAN
    price = _number(tick[field])
    return price if isfinite(price) else _NO_PRICE


def _number(said: object) -> float:
    """The number, also where it is written as text; NaN for everything else."""
    try:
        return msgspec.convert(said, float, strict=False)
    except msgspec.ValidationError:
        return NAN


def _sequence(said: object) -> int:
    """The number, 0 where there is none."""
    try:
        return msgspec.convert(said, int, strict=False)
    except msgspec.ValidationError:
        return 0
