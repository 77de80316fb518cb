"""Stands before the pages and answers with HTML that already has the prices and the words."""

import gzip
import json
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha1
from urllib.parse import parse_qsl, quote, unquote

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.market.view import matching
from app.ui.address import clamped, parsed, spelled
from app.ui.live.hub import Hub
from app.ui.names import (
    COIN_DESCRIPTION,
    MARKETS_DESCRIPTION,
    MARKETS_TITLE,
    METHODOLOGY_DESCRIPTION,
    NAME,
    QUALITY_DESCRIPTION,
)
from app.ui.outlines import methodology, quality
from app.ui.pager import page_links
from app.ui.seo.coin_html import coin_html
from app.ui.seo.document_html import ambiguous_html, methodology_html, quality_html
from app.ui.seo.html import Html
from app.ui.seo.market_html import market_html, numbers_on
from app.ui.seo.shell import MARKETS, OTHER, built, head_of, page
from app.ui.tickers import CandidateLine

KEPT_FOR = 5.0
"""Seconds that one rendering serves everyone."""
KEPT_MAX = 256
RENDERINGS_A_SECOND = 10
"""What is asked for beyond that gets the page without prices, which the browser then fills."""
CACHE_CONTROL = "public, max-age=5, stale-while-revalidate=30"
COIN = "/coin/"
METHODOLOGY = "/methodology"
QUALITY = "/quality"
ID_MAX = 120
QUERY_MAX = 400


@dataclass(frozen=True, slots=True)
class Rendered:
    """One page in both encodings."""

    status: int
    body: bytes
    packed: bytes
    etag: str
    until: float
    location: str = ""
    """Where a redirect leads."""


