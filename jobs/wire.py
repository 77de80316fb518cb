"""Reading lists of rows in which one bad row must not cost the others."""

from collections.abc import Iterator
from typing import TypeVar

import msgspec

Row = TypeVar("Row")


def good_rows(
    whole: msgspec.json.Decoder[list[Row]],
    row: msgspec.json.Decoder[Row],
    body: bytes | msgspec.Raw,
) -> list[Row]:
    """All rows that have the declared shape, in order; raises MsgspecError if it is no list."""
    try:
        return whole.decode(body)
    except msgspec.ValidationError:
        return list(_one_by_one(row, _RAW_ROWS.decode(body)))


_RAW_ROWS = msgspec.json.Decoder(list[msgspec.Raw])


def _one_by_one(row: msgspec.json.Decoder[Row], raws: list[msgspec.Raw]) -> Iterator[Row]:
    for raw in raws:
        try:
            yield row.decode(raw)
        except msgspec.ValidationError:
            continue
