"""From the name in a path to the asset it means."""

from app.api.errors import NotFoundError
from app.api.freshness import Moment


def number_of(moment: Moment, id: str) -> int:
    """The asset's number; raises NotFoundError with names that look like it."""
    number = moment.registry.number_of.get(id)
    if number is None:
        raise NotFoundError(f"No asset has the id {id!r}.", near=moment.directory.near(id))
    return number
