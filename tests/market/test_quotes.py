"""The board keeps the newest valid quote of every market."""

from math import isnan, nan

import pytest

from app.market.quotes import Quote, QuoteBoard

pytestmark = pytest.mark.unit


def test_the_newest_quote_wins():
    board = QuoteBoard(1)
    board.put(0, Quote("x", 1.0, time=10.0), 10.1)
    board.put(0, Quote("x", 2.0, time=11.0), 11.1)

    assert board.settle().tolist() == [0]
    assert board.columns().last[0] == 2.0


def test_an_older_venue_time_is_dropped():
    board = QuoteBoard(1)
    board.put(0, Quote("x", 1.0, time=10.0), 10.1)

    assert not board.put(0, Quote("x", 2.0, time=9.0), 10.2)

    board.settle()
    assert board.columns().last[0] == 1.0


@pytest.mark.parametrize("sequence", [7, 6])
def test_a_repeated_or_older_sequence_number_is_dropped(sequence: int):
    board = QuoteBoard(1)
    board.put(0, Quote("x", 1.0, sequence=7), 10.0)

    assert not board.put(0, Quote("x", 2.0, sequence=sequence), 10.1)


def test_a_renewed_market_accepts_any_sequence_number():
    board = QuoteBoard(1)
    board.put(0, Quote("x", 1.0, sequence=7), 10.0)
    board.renew([0])

    assert board.put(0, Quote("x", 2.0, sequence=1), 10.1)
    board.settle()
    assert board.columns().last[0] == 2.0


def test_a_slow_answer_never_overwrites_a_newer_tick():
    board = QuoteBoard(1)
    board.put(0, Quote("x", 1.0), 10.0)

    assert not board.put(0, Quote("x", 2.0), 9.0)


def test_a_quote_without_a_book_keeps_the_book_that_was_there():
    board = QuoteBoard(1)
    board.put(0, Quote("x", bid=1.0, ask=1.2), 10.0)
    board.put(0, Quote("x", 1.1), 10.1)
    board.settle()

    columns = board.columns()
    assert (columns.last[0], columns.bid[0], columns.ask[0]) == (1.1, 1.0, 1.2)


@pytest.mark.parametrize("price", [0.0, -1.0, float("inf")])
def test_a_number_that_is_no_price_leaves_the_old_one_and_is_counted(price: float):
    board = QuoteBoard(1)
    board.put(0, Quote("x", 1.0), 10.0)
    board.settle()
    board.put(0, Quote("x", price), 11.0)
    board.settle()

    columns = board.columns()
    assert (columns.last[0], columns.invalid_received[0]) == (1.0, 11.0)
    assert board.rejected_values == 1


def test_a_bid_above_its_ask_drops_the_book_and_keeps_the_trade():
    board = QuoteBoard(1)
    board.put(0, Quote("x", 1.0, bid=1.2, ask=1.1), 10.0)
    board.settle()

    columns = board.columns()
    assert columns.last[0] == 1.0
    assert isnan(columns.bid[0])


def test_a_size_that_is_not_said_keeps_the_one_that_was():
    board = QuoteBoard(1)
    board.put(0, Quote("x", 1.0, volume=5.0), 10.0)
    board.put(0, Quote("x", 1.0, volume=nan), 10.1)
    board.settle()
    board.put(0, Quote("x", 1.0, turnover=7.0), 10.2)
    board.settle()

    assert board.columns().turnover[0] == 7.0


def test_a_quote_is_settled_once():
    board = QuoteBoard(2)
    board.put(1, Quote("x", 1.0), 10.0)

    assert board.settle().tolist() == [1]
    assert board.settle().tolist() == []


def test_rows_are_told_once_each_in_their_order_whatever_was_said_of_them():
    board = QuoteBoard(4)
    board.put(3, Quote("d", 1.0), 10.0)
    board.put(0, Quote("a", bid=1.0, ask=1.2), 10.0)
    board.put(3, Quote("d", bid=1.0, ask=1.2), 10.1)
    board.put(2, Quote("c", 1.0), 10.1)

    assert board.settle().tolist() == [0, 2, 3]


def test_half_a_book_is_no_book_and_no_mistake():
    board = QuoteBoard(1)
    board.put(0, Quote("x", 1.0, bid=0.9), 10.0)
    board.settle()

    assert isnan(board.columns().bid[0])
    assert board.rejected_values == 0


def test_a_venue_whose_clock_was_ahead_is_heard_again_when_its_clock_is_right():
    board = QuoteBoard(1)
    board.put(0, Quote("x", 1.0, time=3_610.0), 10.0)

    still_ahead = board.put(0, Quote("x", 2.0, time=3_605.0), 11.0)
    right_again = board.put(0, Quote("x", 3.0, time=12.0), 12.0)
    late = board.put(0, Quote("x", 4.0, time=11.5), 12.5)

    board.settle()
    assert (still_ahead, right_again, late) == (False, True, False)
    assert board.columns().last.tolist() == [3.0]
