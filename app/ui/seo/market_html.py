"""The market page as HTML: the table of one view with the prices of this moment."""

import numpy as np
from numpy.typing import NDArray

from app.market.verdict import Status
from app.ui import format, rows, spark
from app.ui.address import ALL, ASCENDING_FIRST, PER_PAGE, Address, spelled
from app.ui.live.slices import Market
from app.ui.names import MARKETS
from app.ui.pager import PageLink
from app.ui.pulse import Mover, Pulse
from app.ui.seo.html import Html, element, joined
from app.ui.seo.parts import change, frame, logo, notice, price
from app.ui.table_columns import COLUMNS, Column

_el = element


def market_html(
    address: Address,
    *,
    market: Market,
    numbers: NDArray[np.int64],
    pulse: Pulse,
    links: list[PageLink],
) -> Html:
    """The page of a view; `numbers` are the assets on it, in order."""
    lead = _el("p", f"{pulse.coins} coins, one cross-checked price each.", class_="lead desk-only")
    title = _el(
        "div", _el("h1", "Cryptocurrency prices"), notice(pulse) or lead, class_="title-line"
    )
    return frame(
        pulse,
        title,
        _cards(pulse),
        _el("div", _el("a", "All", href="/", class_="tab chosen"), class_="toolbar"),
        _el("div", _table(address, market, numbers), class_="table-frame"),
        _pager(links),
        at=MARKETS,
    )


def numbers_on(address: Address, found: NDArray[np.int64]) -> NDArray[np.int64]:
    """The assets of the view's page; of the list of everything the first ones."""
    per = PER_PAGE if address.per == ALL else address.per
    first = (address.page - 1) * per
    return found[first : first + per]


def _cards(pulse: Pulse) -> Html:
    cards = [
        _movers("Gainers", "24h", pulse.gainers),
        _movers("Losers", "24h", pulse.losers),
        _movers("Most traded", "24h volume", pulse.traded),
        _quality(pulse),
    ]
    return _el("div", *cards, class_="cards desk-only")


def _movers(title: str, note: str, movers: list[Mover]) -> Html:
    return _card(
        title,
        note,
        *[
            _el("div", _mover(mover), change(mover.text, mover.direction), class_="card-line")
            for mover in movers
            if mover.id
        ],
    )


def _quality(pulse: Pulse) -> Html:
    counts = [
        _el(
            "span",
            _el("span", class_=f"dot {status}"),
            f"{number} ",
            _el("span", words, class_="dim"),
        )
        for status, number, words in (
            ("ok", pulse.ok, "ok"),
            ("degraded", pulse.degraded, "few sources"),
            ("stale", pulse.stale, "stale"),
        )
    ]
    age = [_el("span", "Median age of a price"), _el("b", pulse.freshness)]
    lines = [_el("div", *line, class_="card-line") for line in (age, counts)]
    return _card("Data quality now", "top 100", *lines)


def _card(title: str, note: str, *lines: Html) -> Html:
    head = _el("div", _el("h2", title), _el("span", note), class_="card-head")
    return _el("section", head, *lines, class_="panel card")


def _mover(mover: Mover) -> Html:
    name = _el("span", mover.name, class_="coin-name")
    href = f"/coin/{mover.id}"
    return _el("a", logo(mover.logo, mover.symbol, 18), name, href=href, class_="card-coin")


def _table(address: Address, market: Market, numbers: NDArray[np.int64]) -> Html:
    widths = [
        _el(
            "col",
            class_=f"c-{column.key}",
            style=f"width:{column.width}px" if column.width else None,
        )
        for column in COLUMNS
    ]
    heads = [_head(column, address) for column in COLUMNS]
    shown = rows.shown(market.snapshot, numbers)
    body = [
        _row(market, number, dict(zip(rows.LIVE, rows.listed(values), strict=True)))
        for number, values in zip(numbers.tolist(), shown, strict=True)
    ]
    return _el(
        "table",
        _el("colgroup", *widths),
        _el("thead", _el("tr", *heads)),
        _el("tbody", *body),
        class_="market",
    )


def _head(column: Column, address: Address) -> Html:
    if not column.sort:
        return _el("th", column.label, scope="col", class_=f"c-{column.key}")
    sorted_ = column.sort == address.order
    descending = not address.descending if sorted_ else column.sort not in ASCENDING_FIRST
    href = spelled(Address(order=column.sort, descending=descending, per=address.per))
    state = ("descending" if address.descending else "ascending") if sorted_ else None
    mark = _el("span", "▼" if address.descending else "▲", class_="sort-mark") if sorted_ else ""
    link = _el("a", column.label, mark, href=href, rel="nofollow")
    day = _el("span", " / 24h", class_="phone-only") if column.key == "price" else ""
    return _el("th", link, day, scope="col", class_=f"c-{column.key}", aria_sort=state)


def _row(market: Market, number: int, row: dict) -> Html:
    asset = market.registry.assets[number]
    words = _el(
        "span",
        _el("span", asset.name, class_="coin-name"),
        _el("span", asset.symbol, class_="coin-symbol"),
        _el(
            "span",
            f"{asset.symbol} · {format.money(row['market_cap'])}",
            class_="coin-sub phone-only",
        ),
        class_="coin-words",
    )
    name = _el(
        "a", logo(asset.logo, asset.symbol, 24), words, href=f"/coin/{asset.id}", class_="coin-link"
    )
    day = _change(row["change_24h"])
    supply = format.amount(asset.circulating)
    cells = {
        "rank": row["rank"] or format.MISSING,
        "name": name,
        "price": joined([price(row["price"]), _el("span", day, class_="phone-only")]),
        "change_1h": _change(row["change_1h"]),
        "change_24h": day,
        "change_7d": _change(row["change_7d"]),
        "volume_24h": format.money(row["volume_24h"]),
        "market_cap": format.money(row["market_cap"]),
        "circulating": supply if supply == format.MISSING else f"{supply} {asset.symbol}",
        "spark": _spark(market, number),
        "sources": _sources(row),
    }
    return _el(
        "tr", *[_el("td", cells[column.key], class_=f"c-{column.key}") for column in COLUMNS]
    )


def _change(share: float | None) -> Html:
    return change(format.percent(share), format.direction(share))


def _spark(market: Market, number: int) -> str:
    if number >= len(market.closes) or not (line := spark.drawn(market.closes[number])).path:
        return format.MISSING
    path = _el("path", d=line.path)
    box = f"0 0 {spark.WIDTH} {spark.HEIGHT}"
    return _el("svg", path, viewBox=box, class_=f"spark {line.way}", aria_hidden="true")


def _sources(row: dict) -> Html:
    word = Status(row["status"]).word
    dot = _el("span", class_=f"dot {word}")
    spoken = _el("span", f"{word}, ", class_="for-readers")
    total = _el("span", f"/{row['listed']}", class_="of")
    return _el("span", dot, spoken, str(row["sources"]), total, class_="sources")


def _pager(links: list[PageLink]) -> Html:
    pages = [_el("a", link.text, href=link.href, class_="page") for link in links if link.href]
    return _el("nav", *pages, class_="pager") if pages else Html()
