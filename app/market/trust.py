"""S12: which reported volumes are not believed: those with two of four signs of wash trading.

A sign is yes, no or not known, and what is not known never counts. No sign is proof by itself:
a thin book may really turn over often, a coin may really trade at one operator, a ticker may
come later than its trades, and round lots fool the test of first digits. So one never counts.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]
Texts = NDArray[np.object_]
Signs = NDArray[np.int8]
"""One `Answer` per market."""

SIGNS_MIN = 2
"""Signs that make a volume suspicious."""

DEPTH_REACH = 0.02
"""Orders this near to the middle of the book, as a share of it, make its depth."""

TURNS_MAX = 1000.0
"""24 h volume beyond so many times the depth of its book is a sign."""

RISE_MIN = 0.01
"""Share by which volume must have risen between two looks to be a sign if nothing traded."""

OPERATOR_MAX = 0.8
"""More than this share of what an asset trades, at one operator of several, is a sign."""

TRADES_MIN = 100
"""Trades below which their first digits tell nothing."""

BENFORD_MAX = 26.12
"""Chi-square of nine first digits above which chance made them less than once in 1,000 times.

8 degrees of freedom; NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.4.
"""

LOOK_AGE_MAX = 86_400.0
"""Seconds after which a look at a market tells nothing any more."""

_DIGITS = np.arange(1, 10)
_BENFORD = np.log10(1 + 1 / _DIGITS)
_ROUNDING = 12
"""Decimals to which a number between 1 and 10 is exact, so that 0.3 begins with a 3."""


class Answer(IntEnum):
    """What a sign says of a market."""

    UNKNOWN = -1
    NO = 0
    YES = 1


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of each market; one entry each."""

    asset: Counts
    """Number of what it trades."""
    operator: Counts
    volume: Floats
    """24 h volume in USD, as reported; NaN if unknown."""
    age: Floats
    """Seconds since the last look at its trades and its book; inf without one."""
    depth: Floats
    """Orders near the middle in USD, as `depth_of` counts them; NaN if unknown."""
    rise: Floats
    """Share by which the reported volume rose between the last two looks; NaN without two."""
    trade_then: Texts
    """Id of the newest trade in the look before the last one; "" if unknown."""
    trade_now: Texts
    digits: Counts
    """How many recent trade sizes begin with 1 to 9, shape (markets, 9)."""


def signs_of(evidence: Evidence) -> tuple[Signs, Signs, Signs, Signs]:
    """Too much for its book, rising without trades, at one operator, odd sizes of trades."""
    looked = evidence.age <= LOOK_AGE_MAX
    rising = rising_alone(evidence.rise, evidence.trade_then, evidence.trade_now)
    return (
        _known(turned_over(evidence.volume, evidence.depth), where=looked),
        _known(rising, where=looked),
        at_one_operator(evidence.volume, evidence.asset, evidence.operator),
        _known(oddly_sized(evidence.digits), where=looked),
    )


def suspected(signs: tuple[Signs, ...]) -> Mask:
    """Whether at least two signs say yes, per market."""
    said = np.sum([sign == Answer.YES for sign in signs], axis=0)
    return np.asarray(said >= SIGNS_MIN)


def turned_over(volume: Floats, depth: Floats) -> Signs:
    """Whether more is traded than the book could bear; both in USD, NaN if unknown."""
    return _answers(volume > TURNS_MAX * depth, known=np.isfinite(volume) & np.isfinite(depth))


def rising_alone(rise: Floats, trade_then: Texts, trade_now: Texts) -> Signs:
    """Whether volume rose although the newest trade is the same as before."""
    known = ~np.isnan(rise) & (trade_then != "") & (trade_now != "")
    return _answers((rise > RISE_MIN) & (trade_then == trade_now), known=known)


def at_one_operator(volume: Floats, asset: Counts, operator: Counts) -> Signs:
    """Whether a market's operator has nearly all of what its asset trades at several."""
    if not len(volume):
        return _answers(np.zeros(0, dtype=bool), known=np.zeros(0, dtype=bool))
    traded = np.where(volume > 0, volume, 0.0)
    operators = int(operator.max()) + 1
    keys, pair = np.unique(asset * operators + operator, return_inverse=True)
    own = np.bincount(pair, weights=traded)
    several = np.bincount(keys // operators, weights=own > 0)[asset] >= 2
    whole = np.bincount(asset, weights=traded)[asset]
    return _answers(own[pair] > OPERATOR_MAX * whole, known=several & np.isfinite(volume))


def oddly_sized(digits: Counts) -> Signs:
    """Whether first digits, shape (markets, 9), are not those of freely chosen sizes.

    Benford: d begins a number with probability log10(1 + 1/d) where sizes spread over several
    orders of magnitude. Lots of 1, 10 or 100 do not, whoever trades them.
    """
    trades = digits.sum(axis=1)
    expected = np.maximum(trades, 1)[:, None] * _BENFORD
    chi_square = ((digits - expected) ** 2 / expected).sum(axis=1)
    return _answers(chi_square > BENFORD_MAX, known=trades >= TRADES_MIN)


def first_digits(sizes: Floats) -> Counts:
    """How many of the sizes begin with 1 to 9, shape (9,); what is no size is left out."""
    sizes = sizes[(sizes > np.finfo(float).tiny) & (sizes < np.inf)]
    leading = sizes / 10.0 ** np.floor(np.log10(sizes))
    digit = np.floor(np.round(leading, _ROUNDING)).astype(np.int64)
    digit = np.where(digit > 9, 1, np.maximum(digit, 1))
    return np.bincount(digit, minlength=10)[1:]


def depth_of(bids: Floats, asks: Floats, *, most: float) -> float:
    """Price times size of all orders near the middle; NaN where the book does not show them all.

    Rows of price and size, the best first. `most` is how many a side could have told: a longer
    book must reach beyond what is counted.
    """
    if not len(bids) or not len(asks) or not (_is_told(bids) and _is_told(asks)):
        return float("nan")
    middle = (bids[0, 0] + asks[0, 0]) / 2
    lowest, highest = middle * (1 - DEPTH_REACH), middle * (1 + DEPTH_REACH)
    whole_bids = len(bids) < most or bids[-1, 0] < lowest
    whole_asks = len(asks) < most or asks[-1, 0] > highest
    if not (whole_bids and whole_asks):
        return float("nan")
    near = np.concatenate((bids[bids[:, 0] >= lowest], asks[asks[:, 0] <= highest]))
    return float((near[:, 0] * near[:, 1]).sum())


def _is_told(side: Floats) -> bool:
    """Whether every level has a price and a size."""
    return bool(np.isfinite(side).all() and (side > 0).all())


def _answers(yes: Mask, *, known: Mask) -> Signs:
    return np.where(known, np.where(yes, Answer.YES, Answer.NO), Answer.UNKNOWN).astype(np.int8)


def _known(sign: Signs, *, where: Mask) -> Signs:
    return np.where(where, sign, np.int8(Answer.UNKNOWN))
