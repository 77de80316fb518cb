"""Simulated venues of several shapes, and a sandbox of them on a free port."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace

from jobs.sandbox import serve
from jobs.sandbox.voice import Voice
from jobs.sandbox.voices.coinbase import COINBASE

START = 1_760_000_000.0


def voice(name: str, *quotes: str, breadth: float, **own: str) -> Voice:
    """A venue that speaks as Coinbase does and has tickers of its own."""
    plain = replace(COINBASE, settles={}, share=0.1)
    return replace(plain, name=name, quotes=quotes, breadth=breadth, aliases=own)


DOLLAR = voice("dollar", "USD", "EUR", "GBP", "BTC", breadth=0.35)
TETHER = voice("tether", "USDT", "BTC", "ETH", "USDC", breadth=0.9)
EURO = voice("euro", "USD", "EUR", "USDT", "JPY", breadth=0.4, BTC="XBT", DOGE="XDG")
NARROW = voice("narrow", "USD", "USDT", breadth=0.1)
FOREIGN = voice("foreign", "USDT", "TRY", "FDUSD", breadth=0.6)
SHAPES = (DOLLAR, TETHER, EURO, NARROW, FOREIGN)


class Clock:
    """A clock that stands until a test moves it."""

    def __init__(self, now: float = START) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def open_sandbox(
    clock: Callable[[], float],
    *voices: Voice,
    assets: int = 20,
    slow_after: float = 10.0,
) -> AsyncGenerator[str]:
    """The address of a sandbox that is closed again by cancelling it."""
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    by_name: Mapping[str, Voice] = {voice.name: voice for voice in voices}
    serving = asyncio.create_task(
        serve(
            assets=assets,
            ready=address.set_result,
            clock=clock,
            voices=by_name,
            slow_after=slow_after,
        )
    )
    try:
        done, _ = await asyncio.wait({serving, address}, return_when=asyncio.FIRST_COMPLETED)
        if serving in done:
            await serving
        yield address.result()
    finally:
        serving.cancel()
        await asyncio.wait({serving})
