"""`tick_to_browser`: from a frame that a venue sends to the table cell that shows its price.

The whole product runs on the sandbox market. A mark is a step of five percent in every price,
which each market tells with its own next frame. Only assets with a single market are looked at,
because there one frame alone makes the price, and REST is made to fail, so that nothing but
frames brings the mark. A second reader of the same streams says when each frame was sent, an
observer in the page when its cell changed; both read the clock of this machine.
"""

import asyncio
import sys
import time
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
import numpy as np
import psutil
from playwright.async_api import Page, async_playwright

from app.market.quotes import Quote, QuoteBoard
from app.settings import Settings
from benchmarks.measure import NotMeasuredError, Report, rounded
from jobs.feed import Address, Feed
from jobs.launcher.browser import chromium
from jobs.venues import VENUES
from tests.product import running_product

GOAL = 1.2
"""Seconds within which 95 % of the frames must be visible."""
ASSETS = 2000
RATE = 5000
LEAST = 50
"""Samples without which nothing is said."""
_STEP = 1.05
_SEEN = 0.025
"""A change beyond this is the mark: a market's own moves are a tenth of it."""
_ROUND = 25.0
"""Seconds after which every market has told the mark; the sandbox's longest pause is 20."""
_WARM = 10
"""Seconds without a new subscription after which there is none to come."""
_SUBSCRIBED_WITHIN = 180.0
_MONEY = {"usd", "tether", "usd-coin"}
_PAGE = "/?sort=sources&dir=asc&per=100"
_READY = "table.market tbody tr[data-id]"

_OBSERVE = """([rows, seen]) => {
    const prices = new Map();
    window.steps = [];
    const look = (row) => {
        const cell = row?.querySelector('.c-price .price');
        const price = Number(cell?.title.replace(/[$,]/g, ''));
        if (!price) return;
        const before = prices.get(row.dataset.id);
        prices.set(row.dataset.id, price);
        const at = (performance.timeOrigin + performance.now()) / 1000;
        if (before && Math.abs(price / before - 1) > seen) window.steps.push([row.dataset.id, at]);
    };
    document.querySelectorAll(rows).forEach(look);
    new MutationObserver((changes) => {
        const rows = changes.map(({target}) => (target.closest ? target : target.parentElement));
        new Set(rows.map((each) => each?.closest('tr[data-id]'))).forEach(look);
    }).observe(document.querySelector('table.market'),
        {subtree: true, childList: true, characterData: true, attributes: true});
    return [...prices.keys()];
}"""


def run(*, assets: int = ASSETS, rate: float = RATE, least: int = LEAST) -> list[Report]:
    """Seconds until 95 % of the marked frames are visible."""
    with running_product(ASSETS=str(assets), SANDBOX_RATE=str(rate)) as site:
        seconds = asyncio.run(_measured(site))
    if len(seconds) < least:
        raise NotMeasuredError(f"{len(seconds)} marks were seen, {least} are needed")
    p50, p95 = (float(value) for value in np.quantile(seconds, (0.5, 0.95)))
    publish = Settings().publish_every
    print(f"{len(seconds)} samples, p50 {p50:.3f} s, p95 {p95:.3f} s", file=sys.stderr)
    return [
        Report(
            bench="tick_to_browser",
            value=rounded(p95),
            unit="s",
            floor=publish,
            peer=None,
            ratio=rounded(p95 / publish, 3),
            goal=f"p95 <= {GOAL} s",
            ok=p95 <= GOAL,
        )
    ]


class _Ear(QuoteBoard):
    """Notes when each market's price took a step; nothing is kept of the rest."""

    def __init__(self, markets: int) -> None:
        super().__init__(markets)
        self._lasts: dict[int, float] = {}
        self.steps: list[tuple[int, float]] = []
        self.put = self._look

    def _look(self, row: int, quote: Quote, received: float) -> bool:
        if quote.last > 0:
            before = self._lasts.setdefault(row, quote.last)
            self._lasts[row] = quote.last
            if abs(quote.last / before - 1) > _SEEN:
                self.steps.append((row, received))
        return True


async def _measured(site: str) -> list[float]:
    sandbox = _sandbox_address()
    async with httpx.AsyncClient(timeout=10.0) as client:
        await _all_subscribed(client, sandbox)
        async with _page(site) as page:
            return await _delays_on(page, client, site, sandbox)


async def _delays_on(page: Page, client: httpx.AsyncClient, site: str, sandbox: str) -> list[float]:
    shown: list[str] = await page.evaluate(_OBSERVE, [_READY, _SEEN])
    markets = await _single_markets(client, site, shown)
    print(f"{len(markets)} of {len(shown)} rows have a single market", file=sys.stderr)
    async with _listening(client, sandbox, list(markets.values())) as ear:
        await _marked(client, sandbox)
    seen: list[tuple[str, float]] = await page.evaluate("window.steps")
    return _delays(list(markets), ear.steps, seen)


