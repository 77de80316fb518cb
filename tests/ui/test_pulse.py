"""The market in one line."""

import pytest

from app.ui.pulse import Mover, Pulse, notice, pulse
from tests.ui import market

pytestmark = pytest.mark.unit


def told(silence: float = 0.34, source: str = "sandbox") -> Pulse:
    snapshot = market.snapshot(source=source)
    return pulse(snapshot, market.registry(), silence=silence, beat=9)


def test_the_line_says_how_big_and_how_old_the_market_is():
    line = told()
    assert (line.coins, line.venues_live, line.venues) == ("5", "11", "12")
    assert (line.market_cap, line.cap_change, line.cap_direction) == ("$1.71T", "1.24%", "up")
    assert (line.volume, line.bitcoin, line.ethereum) == ("$53.20B", "49.1%", "17.8%")
    assert (line.age, line.state, line.beat) == ("0.3 s", "live", 9)


def test_prices_are_late_after_five_seconds_of_silence():
    assert (told(4.9).state, told(5.0).state) == ("live", "late")


def test_movers_are_sorted_and_traded_and_cards_keep_their_height():
    line = told()
    assert [mover.id for mover in line.gainers] == ["pepe", ""]
    assert [mover.id for mover in line.losers] == ["ethereum", "bitcoin"]
    assert line.losers[0] == Mover("ethereum", "Ethereum", "ETH", "", "1.58%", "down")


def test_the_most_traded_leave_out_stablecoins():
    assert [mover.id for mover in told().traded] == ["bitcoin", "ethereum"]


def test_quality_counts_every_listed_coin_once():
    line = told()
    assert (line.ok, line.degraded, line.stale, line.freshness) == ("3", "1", "1", "0.7 s")


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (
            "sandbox",
            "Simulated market: these prices come from the built-in sandbox, not from real venues.",
        ),
        ("replay", "Replay of recorded quotes of 2023-11-14."),
        ("live", ""),
    ],
)
def test_what_is_not_the_live_market_is_said_to_be(source: str, sentence: str):
    assert notice(market.snapshot(source=source)) == sentence
