"""The drawer "Why this price?": opened, read, refreshed and closed as people do."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESK, PHONE, Open

pytestmark = pytest.mark.browser

COIN = "/coin/bitcoin"
WHERE_THE_FOCUS_IS = """() => {
    const at = document.activeElement;
    return at === document.body || at.closest('dialog') !== null;
}"""


def button(page: Page) -> Locator:
    return page.get_by_role("button", name=re.compile("^Why.*[?]$"))


def drawer(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Why this price: Bitcoin")


def opened(open_page: Open, **how) -> Page:
    page = open_page(COIN, **how)
    button(page).click()
    expect(drawer(page).locator(".headline")).to_be_visible()
    return page


def test_the_drawer_says_who_voted_and_how_sure_the_price_is(open_page: Open):
    page = opened(open_page)

    headline = drawer(page).locator(".headline")
    expect(headline).to_have_text(
        re.compile(r"^\d+ operators voted; \d+ agreed within ±\d+\.\d+ %\. \w.* carried \d+ %\.$")
    )
    expect(drawer(page).get_by_role("heading", level=2)).to_have_text(re.compile(r"^Why \$.*\?$"))
    expect(drawer(page).locator(".sureness")).to_contain_text("of the vote")
    expect(drawer(page).get_by_role("note")).to_contain_text("Simulated market")
    for row in drawer(page).locator("table.votes tbody tr").all()[:5]:
        assert re.search(r" → (<?\d+\.\d) %$", row.inner_text())


def test_the_price_comes_out_the_same_when_it_is_computed_again(open_page: Open):
    page = opened(open_page)

    expect(drawer(page).locator(".badge")).to_have_text("Recomputed: identical")


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_the_keyboard_opens_the_drawer_and_escape_gives_the_focus_back(open_page: Open, key: str):
    page = open_page(COIN)
    button(page).focus()
    page.keyboard.press(key)
    expect(drawer(page)).to_be_visible()
    expect(drawer(page).locator(".headline")).to_be_visible()

    for _ in range(20):
        page.keyboard.press("Tab")
        assert page.evaluate(WHERE_THE_FOCUS_IS)

    page.keyboard.press("Escape")
    expect(drawer(page)).to_be_hidden()
    expect(button(page)).to_be_focused()


def test_the_status_opens_the_drawer_as_well(open_page: Open):
    page = open_page(COIN)
    page.locator(".coin:not(.loading) .status-pill").click()
    expect(drawer(page)).to_be_visible()

    drawer(page).get_by_role("button", name="Close").click()

    expect(drawer(page)).to_be_hidden()


def test_a_click_beside_the_drawer_closes_it(open_page: Open):
    page = opened(open_page)

    page.mouse.click(40, 400)

    expect(drawer(page)).to_be_hidden()


def test_the_receipt_refreshes_by_itself_and_on_demand(open_page: Open):
    page = opened(open_page)
    version = drawer(page).locator(".provenance p")
    first = version.inner_text()

    expect(version).not_to_have_text(first)

    drawer(page).get_by_role("button", name="Refresh").click()
    expect(drawer(page).locator(".headline")).to_be_visible()


def test_another_coin_has_its_own_receipt(open_page: Open, site: str):
    page = opened(open_page)
    page.goto(f"{site}/coin/ethereum")
    page.wait_for_selector("[data-ssr]", state="detached")

    button(page).click()

    dialog = page.get_by_role("dialog", name="Why this price: Ethereum")
    expect(dialog.locator("table.votes tbody tr").first).to_contain_text("ETH/")


def test_a_closed_drawer_asks_for_nothing(open_page: Open):
    page = open_page(COIN)
    sent: list[str] = []
    page.on(
        "websocket",
        lambda socket: socket.on("framesent", lambda frame: sent.append(str(frame))),
    )
    page.reload()
    button(page).click()
    expect(drawer(page).locator(".headline")).to_be_visible()
    assert any("receipt_state.refresh" in frame for frame in sent)

    page.keyboard.press("Escape")
    sent.clear()
    page.wait_for_timeout(4000)

    assert [frame for frame in sent if "receipt_state.refresh" in frame] == []


def test_the_receipt_can_be_copied_and_read_in_the_api(open_page: Open, site: str):
    page = opened(open_page, permissions=["clipboard-read", "clipboard-write"])

    drawer(page).get_by_role("button", name="Copy JSON").click()

    expect(drawer(page).get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText().then(JSON.parse)")
    assert copied["data"]["asset"] == "bitcoin"
    link = drawer(page).get_by_role("link", name="Open in the API").get_attribute("href")
    assert link == "/api/v1/receipts/bitcoin"
    assert page.request.get(site + link).json()["data"]["asset"] == "bitcoin"


def test_a_rule_leads_to_its_place_in_the_method(open_page: Open, site: str):
    page = opened(open_page)

    drawer(page).get_by_role("link", name="Quorum").click()

    expect(page).to_have_url(f"{site}/methodology#s6")


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize(("size", "width"), [(DESK, 720), (PHONE, 390)])
def test_the_drawer_fits_its_window(open_page: Open, size: dict[str, int], width: int, theme: str):
    page = opened(open_page, size=size, theme=theme)
    page.wait_for_timeout(300)

    box = drawer(page).bounding_box()
    assert box == {
        "x": size["width"] - width,
        "y": 0,
        "width": width,
        "height": size["height"],
    }
    body = drawer(page).locator(".drawer-body")
    assert body.evaluate("body => body.scrollWidth - body.clientWidth") == 0
