"""Trades and books as simulated venues tell them, heard by the adapters of the same venues."""

from collections.abc import Sequence
from urllib.parse import parse_qsl

import msgspec
import pytest

from jobs.sandbox.voice import Deal, DepthRoute, Ladder, TradesRoute
from jobs.sandbox.voices import VOICES
from jobs.venue import DepthCall, FrameError, Level, OrderBook, Trade, TradesCall
from jobs.venues import VENUES

pytestmark = pytest.mark.unit

NOW = 1_700_007_634.5
SYMBOLS = {
    "binance": "SHIBUSDT",
    "bybit": "SHIBUSDT",
    "coinbase": "SHIB-USD",
    "kraken": "SHIB/USD",
    "okx": "SHIB-USDT",
}
MOST = {"binance": 1000, "bybit": 60, "coinbase": 1000, "kraken": 1000, "okx": 500}
"""Trades that one answer holds."""
DEALS = [
    Deal(n, 1.2e-5 + n * 1e-9, 25_000.5 + n, 1_700_000_000 + n / 4, n % 2 > 0) for n in range(2000)
]
LADDER = Ladder(
    bids=tuple((1.2e-5 - n * 1e-8, 1e6 + n) for n in range(600)),
    asks=tuple((1.21e-5 + n * 1e-8, 2e6 + n) for n in range(600)),
)

each_venue = pytest.mark.parametrize("name", SYMBOLS)


def deals(symbol: str, most: int) -> Sequence[Deal] | None:
    """The trades of one market of each venue."""
    return DEALS[-most:] if symbol in SYMBOLS.values() else None


def ladders(symbol: str, most: int) -> Ladder | None:
    """The book of one market of each venue."""
    if symbol not in SYMBOLS.values():
        return None
    return Ladder(LADDER.bids[:most], LADDER.asks[:most])


def both(name: str) -> tuple[TradesCall, TradesRoute, DepthCall, DepthRoute]:
    venue, voice = VENUES[name], VOICES[name]
    assert venue.trades is not None
    assert voice.trades is not None
    assert venue.depth is not None
    assert voice.depth is not None
    return venue.trades, voice.trades, venue.depth, voice.depth


def asked(route: TradesRoute | DepthRoute, path: str, symbol: str) -> dict[str, str]:
    """The query of the path, which must be the route's."""
    place, _, query = path.partition("?")
    assert place == route.path.replace("{symbol}", symbol)
    named = {"symbol": symbol} if "{symbol}" in route.path else {}
    return dict(parse_qsl(query)) | named


def trades_heard(name: str, symbol: str) -> Sequence[Trade]:
    call, route, _, _ = both(name)
    return call.parse(route.answer(deals, asked(route, call.path(symbol), symbol), NOW))


def book_heard(name: str, symbol: str) -> OrderBook:
    _, _, call, route = both(name)
    return call.parse(route.answer(ladders, asked(route, call.path(symbol), symbol), NOW))


def test_each_venue_that_tells_its_trades_does_so_in_the_sandbox():
    adapters = {name for name, venue in VENUES.items() if venue.trades and venue.depth}

    assert {name for name, voice in VOICES.items() if voice.trades} == adapters - {"binance_us"}
    assert {name for name, voice in VOICES.items() if voice.depth} == adapters - {"binance_us"}


@each_venue
def test_trades_are_heard_with_exactly_their_numbers(name: str):
    heard = trades_heard(name, SYMBOLS[name])

    newest = DEALS[-MOST[name] :]
    assert [(trade.price, trade.size, trade.time) for trade in heard] == [
        (deal.price, deal.size, deal.time) for deal in newest
    ]
    assert [int(trade.id) % 10**17 for trade in heard] == [deal.id for deal in newest]


@each_venue
def test_a_book_is_heard_down_to_the_last_level_that_is_told(name: str):
    _, _, call, _ = both(name)
    levels = int(min(call.most, 600))

    assert book_heard(name, SYMBOLS[name]) == OrderBook(
        bids=[Level(*level) for level in LADDER.bids[:levels]],
        asks=[Level(*level) for level in LADDER.asks[:levels]],
    )


@each_venue
def test_an_unlisted_market_is_refused(name: str):
    for hear in (trades_heard, book_heard):
        with pytest.raises((FrameError, msgspec.MsgspecError)):
            hear(name, "NONE-USD")
