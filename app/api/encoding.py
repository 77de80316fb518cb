"""Answers as JSON: numbers that are not finite become null."""

from collections.abc import Sequence

import orjson

from app.api.freshness import Moment

Columns = dict[str, Sequence[object]]
"""Columns of equal length by name."""


def encoded(body: object) -> bytes:
    """The body as JSON."""
    return orjson.dumps(body)


def enveloped(moment: Moment, **fields: object) -> bytes:
    """A v1 answer: when and how sure first, then the fields."""
    return orjson.dumps({**moment.envelope(), **fields})


def records(columns: Columns) -> list[dict[str, object]]:
    """Columns of equal length as one record a row."""
    names = tuple(columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]
