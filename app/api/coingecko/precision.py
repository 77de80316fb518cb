"""How many decimals a CoinGecko caller wants."""

from collections.abc import Callable
from typing import Annotated

from app.api.parameters import Choice

Precision = Annotated[str, Choice(("full", *(str(places) for places in range(19))))]


def rounding(precision: str) -> Callable[[float], float]:
    """Rounds a number to that many places; NaN stays NaN."""
    if precision == "full":
        return lambda number: number
    places = int(precision)
    return lambda number: round(number, places)
