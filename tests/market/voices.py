"""What venues may say of one market: honest voices, lying ones, and bytes that choose the words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf, nan
from typing import TypeVar

import msgspec

from app.market.quotes import Quote

Choice = TypeVar("Choice")


@dataclass(frozen=True, slots=True)
class Voice:
    """The menus that a venue's words are chosen from."""

    speech: tuple[str | float, ...]
    price: tuple[float, ...]
    """Share of the true price."""
    volume: tuple[float, ...]
    """USD in 24 h."""
    spread: tuple[float, ...]
    ahead: tuple[float, ...]
    """Seconds that the venue's time is ahead of ours."""


HONEST = Voice(
    speech=(*["all"] * 6, "last", "book", "silent", "crossed", 0.0, -1.0, inf),
    price=(*[1.0] * 6, 1.0001, 0.9999, 1.0005, 0.999, 1.003, 0.99, 1.02, 0.93, 1.3),
    volume=(1e6, 1e6, 1e4, 3e5, 1e7, 1e9, 0.0, nan),
    spread=(5e-4, 0.0, 1e-4, 0.002, 0.015, 0.04, 0.3),
    ahead=(0.0, 0.0, -0.2, nan, -2.0, 3.0, -8.0, -40.0, -150.0, -800.0, -5_000.0),
)
LYING = Voice(
    speech=(
        *["all"] * 6,
        "last",
        "book",
        "silent",
        "crossed",
        0.0,
        -1.0,
        nan,
        inf,
        -inf,
    ),
    price=(1.0, 1.002, 0.997, 1.015, 0.96, 0.5, 1e-8, 1e-3, 0.1, 2.0, 10.0, 1e3, 1e6, 1e12),
    volume=(1e6, 1e12, 1e12, 1e12, 1e30, 1e200, 0.0, -1.0, nan, inf),
    spread=(5e-4, 0.0, 1e-9, 0.5, 1.99),
    ahead=(0.0, nan, 3.0, 60.0, 1e9, inf, -inf, -3.0, -100.0, -1e9),
)


WILD = replace(LYING, speech=(*LYING.speech, 5e-324, 1e-200, 1e200, 1.7e308))
"""The same with numbers at the ends of what a float can say."""


@dataclass(frozen=True, slots=True)
class Tick:
    """One message about one market."""

    row: int
    quote: Quote
    received: float

    def __str__(self) -> str:
        said = self.quote
        return (
            f"{self.row}: {said.last:g} ({said.bid:g} {said.ask:g}) turnover {said.turnover:g}"
            f" volume {said.volume:g} {said.time - self.received:+g} s #{said.sequence}"
        )

    def times(self, factor: float) -> "Tick":
        """The same with every price multiplied, and the same turnover."""
        said = self.quote
        prices = {name: getattr(said, name) * factor for name in ("last", "bid", "ask")}
        turned = msgspec.structs.replace(said, **prices, volume=said.volume / factor)
        return replace(self, quote=turned)


def pick(menu: Sequence[Choice], byte: int) -> Choice:
    """The entry of the menu that the byte points to."""
    return menu[byte % len(menu)]


def say(word: bytes, voice: Voice, price: float, *, worth: float, now: float) -> Quote | None:
    """What a voice makes of six bytes about a book at this price; None for silence."""
    speech = pick(voice.speech, word[0])
    price *= pick(voice.price, word[1])
    turnover = pick(voice.volume, word[2]) / worth
    half = price * pick(voice.spread, word[3]) / 2
    base = bool(word[4] % 2)
    said = Quote(
        "",
        volume=turnover / price if base else nan,
        turnover=nan if base else turnover,
        time=now + pick(voice.ahead, word[5]),
    )
    changed = msgspec.structs.replace
    match speech:
        case "all":
            return changed(said, last=price, bid=price - half, ask=price + half)
        case "last":
            return changed(said, last=price)
        case "book":
            return changed(said, bid=price - half, ask=price + half)
        case "crossed":
            return changed(said, last=price, bid=price * 1.01, ask=price)
        case float(junk):
            return changed(said, last=junk, bid=junk, ask=price)
        case _:
            return None
