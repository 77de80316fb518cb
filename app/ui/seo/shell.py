"""The built page without content, into which a first paint is put."""

import re
from functools import cache
from pathlib import Path

from reflex.utils.prerequisites import get_web_dir
from reflex_base import constants

from app.ui.seo.html import Html, element, joined

_OWN = re.compile(
    r"<title>.*?</title>|<meta[^>]*(?:name=\"description\"|property=\"og:[a-z]+\")[^>]*/?>",
    re.DOTALL,
)
"""What the build wrote about the page; ours is about this moment."""

_STYLES = re.compile(r"<link[^>]*rel=\"stylesheet\"[^>]*>")

MARKETS = "index.html"
OTHER = "404.html"
"""The shell for every address that is not built ahead."""


def page(shell: str, *, head: Html, body: Html) -> str:
    """The shell with this head and with the body before everything else."""
    text = _OWN.sub("", shell)
    # The shell of pages that are not built ahead does not name the stylesheet of the typeface.
    styles = [link for link in _STYLES.findall(built(MARKETS) or "") if link not in shell]
    text = text.replace("</head>", typeface() + "".join(styles) + head + "</head>", 1)
    start = text.index(">", text.index("<body")) + 1
    return text[:start] + body + text[start:]


def head_of(*, title: str, description: str, url: str, indexed: bool, data: str = "") -> Html:
    """What search engines and link previews read."""
    elements = [
        element("title", title),
        element("meta", name="description", content=description),
        element("link", rel="canonical", href=url),
        element("meta", property="og:title", content=title),
        element("meta", property="og:description", content=description),
        element("meta", property="og:url", content=url),
        element("meta", property="og:type", content="website"),
        element("meta", name="twitter:card", content="summary"),
    ]
    if not indexed:
        elements.append(element("meta", name="robots", content="noindex"))
    if data:
        # "<" is the only sign that could end the script early.
        safe = Html(data.replace("<", "\\u003c"))
        elements.append(element("script", safe, type="application/ld+json"))
    return joined(elements)


@cache
def typeface() -> Html:
    """The links that bring the typeface, so that no word is drawn twice."""
    static = get_web_dir() / constants.Dirs.STATIC
    files = sorted(static.glob("assets/inter-latin-wght-normal-*.woff2"))
    links = [
        element(
            "link",
            rel="preload",
            href=f"/assets/{file.name}",
            as_="font",
            type="font/woff2",
            crossorigin="",
        )
        for file in files
    ]
    return joined(links)


@cache
def built(name: str) -> str | None:
    """The built page of that name; None before there is a build."""
    file = get_web_dir() / constants.Dirs.STATIC / name
    return _read(file)


def _read(file: Path) -> str | None:
    return file.read_text("utf-8") if file.exists() else None
