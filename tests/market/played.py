"""The index run over a history, and its results bit for bit."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from app.market.index import IndexState, Prices, Votes, first_state, step
from app.market.layout import Layout, lay_out
from app.market.quotes import QuoteBoard, QuoteColumns
from tests.market.markets_by_chance import COIN, History


@dataclass(frozen=True, slots=True)
class Played:
    """One cycle: what it began with and what it found."""

    now: float
    before: IndexState
    quotes: QuoteColumns
    state: IndexState
    prices: Prices
    votes: Votes


def play(history: History) -> list[Played]:
    """Every cycle of the history from the first state on."""
    return list(_cycles(history, lay_out(history.registry)))


def last(history: History) -> Played:
    """The last cycle of the history."""
    return play(history)[-1]


def bits(columns: Any) -> dict[str, bytes]:
    """The columns of a cycle as bytes, so that equal means equal in every bit."""
    return {
        field.name: np.asarray(getattr(columns, field.name)).tobytes() for field in fields(columns)
    }


def outcome(played: Played) -> list[dict[str, bytes]]:
    """All that a cycle hands on, as bytes."""
    return [bits(played.state), bits(played.prices), bits(played.votes)]


def _cycles(history: History, layout: Layout) -> Iterator[Played]:
    board, state = QuoteBoard(len(history.registry.markets)), first_state(layout.registry)
    state.usual[history.registry.number_of[COIN]] = np.log(history.usual)
    for cycle in history.cycles:
        for tick in cycle.ticks:
            board.put(tick.row, tick.quote, tick.received)
        board.settle()
        quotes, before = board.columns(), state
        state, prices, votes = step(before, quotes, layout, cycle.now)
        yield Played(cycle.now, before, quotes, state, prices, votes)
