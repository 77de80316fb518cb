"""What can be made to go wrong, at which venue, and for how long.

A fault is a frozen value that arrives as JSON; the board knows which ones are in force.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Annotated, TypeAlias, TypeVar

import msgspec
from msgspec import Meta

from jobs.sandbox.voice import Book

EVERYWHERE = "*"

Factor: TypeAlias = Annotated[float, Meta(gt=0, le=1e6)]
Pause: TypeAlias = Annotated[float, Meta(gt=0, le=600)]


class Fault(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"
):
    """What every fault says: where, and for how long."""

    venue: str = EVERYWHERE
    seconds: Annotated[float, Meta(gt=0, le=86400)] = 60.0


class Silence(Fault, frozen=True, tag="silence"):
    """Sockets stay open and say nothing, not even heartbeats and answers."""


class Reset(Fault, frozen=True, tag="reset"):
    """All sockets that are open at this moment are reset; `seconds` has no meaning."""


class Refuse(Fault, frozen=True, tag="refuse"):
    """New sockets are refused with HTTP 403."""


class Lag(Fault, frozen=True, tag="lag"):
    """Every message and every REST answer comes `delay` seconds late."""

    delay: Pause


class Reorder(Fault, frozen=True, tag="reorder"):
    """Messages come up to `within` seconds late, each by its own chance, so out of order."""

    within: Pause = 5.0


class Gap(Fault, frozen=True, tag="gap"):
    """This part of the messages is lost."""

    share: Annotated[float, Meta(gt=0, le=1)] = 0.1


class Repeat(Fault, frozen=True, tag="repeat"):
    """Every message comes so many times."""

    times: Annotated[int, Meta(ge=2, le=10)] = 3


class Burst(Fault, frozen=True, tag="burst"):
    """The venue's markets are quoted so many times as often."""

    factor: Annotated[float, Meta(gt=0, le=100)] = 10.0


class Garbage(Fault, frozen=True, tag="garbage"):
    """Before every message comes one that is none: cut JSON, other types, noise."""


class ClockSkew(Fault, frozen=True, tag="clock_skew"):
    """The venue's clock is `offset` seconds ahead, or behind if negative."""

    offset: Annotated[float, Meta(ge=-86400, le=86400)]


class Status(Fault, frozen=True, tag="status"):
    """REST answers with this HTTP status, and with Retry-After if that is above 0."""

    status: Annotated[int, Meta(ge=400, le=599)] = 503
    retry_after: Annotated[int, Meta(ge=0, le=86400)] = 0


class Limit(Fault, frozen=True, tag="limit"):
    """REST allows so many calls in so many seconds and answers `status` beyond that."""

    calls: Annotated[int, Meta(ge=1)] = 10
    per: Pause = 1.0
    status: Annotated[int, Meta(ge=400, le=599)] = 429
    retry_after: Annotated[int, Meta(ge=0, le=86400)] = 1


class Html(Fault, frozen=True, tag="html"):
    """REST answers 200 with a web page."""


class Truncated(Fault, frozen=True, tag="truncated"):
    """REST answers with the first half of the body."""


class Drip(Fault, frozen=True, tag="drip"):
    """REST sends its body in pieces of a few bytes, with `pause` seconds between them."""

    pause: Pause = 1.0


class FlashCrash(Fault, frozen=True, tag="flash_crash"):
    """The asset ("*": all but fiat and stablecoins) trades at so many times its price."""

    asset: str = EVERYWHERE
    factor: Factor = 0.5


class UnitSlip(Fault, frozen=True, tag="unit_slip"):
    """The venue lists the asset in another unit: its prices are so many times too high."""

    asset: str
    factor: Factor = 1000.0


class Depeg(Fault, frozen=True, tag="depeg"):
    """The stablecoin is worth `level` times its peg, in its own books and as a quote."""

    asset: str
    level: Factor


class Freeze(Fault, frozen=True, tag="freeze"):
    """The asset's quotes ("*": all) stay as they are, with ever new times and numbers."""

    asset: str = EVERYWHERE


class Zero(Fault, frozen=True, tag="zero"):
    """The asset's prices ("*": all) are 0."""

    asset: str = EVERYWHERE


