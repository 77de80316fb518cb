"""How numbers are written: the same rules as components/numbers/format.js, tested side by side.

Every function takes a float and gives text; what is not a number becomes a dash.
"""

from decimal import ROUND_HALF_UP, Decimal
from math import isfinite

MISSING = "—"

_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SCALES = ((1.0, ""), (1e3, "K"), (1e6, "M"), (1e9, "B"), (1e12, "T"))
_ZEROS_WRITTEN = 3
"""More zeros than these after the point are counted instead: 0.0₅1234."""
_SIGNIFICANT = 4
"""Digits of a price below one cent."""


def price(value: float | None) -> str:
    """USD by magnitude: $42,652.00, $2.3141, $0.576998, $0.0₅1234."""
    if value is None or not isfinite(value):
        return MISSING
    places = price_places(value)
    digits = fixed(value, places)
    zeros = _zeros(value)
    if zeros <= _ZEROS_WRITTEN or value <= 0:
        return "$" + digits
    return f"$0.0{str(zeros).translate(_SUBSCRIPT)}{digits[2 + zeros :]}"


def price_in_full(value: float | None) -> str:
    """The same digits as `price` without any shortening, for titles and screen readers."""
    if value is None or not isfinite(value):
        return MISSING
    return "$" + fixed(value, price_places(value))


def price_places(value: float) -> int:
    """How many decimals a price of this size is written with, rounding up included."""
    places = _places(Decimal(value).adjusted() if value else 0)
    rounded = _rounded(value, places)
    return _places(rounded.adjusted()) if rounded else places


def money(value: float | None) -> str:
    """USD in short: $1.71T, $955.16M, $532.10."""
    short = amount(value)
    if short == MISSING:
        return MISSING
    return "-$" + short[1:] if short.startswith("-") else "$" + short


def amount(value: float | None) -> str:
    """A quantity in short: 19.60M, 532.10."""
    if value is None or not isfinite(value):
        return MISSING
    text = ""
    for scale, letter in _SCALES:
        text = fixed(value / scale, 2) + letter
        if "," not in text:
            break
    return text


def percent(share: float | None) -> str:
    """A change without its sign, which an arrow shows: 1.24%, 12,345%."""
    if share is None or not isfinite(share):
        return MISSING
    size = abs(share) * 100
    return fixed(size, 0 if size >= 1000 else 2) + "%"


def signed_percent(share: float | None, places: int = 3) -> str:
    """A small difference with its sign: +0.009%, -0.788%."""
    if share is None or not isfinite(share):
        return MISSING
    text = fixed(abs(share) * 100, places)
    if not text.strip("0.,"):
        return text + "%"
    return ("-" if share < 0 else "+") + text + "%"


def direction(share: float | None) -> str:
    """up or down as the written number shows it; empty for nothing and for zero."""
    if share is None or not isfinite(share) or fixed(abs(share) * 100, 2) == "0.00":
        return ""
    return "up" if share > 0 else "down"


def age(seconds: float | None) -> str:
    """How long ago: 0.3 s, 12 s, 4 min, 3 h, 2 d."""
    if seconds is None or not isfinite(seconds):
        return MISSING
    seconds = max(seconds, 0.0)
    if seconds < 10:
        return fixed(int(seconds * 10) / 10, 1) + " s"
    for limit, unit, letter in ((60, 1, "s"), (3600, 60, "min"), (86_400, 3600, "h")):
        if seconds < limit:
            return f"{int(seconds // unit)} {letter}"
    return f"{int(seconds // 86_400)} d"


def count(value: int) -> str:
    """A whole number with thousands marked: 2,014."""
    return f"{value:,}"


def fixed(value: float, places: int) -> str:
    """Rounded half away from zero on the exact value, as toFixed does, with thousands marked."""
    rounded = _rounded(value, places)
    return f"{rounded:,f}"


def _rounded(value: float, places: int) -> Decimal:
    return Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _places(exponent: int) -> int:
    if exponent >= 1:
        return 2
    if exponent == 0:
        return 4
    return 6 if exponent >= -2 else _SIGNIFICANT - 1 - exponent


def _zeros(value: float) -> int:
    rounded = _rounded(value, price_places(value))
    return -rounded.adjusted() - 1 if rounded else 0
