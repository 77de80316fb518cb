"""Why an asset has the price it has, computed again from what the price was made of."""

from typing import Final
from urllib.parse import parse_qsl

import msgspec

from app.api import caching
from app.api.caching import Ready
from app.api.encoding import enveloped
from app.api.errors import Mistake, NotReadyError, ParameterError
from app.api.freshness import Freshness, Moment, rfc3339
from app.api.openapi import Operation
from app.api.parameters import Parameters, Word, read
from app.api.resource import Asked
from app.api.table import flag_words
from app.api.v1.lookups import number_of
from app.api.v1.receipt_schemas import ReceiptAnswer
from app.market.verdict import Status
from app.store.mirror import Published
from app.store.receipts import Explained, ReceiptAwayError, Receipts

PATH: Final = "/api/v1/receipts/{id}"
_PAST: Final = "no time yet, as receipts of the past are not kept (leave it out for the newest)"


class ReceiptQuery(Parameters):
    """Which asset."""

    id: Word


OPERATION: Final = Operation(
    name="receipt",
    summary="Why one asset has its price: who voted, who was left out, by which rule",
    tag="v1",
    shape=ReceiptAnswer,
    query=ReceiptQuery,
)


class Explanations:
    """Answers receipts."""

    def __init__(self, freshness: Freshness, receipts: Receipts) -> None:
        self._freshness = freshness
        self._receipts = receipts

    async def answer(self, asked: Asked) -> Ready:
        """The receipt, or 304; raises ApiError, NotReadyError while none can be made."""
        _refuse_the_past(asked)
        query = read(ReceiptQuery, asked.query.decode("latin-1"), asked.names)
        number_of(self._freshness.moment(), query.id)
        try:
            explained = await self._receipts.of(query.id)
        except ReceiptAwayError as error:
            raise NotReadyError(str(error)) from error
        return await _ready(asked, self._freshness.moment(), explained)


def _refuse_the_past(asked: Asked) -> None:
    given = dict(parse_qsl(asked.query.decode("latin-1"), keep_blank_values=True))
    if "at" in given:
        raise ParameterError(Mistake("at", _PAST, given["at"]))


async def _ready(asked: Asked, moment: Moment, explained: Explained) -> Ready:
    """Tagged by the snapshot that the answer is dated by, and by the version that it explains."""
    encoding = caching.chosen(asked.accept_encoding)
    stamp = f"{moment.stamp}.{explained.receipt.version:x}.{explained.reproduced}"
    tag = caching.etag(asked.view, encoding, stamp)
    headers = caching.tagged(tag, caching.PRICES)
    if asked.if_none_match and caching.matches(asked.if_none_match, tag):
        return Ready(304, headers, b"")
    return await caching.ready(enveloped(moment, data=_told(explained)), encoding, headers)


def _told(explained: Explained) -> dict[str, object]:
    """Every field of the receipt; times as text."""
    receipt = explained.receipt
    carried = receipt.carried
    return {
        **msgspec.to_builtins(receipt),
        "time": rfc3339(receipt.time),
        "carried": {
            "good": carried.good,
            "good_at": rfc3339(carried.good_at),
            "pending_since": rfc3339(carried.pending_since),
        },
        "published": _published(explained.published) if explained.published else None,
        "reproduced": explained.reproduced,
    }


def _published(published: Published) -> dict[str, object]:
    return {
        "price": published.price,
        "status": Status(published.status).word,
        "flags": flag_words(published.flags),
        "confidence": published.confidence,
    }
