"""Runs in a virtual environment of its own, where nothing of this project is installed.

Reads {"venue": ["frame", …]} from standard input; prints the CPU seconds that cryptofeed and
ccxt need for a frame of each of those venues, as {"library": {"venue": seconds}}.
"""

import asyncio
import json
import sys
import time
from importlib import import_module
from statistics import median
from typing import Any

REPEATS = 7
_CLASSES = {"okx": "OKX", "gate": "Gateio"}


def main() -> None:
    """Measure every library with every venue, in turns."""
    frames: dict[str, list[str]] = json.load(sys.stdin)
    cryptofeed = {venue: _handler(venue, each) for venue, each in frames.items()}
    ccxt = {venue: getattr(import_module("ccxt"), venue)() for venue in frames}
    found: dict[str, dict[str, list[float]]] = {
        library: {venue: [] for venue in frames} for library in ("cryptofeed", "ccxt")
    }
    for _ in range(REPEATS):
        for venue, each in frames.items():
            began = time.process_time()
            asyncio.run(_handle(cryptofeed[venue], each))
            found["cryptofeed"][venue].append((time.process_time() - began) / len(each))
            began = time.process_time()
            _parse(venue, ccxt[venue], each)
            found["ccxt"][venue].append((time.process_time() - began) / len(each))
    medians = {
        library: {venue: median(times) for venue, times in of_venue.items()}
        for library, of_venue in found.items()
    }
    print(json.dumps(medians))


def _handler(venue: str, frames: list[str]) -> Any:
    """The feed class of the venue, told its symbols so that it asks nobody for them."""
    symbols = import_module("cryptofeed.symbols")
    defines = import_module("cryptofeed.defines")
    feed = getattr(import_module("cryptofeed.exchanges"), _CLASSES[venue])
    listed = {_symbol(venue, json.loads(frame)) for frame in frames}
    named = {symbol.replace("_", "-"): symbol for symbol in listed}
    symbols.Symbols.set(feed.id, named, {"instrument_type": dict.fromkeys(named, "spot")})

    async def told(ticker: object, received: float) -> None:
        return

    return feed(symbols=[*named], channels=[defines.TICKER], callbacks={defines.TICKER: told})


async def _handle(handler: Any, frames: list[str]) -> None:
    for frame in frames:
        await handler.message_handler(frame, None, 0.0)


def _parse(venue: str, exchange: Any, frames: list[str]) -> None:
    for frame in frames:
        exchange.parse_ticker(_row(venue, json.loads(frame)))


def _row(venue: str, message: dict[str, Any]) -> Any:
    return message["data"][0] if venue == "okx" else message["result"]


def _symbol(venue: str, message: dict[str, Any]) -> str:
    return _row(venue, message)["instId" if venue == "okx" else "currency_pair"]


if __name__ == "__main__":
    main()