class FirstPaint:
    """ASGI: the pages with prices in them; everything else is left to `pages`."""

    def __init__(
        self, pages: ASGIApp, *, hub: Hub, clock: Callable[[], float], public_url: str
    ) -> None:
        self._pages = pages
        self._hub = hub
        self._clock = clock
        self._public_url = public_url.rstrip("/")
        self._kept: OrderedDict[str, Rendered] = OrderedDict()
        self._recent: deque[float] = deque(maxlen=RENDERINGS_A_SECOND)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a first paint where there is one."""
        rendered = self._rendered(scope) if _is_page(scope) else None
        if rendered is None:
            await self._pages(scope, receive, send)
        else:
            await _response(rendered, Headers(scope=scope))(scope, receive, send)

    def _rendered(self, scope: Scope) -> Rendered | None:
        path, query = scope["path"], scope["query_string"].decode("latin-1")[:QUERY_MAX]
        # Only an address that was understood is a key, so that noise cannot fill the store.
        if path.startswith(COIN):
            key = COIN + unquote(path.removeprefix(COIN).rstrip("/"))[:ID_MAX]
        else:
            key = self._view(query) if path == "/" else path.rstrip("/")
        kept = self._kept.get(key)
        if kept is not None and kept.until > self._clock():
            return kept
        if self._busy():
            return None
        fresh = self._fresh(key)
        return fresh and self._keep(key, fresh)

    def _fresh(self, key: str) -> Rendered | None:
        if key.startswith(COIN):
            return self._coin(key.removeprefix(COIN))
        if key == METHODOLOGY:
            title, body = methodology.TITLE, methodology_html(self._hub.pulse)
            return self._document(key, title, METHODOLOGY_DESCRIPTION, body)
        if key == QUALITY:
            body = quality_html(self._hub.quality.now(), pulse=self._hub.pulse)
            return self._document(key, quality.TITLE, QUALITY_DESCRIPTION, body)
        return self._market(key)

    def _busy(self) -> bool:
        now = self._clock()
        if len(self._recent) == RENDERINGS_A_SECOND and now - self._recent[0] < 1:
            return True
        self._recent.append(now)
        return False

    def _keep(self, key: str, rendered: Rendered) -> Rendered:
        self._kept[key] = rendered
        self._kept.move_to_end(key)
        if len(self._kept) > KEPT_MAX:
            self._kept.popitem(last=False)
        return rendered

    def _view(self, query: str) -> str:
        return spelled(parsed(dict(parse_qsl(query)), categories=self._hub.categories()))

    def _market(self, view: str) -> Rendered | None:
        market, shell = self._hub.market, built(MARKETS)
        if market is None or shell is None:
            return None
        asked = dict(parse_qsl(view.partition("?")[2]))
        address = parsed(asked, categories=self._hub.categories())
        found = matching(market.snapshot, market.registry, address.query)
        address = clamped(address, total=len(found))
        links, _ = page_links(address, total=len(found))
        body = market_html(
            address,
            market=market,
            numbers=numbers_on(address, found),
            pulse=self._hub.pulse,
            links=links,
        )
        head = head_of(
            title=MARKETS_TITLE,
            description=MARKETS_DESCRIPTION,
            url=self._public_url + spelled(address),
            indexed=market.snapshot.source == "live",
        )
        return self._kept_from(page(shell, head=head, body=body))

    def _coin(self, id_: str) -> Rendered | None:
        market, shell = self._hub.market, built(OTHER)
        if market is None or shell is None:
            return None
        coin = self._hub.coin(id_)
        if coin is None:
            return self._ticker(id_, shell)
        url = f"{self._public_url}{COIN}{coin.id}"
        head = head_of(
            title=f"{coin.title} | {NAME}",
            description=f"{coin.name} costs {coin.price_in_full} now. {COIN_DESCRIPTION}",
            url=url,
            indexed=market.snapshot.source == "live",
            data=_crumbs(coin.name, url, self._public_url),
        )
        return self._kept_from(page(shell, head=head, body=coin_html(coin, pulse=self._hub.pulse)))

    def _ticker(self, word: str, shell: str) -> Rendered:
        """The coin that a ticker means, all that it may mean, or nothing."""
        meant = self._hub.meaning(word)
        if meant.only:
            to = f"{COIN}{quote(meant.only)}"
            return replace(self._kept_from("", status=307), location=to)
        if not meant.candidates:
            return self._kept_from(shell, status=404)
        return self._ambiguous(meant.candidates, shell)

    def _ambiguous(self, candidates: list[CandidateLine], shell: str) -> Rendered:
        symbol = candidates[0].symbol
        head = head_of(
            title=f"{symbol} may mean several coins | {NAME}",
            description=f"{len(candidates)} coins trade as {symbol}.",
            url=f"{self._public_url}{COIN}{quote(symbol)}",
            indexed=False,
        )
        body = ambiguous_html(candidates, pulse=self._hub.pulse)
        return self._kept_from(page(shell, head=head, body=body))

    def _document(self, path: str, title: str, description: str, body: Html) -> Rendered | None:
        market, shell = self._hub.market, built(OTHER)
        if market is None or shell is None:
            return None
        head = head_of(
            title=f"{title} | {NAME}",
            description=description,
            url=self._public_url + path,
            indexed=market.snapshot.source == "live",
        )
        return self._kept_from(page(shell, head=head, body=body))

    def _kept_from(self, text: str, *, status: int = 200) -> Rendered:
        body = text.encode()
        tag = sha1(body, usedforsecurity=False).hexdigest()[:16]
        packed = gzip.compress(body, 5, mtime=0)
        return Rendered(status, body, packed, f'W/"{tag}"', self._clock() + KEPT_FOR)


def _is_page(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return False
    path = scope["path"]
    if path == "/" or path.rstrip("/") in (METHODOLOGY, QUALITY):
        return True
    return path.startswith(COIN) and "/" not in path.removeprefix(COIN).rstrip("/")


def _response(rendered: Rendered, asked: Headers) -> Response:
    headers = {
        "content-type": "text/html; charset=utf-8",
        "cache-control": CACHE_CONTROL if rendered.status == 200 else "no-cache",
        "vary": "accept-encoding",
        "etag": rendered.etag,
    }
    if rendered.status == 200 and rendered.etag in asked.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if rendered.location:
        return Response(status_code=rendered.status, headers={"location": rendered.location})
    if "gzip" in asked.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
        return Response(rendered.packed, rendered.status, headers)
    return Response(rendered.body, rendered.status, headers)


def _crumbs(name: str, url: str, home: str) -> str:
    places = [("Coins", f"{home}/"), (name, url)]
    return json.dumps(
        {
            "@context": "https://schema.org",
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": position, "name": place, "item": address}
                for position, (place, address) in enumerate(places, 1)
            ],
        }
    )