async def _all_subscribed(client: httpx.AsyncClient, sandbox: str) -> None:
    """Every venue is listened to, and nothing more is being asked for."""
    counts: list[int] = []
    quiet = 0
    try:
        async with asyncio.timeout(_SUBSCRIBED_WITHIN):
            while quiet < _WARM:
                await asyncio.sleep(1.0)
                before, counts = counts, await _subscriptions(client, sandbox)
                quiet = quiet + 1 if all(counts) and counts == before else 0
    except TimeoutError as error:
        raise NotMeasuredError("the product did not subscribe to every venue") from error
    print(f"{sum(counts)} markets of {len(counts)} venues are subscribed", file=sys.stderr)


async def _subscriptions(client: httpx.AsyncClient, sandbox: str) -> list[int]:
    """How many markets are subscribed at each venue of the sandbox."""
    seen = (await client.get(f"{sandbox}/admin/traffic")).raise_for_status().json()
    return [each["subscriptions"] for each in seen.values() if "subscriptions" in each]


async def _marked(client: httpx.AsyncClient, sandbox: str) -> None:
    """Raise every price, and let it fall again, with time for each market to say so."""
    faults = f"{sandbox}/admin/faults"
    await client.post(faults, json={"kind": "status", "seconds": 600})
    await asyncio.sleep(_ROUND)
    step = {"kind": "flash_crash", "factor": _STEP, "seconds": 600}
    number = (await client.post(faults, json=step)).raise_for_status().json()["number"]
    await asyncio.sleep(_ROUND)
    await client.delete(f"{faults}/{number}")
    await asyncio.sleep(_ROUND)


def _delays(
    assets: list[str], sent: Iterable[tuple[int, float]], seen: Iterable[tuple[str, float]]
) -> list[float]:
    """Seconds from each sent step to the next one seen of the same asset."""
    of_asset: dict[str, list[float]] = {}
    for asset, at in seen:
        of_asset.setdefault(asset, []).append(at)
    delays: list[float] = []
    for row, at in sent:
        later = [when - at for when in of_asset.get(assets[row], ()) if when >= at]
        if later:
            delays.append(min(later))
    return delays


def _sandbox_address() -> str:
    """Where the sandbox of the product listens that this process has started."""
    for process in psutil.Process().children(recursive=True):
        argv = process.cmdline()
        if "sandbox" in argv and "--port" in argv:
            return f"http://127.0.0.1:{argv[argv.index('--port') + 1]}"
    raise NotMeasuredError("the product runs without a sandbox")


async def _single_markets(
    client: httpx.AsyncClient, site: str, shown: Iterable[str]
) -> dict[str, tuple[str, str]]:
    """Venue and symbol of each shown asset that has one market, in dollars of some kind."""
    found: dict[str, tuple[str, str]] = {}
    for asset in shown:
        answer = await client.get(f"{site}/api/v1/assets/{asset}/markets")
        markets: list[dict[str, Any]] = answer.raise_for_status().json()["data"]
        if len(markets) == 1 and markets[0]["quote"] in _MONEY:
            found[asset] = (markets[0]["venue"], markets[0]["symbol"])
    return found


@asynccontextmanager
async def _page(site: str) -> AsyncGenerator[Page]:
    path = chromium()
    if path is None:
        raise NotMeasuredError("there is no Chromium that runs on this machine")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        page = await browser.new_page(viewport={"width": 1280, "height": 800})
        await page.goto(site + _PAGE)
        await page.wait_for_selector("[data-ssr]", state="detached")
        await page.wait_for_selector(_READY)
        yield page
        await browser.close()


@asynccontextmanager
async def _listening(
    client: httpx.AsyncClient, sandbox: str, markets: list[tuple[str, str]]
) -> AsyncGenerator[_Ear]:
    """A second reader of exactly these markets; the row of each is its place in the list."""
    ear = _Ear(len(markets))
    rows: dict[str, dict[str, int]] = {}
    for row, (venue, symbol) in enumerate(markets):
        rows.setdefault(venue, {})[symbol] = row
    tasks = [
        asyncio.create_task(_feed(client, sandbox, venue, of_venue, ear).run())
        for venue, of_venue in rows.items()
    ]
    try:
        yield ear
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


def _feed(
    client: httpx.AsyncClient, sandbox: str, venue: str, rows: Mapping[str, int], ear: _Ear
) -> Feed:
    stream = f"ws://{urlsplit(sandbox).netloc}/{venue}/stream"
    return Feed(
        VENUES[venue],
        address=Address(stream, f"{sandbox}/{venue}"),
        rows=rows,
        board=ear,
        client=client,
        clock=time.time,
    )
