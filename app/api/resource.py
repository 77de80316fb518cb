"""What an address of the API is: a path, its parameters and a pure function that makes the body.

Everything that is made from the live market is such a value. How its bytes are cached, tagged
and compressed is the same for all of them and stands here once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic

from app.api import caching
from app.api.caching import Ready, Shelf
from app.api.freshness import Freshness, Moment
from app.api.parameters import Model, read


def by_snapshot(moment: Moment) -> str:
    """The answer changes with every published snapshot."""
    return moment.stamp


def by_registry(moment: Moment) -> str:
    """The answer changes with the registry; its age is stated to the minute."""
    return f"r{moment.registry.version:x}.{int(moment.now // 60):x}"


def by_second(moment: Moment) -> str:
    """The answer is measured once a second, however often prices change meanwhile."""
    return f"s{moment.registry.version:x}.{int(moment.now):x}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource(Generic[Model]):
    """One address that answers from the live market."""

    path: str
    name: str
    summary: str
    query: type[Model]
    """The parameters, those in the path included."""
    body: Callable[[Moment, Model], bytes]
    """The whole answer as JSON; raises ApiError."""
    shape: Any
    """The type of the body, for OpenAPI and for the tests."""
    stamp: Callable[[Moment], str] = by_snapshot
    cache_control: str = caching.PRICES


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request, as far as an answer depends on it."""

    path: str
    query: bytes
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    """The parameters in the path."""
    accept_encoding: bytes = b""
    if_none_match: bytes = b""

    @property
    def view(self) -> bytes:
        """Which view of the market is asked for."""
        return self.path.encode() + b"?" + self.query


class Answers:
    """Answers from ready bytes where they exist, and makes them where they do not."""

    def __init__(self, freshness: Freshness, shelf: Shelf) -> None:
        self._freshness = freshness
        self._shelf = shelf

    async def answer(self, resource: "Resource[Any]", asked: Asked) -> Ready:
        """The answer, or 304 before any work is done; raises ApiError."""
        moment = self._freshness.moment()
        stamp = resource.stamp(moment)
        encoding = caching.chosen(asked.accept_encoding)
        tag = caching.etag(asked.view, encoding, stamp)
        headers = caching.tagged(tag, resource.cache_control)
        if asked.if_none_match and caching.matches(asked.if_none_match, tag):
            return Ready(304, headers, b"")
        ready = self._shelf.get(asked.view, encoding, stamp)
        if ready is None:
            query = read(resource.query, asked.query.decode("latin-1"), asked.names)
            ready = await caching.ready(resource.body(moment, query), encoding, headers)
            self._shelf.put(asked.view, encoding, stamp, ready)
        return ready
