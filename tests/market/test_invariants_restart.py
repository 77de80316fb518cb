"""Invariant 15: a restart from a stored frame and the log after it gives the same series."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.market.frame import Frame, decode_frame, encode_frame
from app.market.index import step
from app.market.layout import lay_out
from app.market.registry import decode_registry, encode_registry
from tests.market.markets_by_chance import History, histories
from tests.market.played import bits, outcome, play

pytestmark = pytest.mark.unit


@given(histories(cycles=5), st.integers(0, 4))
def test_invariant_15_a_restart_from_a_frame_and_the_log_gives_the_same_bits(
    history: History, chosen: int
):
    """15: the frame is what one cycle began with; from there on nothing else is known."""
    uninterrupted = play(history)
    at = chosen % len(uninterrupted)
    began = uninterrupted[at]
    frame = Frame(1, 1, began.now, "sandbox", began.quotes, began.before)

    stored = decode_frame(encode_frame(frame))

    layout = lay_out(decode_registry(encode_registry(history.registry)))
    assert bits(stored.quotes) == bits(began.quotes)
    state, log = stored.state, [stored.quotes, *(each.quotes for each in uninterrupted[at + 1 :])]
    for quotes, expected in zip(log, uninterrupted[at:], strict=True):
        state, prices, votes = step(state, quotes, layout, expected.now)
        assert [bits(state), bits(prices), bits(votes)] == outcome(expected)
