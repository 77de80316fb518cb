"""What an operator may type, and what exists when it is typed."""

from datetime import UTC, datetime

import msgspec

from app.market.decisions import Decisions
from app.market.registry import Registry
from jobs.operator.orders import Known, Order
from tests.market.board import BTC, ETH, PEPE, USD, market

NOW = datetime(2026, 11, 22, 20, 39, tzinfo=UTC)
LATER, EARLIER = "2026-11-23T00:00:00Z", "2026-11-22T21:00:00+02:00"
REGISTRY = Registry(1, (USD, BTC, ETH, PEPE), (market("kraken", "bitcoin"), market("okx", "pepe")))
KNOWN = Known(assets=REGISTRY.assets, markets=REGISTRY.markets, decisions=Decisions(), now=NOW)

REMAP = Order(
    command="remap", reason="Its contract says so.", venue="okx", symbol="pepe/usd", asset="bitcoin"
)
UNIT = Order(command="redenominate", reason="1 for 1,000", asset="pepe", factor="1000", at=LATER)
WRONG = Order(
    command="correct",
    reason="A venue sent the volume as the price.",
    asset="bitcoin",
    field="price",
    since="2026-11-22T20:00:00+01:00",
    until="2026-11-22T20:30:00Z",
    old="91234.5",
    new="64234.50",
)
MARKET = "kraken bitcoin/usd"


def order(command: str, venue: str = "kraken", symbol: str = "bitcoin/usd") -> Order:
    return Order(command=command, reason="We looked.", venue=venue, symbol=symbol)


def changed(order: Order, **fields: str | bool) -> Order:
    return msgspec.structs.replace(order, **fields)
