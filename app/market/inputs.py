"""S1: what each market says now: one price, its age, its spread and its size."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.market.quotes import SKEW_MAX, QuoteColumns
from app.market.verdict import Flag

Floats = NDArray[np.float64]

BOOK_LAG_MAX = 10.0
"""A book this many seconds older than the last trade no longer bounds it."""

SPREAD_FULL = 0.02
"""A spread wider than this costs weight in proportion."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """One entry per market; NaN where the market has never sent a price."""

    price: Floats
    """median(last, bid, ask), or the last trade where there is no book."""
    stamp: Floats
    """Epoch seconds of the quote: the earlier of venue time and receive time."""
    spread: Floats
    """(ask - bid) / mid; NaN without a book."""
    volume: Floats
    """24 h volume in base units; NaN if unknown."""
    turnover: Floats
    """24 h volume in quote units; NaN if unknown."""
    log_price: Floats
    tightness: Floats
    """What the spread leaves of the weight, 0 to 1; 1 without a book."""
    spread_known: Floats
    """The spread, 0 without a book."""
    flags: NDArray[np.uint32]
    """INVALID_INPUT where the newest thing sent was no price, CLOCK_SKEW where time runs ahead."""


def read_inputs(columns: QuoteColumns) -> Inputs:
    """Every market's price by rule S1."""
    last_stamp, last_skewed = _stamp(columns.last_time, columns.last_received)
    book_stamp, book_skewed = _stamp(columns.book_time, columns.book_received)
    has_last = np.isfinite(columns.last)
    has_book = np.isfinite(columns.bid) & ~(book_stamp < last_stamp - BOOK_LAG_MAX)
    mid = 0.5 * (columns.bid + columns.ask)
    inside = np.clip(np.where(has_last, columns.last, mid), columns.bid, columns.ask)
    price = np.where(has_book, inside, columns.last)
    stamp = np.where(has_book, np.fmax(last_stamp, book_stamp), last_stamp)
    spread = np.where(has_book, (columns.ask - columns.bid) / mid, np.nan)
    spread_known = np.nan_to_num(spread)
    valid = np.fmax(columns.last_received, columns.book_received)
    invalid = np.isfinite(columns.invalid_received) & ~(columns.invalid_received < valid)
    skewed = (has_last & last_skewed) | (has_book & book_skewed)
    return Inputs(
        price=price,
        stamp=stamp,
        spread=spread,
        volume=_known(columns.volume, columns.turnover / price),
        turnover=_known(columns.turnover, columns.volume * price),
        log_price=np.log(price),
        tightness=SPREAD_FULL / np.maximum(spread_known, SPREAD_FULL),
        spread_known=spread_known,
        flags=invalid * np.uint32(Flag.INVALID_INPUT) | skewed * np.uint32(Flag.CLOCK_SKEW),
    )


def _stamp(time: Floats, received: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    skewed = time > received + SKEW_MAX
    return np.where(skewed, received, np.fmin(received, time)), skewed


def _known(said: Floats, derived: Floats) -> Floats:
    return np.where(np.isfinite(said), said, derived)
