"""The past as simulated venues tell it, heard by the adapters of the same venues."""

from collections.abc import Sequence
from urllib.parse import parse_qsl

import msgspec
import pytest

from jobs.sandbox.voice import HistoryRoute, Hour
from jobs.sandbox.voices import VOICES
from jobs.venue import FrameError, HistoryCall, HourCandle
from jobs.venues import VENUES

pytestmark = pytest.mark.unit

RUNNING = 1_700_006_400
NOW = RUNNING + 1234.5
WEEK_AGO = RUNNING - 168 * 3600
SYMBOLS = {
    "binance": "SHIBUSDT",
    "bybit": "SHIBUSDT",
    "coinbase": "SHIB-USD",
    "kraken": "SHIB/USD",
    "okx": "SHIB-USDT",
}
PAST = [
    Hour(WEEK_AGO + n * 3600, 1.2e-5, 1.25e-5 + n * 1e-8, 1.1e-5, 1.2e-5, 4e9 + n)
    for n in range(169)
]
CANDLES = [HourCandle(*msgspec.structs.astuple(hour)) for hour in PAST]

each_venue = pytest.mark.parametrize("name", SYMBOLS)


def hours(symbol: str, since: int, until: int) -> Sequence[Hour] | None:
    """The past of one market of each venue."""
    if symbol not in SYMBOLS.values():
        return None
    return [hour for hour in PAST if since <= hour.time < until]


def both(name: str) -> tuple[HistoryCall, HistoryRoute]:
    call, route = VENUES[name].history, VOICES[name].history
    assert call is not None
    assert route is not None
    return call, route


def answer(route: HistoryRoute, path: str, symbol: str) -> bytes:
    """What the voice says when this path is asked for."""
    asked, _, query = path.partition("?")
    assert asked == route.path.replace("{symbol}", symbol)
    named = {"symbol": symbol} if "{symbol}" in route.path else {}
    return route.answer(hours, dict(parse_qsl(query)) | named, NOW)


def heard(name: str, since: int, until: int) -> list[HourCandle]:
    call, route = both(name)
    candles = call.parse(answer(route, call.path(SYMBOLS[name], since, until), SYMBOLS[name]))
    return sorted(candles, key=lambda candle: candle.time)


def test_each_venue_that_tells_its_past_does_so_in_the_sandbox():
    simulated = {name for name, voice in VOICES.items() if voice.history}

    assert simulated == {name for name, venue in VENUES.items() if venue.history} - {"binance_us"}
    assert simulated == SYMBOLS.keys()


@each_venue
def test_a_week_is_heard_with_exactly_its_numbers(name: str):
    assert heard(name, WEEK_AGO, RUNNING) == CANDLES[:168]


@each_venue
def test_a_part_of_the_past_begins_where_it_was_asked_for(name: str):
    found = heard(name, RUNNING - 12 * 3600, RUNNING)

    assert found == CANDLES[156:168]


@pytest.mark.parametrize("name", ["kraken", "okx"])
def test_the_running_hour_is_told_but_not_heard(name: str):
    call, route = both(name)
    body = answer(route, call.path(SYMBOLS[name], WEEK_AGO, RUNNING + 3600), SYMBOLS[name])

    assert str(RUNNING).encode() in body
    assert max(candle.time for candle in call.parse(body)) == RUNNING - 3600


@each_venue
def test_an_unlisted_market_is_refused(name: str):
    call, route = both(name)
    body = answer(route, call.path("NONE-USD", WEEK_AGO, RUNNING), "NONE-USD")

    with pytest.raises((FrameError, msgspec.MsgspecError)):
        call.parse(body)


@each_venue
def test_another_interval_is_refused(name: str):
    call, route = both(name)

    with pytest.raises((FrameError, msgspec.MsgspecError)):
        call.parse(route.answer(hours, {"symbol": SYMBOLS[name], "category": "spot"}, NOW))


@each_venue
def test_without_a_span_the_latest_hours_are_told(name: str):
    call, route = both(name)
    intervals = {"interval": "60", "granularity": "3600", "bar": "1H"}
    intervals |= {"interval": "1h"} if name == "binance" else {}
    market = dict.fromkeys(("symbol", "pair", "instId"), SYMBOLS[name])
    query = intervals | market | {"category": "spot", "assetVersion": "1"}

    found = call.parse(route.answer(hours, query, NOW))

    assert CANDLES[167] in found
    assert len(found) >= 99


def test_coinbase_refuses_a_span_of_more_than_300_hours():
    call, route = both("coinbase")
    path = call.path("SHIB-USD", RUNNING - 301 * 3600, RUNNING)

    with pytest.raises(msgspec.ValidationError):
        call.parse(answer(route, path, "SHIB-USD"))
