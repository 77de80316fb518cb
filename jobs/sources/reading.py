"""Reading the rows of an answer so that a changed shape is noticed and a bad row costs no other."""

import msgspec

from jobs.venue import FrameError
from jobs.wire import Row, good_rows


def read_rows(
    whole: msgspec.json.Decoder[list[Row]], row: msgspec.json.Decoder[Row], body: bytes
) -> list[Row]:
    """The rows that have the declared shape; raises FrameError where none of several has it."""
    rows = good_rows(whole, row, body)
    if not rows and msgspec.json.decode(body) != []:
        raise FrameError("expected a list of rows with the documented fields, found none")
    return rows
