"""The ranked table: filtered, sorted, one page at a time, in any currency."""

from typing import Annotated

from app.api.candidates import tickers_among
from app.api.currencies import required_currency
from app.api.encoding import enveloped
from app.api.errors import Mistake, ParameterError
from app.api.freshness import Moment
from app.api.parameters import Choice, Ids, Page, Parameters, PerPage, Word
from app.api.resource import Resource
from app.api.v1.rows import market_rows
from app.api.v1.schemas import MarketsAnswer
from app.market import view
from app.market.verdict import Status

_ASCENDING_BY_NATURE = ("rank", "name")


class MarketsQuery(Parameters):
    """What the table can be asked."""

    vs_currency: Word = "usd"
    ids: Ids = ()
    category: Word = ""
    status: Annotated[str, Choice(tuple(status.word for status in Status))] = ""
    sort: Annotated[str, Choice(view.ORDERS)] = "rank"
    direction: Annotated[str, Choice(("asc", "desc"))] = ""
    """Without it ranks and names ascend, and everything else descends."""
    page: Page = 1
    per_page: PerPage = 100
    sparkline: bool = False


def markets(moment: Moment, query: MarketsQuery) -> bytes:
    """One page of the table."""
    _check_category(moment, query.category)
    currency = required_currency(moment, query.vs_currency, parameter="vs_currency")
    wanted = view.Query(
        order=query.sort,
        descending=_descending(query),
        ids=query.ids,
        category=query.category,
        status=query.status,
    )
    found = view.matching(moment.snapshot, moment.registry, wanted)
    rows = view.page_of(found, page=query.page, per_page=query.per_page)
    unknown = [id for id in query.ids if id not in moment.registry.number_of]
    return enveloped(
        moment,
        vs_currency=currency.word,
        page=query.page,
        per_page=query.per_page,
        pages=view.pages(len(found), per_page=query.per_page),
        total=len(found),
        unknown=unknown,
        candidates=tickers_among(moment, unknown),
        data=market_rows(moment, rows, currency, sparkline=query.sparkline),
    )


def _descending(query: MarketsQuery) -> bool:
    if query.direction:
        return query.direction == "desc"
    return query.sort not in _ASCENDING_BY_NATURE


def _check_category(moment: Moment, category: str) -> None:
    known = moment.directory.categories
    if category and category not in known:
        raise ParameterError(Mistake("category", "one of " + ", ".join(known), category))


RESOURCES = (
    Resource(
        path="/api/v1/markets",
        name="markets",
        summary="The ranked table",
        query=MarketsQuery,
        body=markets,
        shape=MarketsAnswer,
    ),
)
