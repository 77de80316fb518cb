"""From the name in a path to the asset it means."""

from app.api.candidates import not_found
from app.api.freshness import Moment


def number_of(moment: Moment, id: str) -> int:
    """The asset's number; raises NotFoundError with what a ticker may mean, or with near names."""
    number = moment.registry.number_of.get(id)
    if number is None:
        raise not_found(moment, id)
    return number
