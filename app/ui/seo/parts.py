"""What the first paint has in common with the pages: the same classes, so the same places."""

from app.ui import format
from app.ui.names import DEVELOPERS, NAME, WAYS
from app.ui.pulse import Pulse
from app.ui.seo.html import Html, element

_el = element


def change(text: str, direction: str) -> Html:
    """A change with its arrow."""
    spoken = [_el("span", f"{direction} ", class_="for-readers")] if direction else []
    return _el("span", *spoken, text, class_=f"change {direction}")


def logo(logo_: str, symbol: str, size: int) -> Html:
    """A coin's logo or its first letter."""
    box = f"width:{size}px;height:{size}px"
    if not logo_:
        return _el("span", symbol[:1], class_="logo initials", style=box, aria_hidden="true")
    return _el("img", class_="logo", src=f"/logos/{logo_}.svg", alt="", style=box, loading="lazy")


def price(value: float | None) -> Html:
    """A price in short, with the whole of it for screen readers."""
    short, full = format.price(value), format.price_in_full(value)
    if short == full:
        return _el("span", short, class_="price", title=full)
    spoken = _el("span", full, class_="for-readers")
    return _el("span", _el("span", short, aria_hidden="true"), spoken, class_="price", title=full)


def frame(pulse: Pulse, *content: str, at: str) -> Html:
    """Strip, header and content in place of the page that is being loaded.

    `at` is the way of the header that leads here.
    """
    return _el(
        "div",
        _strip(pulse),
        _header(at),
        _el("main", *content),
        class_="first-paint",
        data_ssr="",
    )


def notice(pulse: Pulse) -> Html:
    """What must be said of prices that are not of the live market."""
    return _el("p", pulse.notice, class_="notice", role="note") if pulse.notice else Html()


def _strip(pulse: Pulse) -> Html:
    cap = [_el("b", pulse.market_cap), " ", change(pulse.cap_change, pulse.cap_direction)]
    ethereum = _el("b", f" ETH {pulse.ethereum}", class_="desk-only")
    live = _el("b", pulse.venues_live)
    facts = [
        _age(pulse, "phone-only"),
        _el("span", "Coins ", _el("b", pulse.coins), class_="desk-only"),
        _el("span", "Venues ", live, f" of {pulse.venues} live", class_="desk-only"),
        _el("span", *_label("Market cap", "Cap"), *cap),
        _el("span", *_label("24h volume", "Vol"), _el("b", pulse.volume)),
        _el("span", *_label("Dominance", ""), _el("b", f"BTC {pulse.bitcoin}"), ethereum),
        _el("span", class_="spring"),
        _age(pulse, "desk-only"),
        _el("span", "USD", class_="currency"),
        _el("span", class_="toggle-place desk-only"),
    ]
    line = _el("div", *facts, class_="strip-line")
    return _el("section", line, class_="strip", aria_label="The whole market")


def _label(long: str, short: str) -> list[Html | str]:
    brief = [_el("span", short, class_="phone-only")] if short else []
    return [_el("span", long, class_="desk-only"), *brief, " "]


def _age(pulse: Pulse, where: str) -> Html:
    return _el(
        "span",
        _el("span", class_=f"dot {pulse.state}"),
        _el("span", "Prices ", class_="desk-only"),
        _el("span", pulse.age, class_="age"),
        _el("span", " old", class_="desk-only"),
        class_=f"prices-age {where}",
    )


def _header(at: str) -> Html:
    words = _el("span", NAME, class_="site-name")
    name = _el("a", _el("span", class_="mark"), words, href="/", class_="site")
    ways = _el(
        "nav",
        *[
            _el("a", words, href=to, class_="nav-link", aria_current="page" if at == way else None)
            for way, words, to in WAYS
        ],
        _el("a", "Developers", href=DEVELOPERS, class_="nav-link"),
        class_="nav desk-only",
    )
    return _el("header", _el("div", name, ways, class_="header-line"), class_="header")
