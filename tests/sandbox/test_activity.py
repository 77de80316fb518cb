"""Simulated trades and books: the same whoever asks, honest unless a fault says otherwise."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest

from app.market.trust import Answer, depth_of, first_digits, oddly_sized
from jobs.sandbox.activity import Tape, gap_of
from jobs.sandbox.distortion import Identity, distorted
from jobs.sandbox.faults import FaultBoard, Wash
from jobs.sandbox.past import Traded
from jobs.sandbox.voice import Book, Ladder

pytestmark = pytest.mark.unit

NOW = 1_700_000_000.0
BOOK = Book("A", "A", "USD", 2.0, 1.999, 2.001, 2.0, 2.1, 1.9, 86_400.0, NOW, 1)
TAPE = Tape(Traded(seed=1, row=5, half_spread=0.0005, size=86_400.0), gap=0.5)
WASHED = replace(TAPE, washed_since=NOW)


def depth(ladder: Ladder) -> float:
    return depth_of(np.array(ladder.bids), np.array(ladder.asks), most=1000)


def digits(tape: Tape) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    sizes = np.array([deal.size for deal in tape.deals(BOOK, most=1000, now=NOW + 60)])
    return first_digits(sizes)[None]


def test_a_trade_is_the_same_whoever_asks_and_whenever():
    earlier = TAPE.deals(BOOK, most=500, now=NOW)
    later = TAPE.deals(BOOK, most=130, now=NOW + 30)

    assert [deal.id for deal in earlier][-1] == 3_400_000_000
    assert later[:70] == earlier[-70:]
    assert later[-1].id == earlier[-1].id + 60


def test_other_seeds_and_markets_have_other_trades():
    sizes = {
        tuple(deal.size for deal in Tape(market, 0.5).deals(BOOK, most=10, now=NOW))
        for market in (TAPE.market, replace(TAPE.market, seed=2), replace(TAPE.market, row=6))
    }

    assert len(sizes) == 3


def test_trades_come_one_after_the_other_at_the_prices_of_the_book():
    deals = TAPE.deals(BOOK, most=200, now=NOW)

    assert [deal.time for deal in deals] == [deal.id * 0.5 for deal in deals]
    assert {(deal.price, deal.buys) for deal in deals} == {(1.999, False), (2.001, True)}


def test_sizes_add_up_to_the_volume_about_and_have_the_first_digits_of_chance():
    deals = TAPE.deals(BOOK, most=1000, now=NOW)

    assert np.mean([deal.size for deal in deals]) == pytest.approx(0.5, rel=0.3)
    assert oddly_sized(digits(TAPE)).tolist() == [Answer.NO]


def test_an_honest_book_bears_its_volume_and_reaches_beyond_two_per_cent():
    volume = 86_400.0 * 2.0

    assert 50 < volume / depth(TAPE.ladder(BOOK, most=1000)) < 200


def test_a_book_is_cut_off_where_it_was_asked_to_be():
    assert TAPE.ladder(BOOK, most=3).bids == TAPE.ladder(BOOK, most=1000).bids[:3]


def test_washed_trades_stand_still_and_are_all_alike_over_a_thin_book():
    before, after = (WASHED.deals(BOOK, most=100, now=now) for now in (NOW, NOW + 3600))

    assert before == after
    assert {deal.size for deal in after} == {0.5}
    assert oddly_sized(digits(WASHED)).tolist() == [Answer.YES]
    assert depth(WASHED.ladder(BOOK, most=1000)) == pytest.approx(
        0.02 * depth(TAPE.ladder(BOOK, most=1000))
    )


def test_washed_volume_is_fifty_times_as_much_and_rises():
    board = FaultBoard()
    board.order(Wash(venue="v", seconds=3600), NOW)
    identity = Identity("v", "a", "usd", crashes=True)

    told = [
        distorted(msgspec.structs.replace(BOOK, time=time), identity, board.at("v", NOW))
        for time in (NOW - 1, NOW, NOW + 600)
    ]

    assert [book.volume for book in told if book] == [4_320_000.0, 4_320_000.0, 8_640_000.0]


def test_the_more_is_traded_the_shorter_the_gaps():
    assert [gap_of(turnover) for turnover in (1e12, 86_400_000.0, 1.0)] == [0.05, 1.0, 30.0]
