"""The light quote: price, confidence, status and age of the assets asked for."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from app.api.candidates import not_found, tickers_among
from app.api.currencies import required_currency
from app.api.encoding import Columns, enveloped, records
from app.api.freshness import Moment, milliseconds, rfc3339
from app.api.parameters import IDS_MAX, Parameters, Word, split
from app.api.resource import Resource
from app.api.table import Table, rows_of
from app.api.v1.schemas import PricesAnswer


class PricesQuery(Parameters):
    """Which assets, in which currency."""

    ids: Annotated[
        tuple[str, ...],
        Field(min_length=1, max_length=IDS_MAX, examples=[["bitcoin", "ethereum"]]),
        BeforeValidator(split),
    ]
    vs: Word = "usd"


def prices(moment: Moment, query: PricesQuery) -> bytes:
    """The quotes in the order asked for; raises NotFoundError when not one id is known."""
    number_of = moment.registry.number_of
    known = [id for id in dict.fromkeys(query.ids) if id in number_of]
    unknown = [id for id in query.ids if id not in number_of]
    if not known:
        raise not_found(moment, unknown[0])
    currency = required_currency(moment, query.vs, parameter="vs")
    table = Table(moment, rows_of([number_of[id] for id in known]), currency)
    columns: Columns = {
        "id": known,
        "price": table.money("price").tolist(),
        "conf": table.conf().tolist(),
        "status": table.statuses(),
        "flags": table.flags(),
        "as_of": [rfc3339(time) for time in table.column("updated").tolist()],
        "age_ms": [milliseconds(age) for age in table.ages().tolist()],
    }
    return enveloped(
        moment,
        vs=currency.word,
        unknown=unknown,
        candidates=tickers_among(moment, unknown),
        data=records(columns),
    )


RESOURCES = (
    Resource(
        path="/api/v1/prices",
        name="prices",
        summary="Light quotes of some assets",
        query=PricesQuery,
        body=prices,
        shape=PricesAnswer,
    ),
)
