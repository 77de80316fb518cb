"""One price explained: who made it, who was left out and by which rule, and how sure it is."""

from app.market.receipt.explain import receipt_of
from app.market.receipt.shape import (
    Carried,
    Contributor,
    Conversion,
    Quorum,
    Receipt,
    Rejection,
)

__all__ = [
    "Carried",
    "Contributor",
    "Conversion",
    "Quorum",
    "Receipt",
    "Rejection",
    "receipt_of",
]