class Drop(Fault, frozen=True, tag="drop"):
    """The asset is delisted: its markets are in no list and send nothing."""

    asset: str


class Wash(Fault, frozen=True, tag="wash"):
    """The venue reports `factor` times its volume, and as much again every 10 minutes.

    Meanwhile nothing is traded: trades keep their numbers and have all one size, and the book is
    thin.
    """

    factor: Factor = 50.0


class Drift(Fault, frozen=True, tag="drift"):
    """A reference source tells the asset's price ("*": all) as so many times the true one."""

    asset: str = EVERYWHERE
    factor: Factor = 1.2


class SupplySlip(Fault, frozen=True, tag="supply_slip"):
    """A reference source tells the asset's supplies ("*": all) as so many times the true ones."""

    asset: str = EVERYWHERE
    factor: Annotated[float, Meta(gt=0, le=1e30)] = 1e9


OfAsset: TypeAlias = FlashCrash | UnitSlip | Depeg | Freeze | Zero | Drop | Drift | SupplySlip

OfAll: TypeAlias = FlashCrash | Freeze | Zero | Drift | SupplySlip
"""Those that may concern every asset at once."""

AnyFault: TypeAlias = (
    Silence | Reset | Refuse | Lag | Reorder | Gap | Repeat | Burst | Garbage | ClockSkew
    | Status | Limit | Html | Truncated | Drip | Wash | OfAsset
)  # fmt: skip

OneFault = TypeVar("OneFault", bound=Fault)
_DECODER: msgspec.json.Decoder[AnyFault] = msgspec.json.Decoder(AnyFault)


class FaultError(ValueError):
    """The request describes no fault that we have; the message says what is wrong with it."""


def accepted() -> dict[str, object]:
    """The JSON schema of a fault request."""
    return msgspec.json.schema(AnyFault)


def read_fault(body: bytes, venues: Collection[str], assets: Collection[str]) -> AnyFault:
    """The fault that the JSON describes; raises FaultError if there is none."""
    try:
        fault = _DECODER.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise FaultError(str(error)) from error
    if fault.venue != EVERYWHERE and fault.venue not in venues:
        raise FaultError(f"venue must be * or one of {', '.join(sorted(venues))}")
    if isinstance(fault, OfAll) and fault.asset == EVERYWHERE:
        return fault
    if isinstance(fault, OfAsset) and fault.asset not in assets:
        raise FaultError("asset must be the id of a listed asset, such as bitcoin")
    return fault


@dataclass(slots=True)
class InForce:
    """A fault that was ordered and is not over."""

    number: int
    fault: AnyFault
    until: float
    held: dict[str, Book] = field(default_factory=dict[str, Book])
    """What `freeze` repeats, by venue symbol with the venue's name before it."""

    @property
    def since(self) -> float:
        """When it was ordered."""
        return self.until - self.fault.seconds


class FaultBoard:
    """The faults in force; those that are over vanish when somebody looks."""

    def __init__(self) -> None:
        self._orders: dict[int, InForce] = {}
        self._count = 0

    def order(self, fault: AnyFault, now: float) -> InForce:
        """Put the fault in force at once."""
        self._count += 1
        self._orders[self._count] = InForce(self._count, fault, now + fault.seconds)
        return self._orders[self._count]

    def lift(self, now: float, *, number: int | None = None) -> list[InForce]:
        """End this fault, or all of them; the ones that were still in force."""
        ended = [order for order in self.all(now) if number in (None, order.number)]
        for order in ended:
            del self._orders[order.number]
        return ended

    def all(self, now: float) -> list[InForce]:
        """Every fault in force, in the order in which they came."""
        for number in [number for number, order in self._orders.items() if order.until <= now]:
            del self._orders[number]
        return list(self._orders.values())

    def at(self, venue: str, now: float) -> list[InForce]:
        """Those that concern this venue."""
        return [order for order in self.all(now) if order.fault.venue in (EVERYWHERE, venue)]


def of_kind(orders: list[InForce], kind: type[OneFault]) -> Iterator[OneFault]:
    """The faults of one kind among these."""
    for order in orders:
        if isinstance(order.fault, kind):
            yield order.fault
