"""One simulated reference source at work: prices and supplies of the world, a limit, faults."""

import asyncio
from collections.abc import Callable, Sequence
from hashlib import blake2b

import numpy as np
from aiolimiter import AsyncLimiter
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response

from app.market.registry import Tier
from jobs.sandbox.faults import (
    EVERYWHERE,
    ClockSkew,
    Depeg,
    Drift,
    FaultBoard,
    FlashCrash,
    InForce,
    Lag,
    Silence,
    SupplySlip,
    Zero,
    of_kind,
)
from jobs.sandbox.references.reference import Coin, Reference
from jobs.sandbox.rest import allowed, refused, shaped
from jobs.sandbox.simulated import Traffic
from jobs.sandbox.world import World


class Desk:
    """The endpoint of one source."""

    def __init__(
        self, reference: Reference, world: World, board: FaultBoard, clock: Callable[[], float]
    ) -> None:
        self.reference = reference
        self.traffic = Traffic()
        self._world = world
        self._board = board
        self._clock = clock
        self._limiter = AsyncLimiter(reference.calls, reference.per)
        self._limits: dict[tuple[str, int], AsyncLimiter] = {}

    async def answer(self, request: Request) -> Response:
        """The source's rows, or what its limit and the faults in force say instead."""
        self.traffic.calls += 1
        orders = self._board.at(self.reference.name, self._clock())
        for order in orders:
            if isinstance(order.fault, Silence):
                await asyncio.sleep(max(0.0, order.until - self._clock()))
        refusal = await refused(self.reference.name, orders, self._limits) or await self._spent()
        if refusal is not None:
            self.traffic.calls_refused += 1
            return refusal
        await asyncio.sleep(sum(lag.delay for lag in of_kind(orders, Lag)))
        now = self._clock() + sum(skew.offset for skew in of_kind(orders, ClockSkew))
        body = self.reference.say(self.coins(orders), dict(request.query_params), now)
        return self._versioned(request, body, orders)

    def coins(self, orders: list[InForce]) -> Sequence[Coin]:
        """All assets but fiat as the source sees them, the largest market cap first."""
        prices = np.exp(self._world.prices.log).tolist()
        coins = [
            _distorted(
                Coin(
                    asset.id,
                    asset.symbol,
                    asset.name,
                    float(f"{price:.8g}"),
                    asset.circulating,
                    asset.total,
                    asset.maximum,
                ),
                orders,
                money=asset.tier is Tier.STABLE,
            )
            for asset, price in zip(self._world.assets, prices, strict=True)
            if asset.tier is not Tier.FIAT
        ]
        return sorted(coins, key=lambda coin: -coin.cap if coin.cap == coin.cap else 0.0)

    async def _spent(self) -> Response | None:
        reference = self.reference
        if await allowed(self._limiter):
            return None
        headers = {"Retry-After": str(reference.retry_after)} if reference.retry_after else {}
        return Response(reference.refusal, reference.status, headers, media_type="application/json")

    def _versioned(self, request: Request, body: bytes, orders: list[InForce]) -> Response:
        """The body under the name of its version, or 304 for a reader that has it."""
        if not self.reference.names_versions:
            return shaped(body, orders)
        etag = f'W/"{blake2b(body, digest_size=16).hexdigest()}"'
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers={"ETag": etag})
        response = shaped(body, orders)
        response.headers["ETag"] = etag
        return response


def _distorted(coin: Coin, orders: list[InForce], *, money: bool) -> Coin:
    """The coin as these faults make it; crashes that all venues see are true here as well."""
    for order in orders:
        fault = order.fault
        if isinstance(fault, FlashCrash | Drift | Zero | SupplySlip | Depeg):
            if fault.asset not in (EVERYWHERE, coin.id):
                continue
            if isinstance(fault, SupplySlip):
                coin = _slipped(coin, fault.factor)
            elif not (isinstance(fault, FlashCrash) and money and fault.asset == EVERYWHERE):
                coin = replace(coin, price=float(f"{coin.price * _factor(fault):.8g}"))
    return coin


def _factor(fault: FlashCrash | Drift | Zero | Depeg) -> float:
    if isinstance(fault, Zero):
        return 0.0
    return fault.level if isinstance(fault, Depeg) else fault.factor


def _slipped(coin: Coin, factor: float) -> Coin:
    return replace(
        coin,
        circulating=coin.circulating * factor,
        total=coin.total * factor,
        maximum=coin.maximum * factor,
    )
