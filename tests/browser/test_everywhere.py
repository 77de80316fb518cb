"""What holds on every page, in both themes and both sizes."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, Open

pytestmark = pytest.mark.browser

PAGES = {
    "market": "/",
    "everything": "/?per=all",
    "coin": "/coin/bitcoin",
    "quality": "/quality",
    "methodology": "/methodology",
    "lost": "/nowhere",
}
SIZES = {"desk": DESK, "phone": PHONE}
SHOTS = Path(__file__).parents[1] / "screenshots"
READY = (
    "tr[data-id], .coin:not(.loading) .coin-price .price, .venue-matrix tbody tr, .document, .lost"
)


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", [name for name in PAGES if name != "lost"])
def test_each_page_fits_its_window_and_is_photographed(
    open_page: Open, name: str, size: str, theme: str
):
    page = open_page(PAGES[name], size=SIZES[size], theme=theme)
    page.wait_for_selector(READY)
    page.wait_for_timeout(700)
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}-{theme}-{size}.png")
    across = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(across) == 0


@pytest.mark.parametrize("path", ["/", "/coin/bitcoin", "/quality", "/methodology"])
def test_nothing_moves_while_a_page_loads(open_page: Open, path: str):
    page = open_page("/api/docs")
    page.add_init_script(
        """window.moved = 0; new PerformanceObserver((list) => list.getEntries()
            .forEach((entry) => (window.moved += entry.value)))
            .observe({type: 'layout-shift', buffered: true});"""
    )
    page.goto(page.url.replace("/api/docs", path))
    page.wait_for_selector("[data-ssr]", state="detached")
    page.wait_for_selector(READY)
    page.wait_for_timeout(1500)
    assert page.evaluate("window.moved") < 0.02


def test_the_theme_is_switched_and_remembered(open_page: Open):
    page = open_page("/")
    page.wait_for_selector(READY)
    page.locator(".theme-toggle >> visible=true").click()
    expect(page.locator("html")).to_have_class(re.compile("light"))
    page.reload()
    assert "light" in (page.locator("html").get_attribute("class") or "")


def test_search_works_by_keyboard_alone(open_page: Open):
    page = open_page("/")
    page.wait_for_selector(READY)
    page.keyboard.press("/")
    expect(page.get_by_label("Name or ticker")).to_be_focused()
    page.keyboard.type("eth")
    expect(page.locator("#found li").first).to_contain_text("Ethereum")
    # An answer to fewer letters may still come before the one to all of them.
    expect(page.locator("#found li").nth(1)).to_contain_text(re.compile("eth", re.IGNORECASE))
    page.keyboard.press("ArrowDown")
    expect(page.locator("#found li").nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/coin/ethereum$"))


def test_command_k_opens_search_and_escape_closes_it(open_page: Open):
    page = open_page("/coin/bitcoin")
    page.wait_for_selector(READY)
    page.keyboard.press("Control+k")
    expect(page.get_by_label("Name or ticker")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_label("Name or ticker")).to_be_hidden()


def test_no_page_asks_another_site_for_anything(open_page: Open, site: str):
    page = open_page("/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}/coin/bitcoin")
    page.wait_for_selector(READY)
    page.wait_for_timeout(500)
    foreign = [url for url in asked if not url.startswith((site, "data:", "blob:", "ws"))]
    assert foreign == []


def test_every_link_of_the_frame_leads_somewhere(open_page: Open, site: str):
    page = open_page("/")
    page.wait_for_selector(READY)
    links = page.locator("header a, footer a, nav a").all()
    own = {href for link in links if (href := link.get_attribute("href") or "").startswith("/")}
    assert {href: page.request.get(site + href).status for href in own} == dict.fromkeys(own, 200)


def test_simulated_prices_say_so_on_every_page(open_page: Open):
    for path in ("/", "/coin/bitcoin", "/quality"):
        expect(open_page(path).get_by_role("note")).to_contain_text("Simulated market")


def test_without_scripts_the_first_hundred_prices_can_be_read(open_page: Open):
    page = open_page("/", java_script_enabled=False)
    prices = page.locator("[data-ssr] tbody tr .c-price .price").all_inner_texts()
    assert len(prices) == 100
    assert all(price.startswith("$") for price in prices[:20])


def test_an_unknown_coin_is_not_found_by_programs_either(site: str, open_page: Open):
    request = open_page("/").request
    statuses = [request.get(site + path).status for path in ("/coin/bitcoin", "/coin/no-such-coin")]
    assert statuses == [200, 404]


def test_a_hidden_tab_gets_nothing_and_is_current_when_it_returns(open_page: Open):
    page = open_page("/")
    page.wait_for_selector(READY)
    hide = """hidden => {
        Object.defineProperty(document, 'hidden', {get: () => hidden, configurable: true});
        document.dispatchEvent(new Event('visibilitychange'));
    }"""
    prices = "[...document.querySelectorAll('tr[data-id] .c-price')].map((cell) => cell.innerText)"
    page.evaluate(hide, True)
    page.wait_for_timeout(1500)
    before = page.evaluate(prices)
    page.wait_for_timeout(2000)
    assert page.evaluate(prices) == before
    page.evaluate(hide, False)
    page.wait_for_function(f"before => {prices}.join() !== before.join()", arg=before)


def test_a_lost_connection_is_said_and_mended(open_page: Open):
    page = open_page("/", expected=["WebSocket connection to", "Failed to load resource"])
    page.wait_for_selector(READY)
    page.context.set_offline(True)
    note = page.get_by_text(re.compile(r"Last update \d+ s ago, reconnecting"))
    expect(note).to_be_visible(timeout=30_000)
    page.context.set_offline(False)
    expect(note).to_be_hidden(timeout=30_000)
