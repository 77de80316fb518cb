"""The page of a coin as HTML: its price, its numbers and its venues at this moment."""

from app.ui.coin import Coin
from app.ui.coin_venues import VenueLine
from app.ui.pulse import Pulse
from app.ui.seo.html import Html, element
from app.ui.seo.parts import change, frame, logo, notice, price

_el = element

_HEADS = ("Venue", "Price in USD", "From index", "Spread", "24h volume", "Age", "Weight")


def coin_html(coin: Coin, *, pulse: Pulse) -> Html:
    """The page of one coin."""
    crumbs = _el("nav", _el("a", "Coins", href="/"), " / ", coin.name, class_="crumbs")
    columns = _el(
        "div",
        _el(
            "div", _el("div", class_="panel chart-place"), _venues(coin.venues), class_="coin-main"
        ),
        _el("aside", _why(coin), _facts(coin), class_="coin-side"),
        class_="coin-columns",
    )
    head = _el("div", crumbs, notice(pulse), class_="crumb-line")
    return frame(pulse, _el("div", head, _head(coin), columns, class_="coin"), at="")


def _head(coin: Coin) -> Html:
    rank = [_el("span", coin.rank, class_="pill")] if coin.rank else []
    title = _el(
        "h1",
        logo(coin.logo, coin.symbol, 36),
        _el("span", coin.name),
        _el("span", coin.symbol, class_="coin-symbol"),
        *rank,
        class_="coin-title",
    )
    cost = _el("div", price(coin.value), change(coin.change, coin.direction), class_="coin-price")
    status = _el(
        "div",
        _el("span", class_=f"dot {coin.status}"),
        *[
            _el("span", text)
            for text in (coin.status, coin.confidence, coin.venues_counted, coin.age)
        ],
        class_="pill status-pill",
        title=coin.status_sentence,
    )
    # The drawer needs scripts; its button stands here so that nothing moves when they come.
    words = _el("span", "Why", _el("span", " this price", class_="desk-only"), "?")
    why = _el("button", words, type="button", class_="button why-button")
    return _el("div", title, cost, status, why, class_="coin-head")


def _why(coin: Coin) -> Html:
    reasons = [_el("p", sentence) for sentence in coin.reasons]
    return _el("section", _el("h2", f"Why {coin.price}?"), *reasons, class_="panel side why")


def _facts(coin: Coin) -> Html:
    facts = [
        _el("div", _el("dt", fact.label), _el("dd", fact.value, title=fact.title), class_="fact")
        for fact in coin.facts
    ]
    return _el("section", _el("dl", *facts), class_="panel side")


def _venues(lines: list[VenueLine]) -> Html:
    heads = _el("tr", *[_el("th", head, scope="col") for head in _HEADS])
    table = _el(
        "table",
        _el("thead", heads),
        _el("tbody", *[_line(line) for line in lines]),
        class_="venues",
    )
    return _el("section", _el("h2", "Venues"), table, class_="panel venues-panel")


def _line(line: VenueLine) -> Html:
    who = [_el("span", line.venue, class_="venue"), " ", _el("span", line.pair, class_="pair")]
    if line.reason:
        who.append(_el("span", line.reason, class_="reason"))
    bar = _el("span", _el("span", style=f"width:{line.share}%"), class_="bar") if line.share else ""
    weight = _el("span", line.weight, class_="weight" if line.share else "weight excluded")
    rest = (line.from_index, line.spread, line.volume, line.age)
    return _el(
        "tr",
        _el("td", *who),
        _el("td", line.price, class_="price"),
        *[_el("td", text) for text in rest],
        _el("td", bar, weight),
    )
