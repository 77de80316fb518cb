"""The page of one coin."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open

pytestmark = pytest.mark.browser


def test_the_coin_page_says_who_what_and_how_sure(open_page: Open):
    page = open_page("/coin/bitcoin")
    expect(page.locator("h1.coin-title")).to_contain_text("Bitcoin")
    expect(page.locator(".coin-price .price")).to_contain_text("$")
    expect(page.locator(".status-pill")).to_contain_text("venues")
    expect(page.locator(".why")).to_contain_text("weighted median")
    expect(page).to_have_title(re.compile(r"Bitcoin \(BTC\) price \$"))


def test_the_chart_draws_what_the_venues_remember(open_page: Open):
    page = open_page("/coin/bitcoin")
    box = page.locator(".chart-box")
    for _ in range(20):
        expect(box).not_to_have_attribute("data-state", "loading")
        if box.get_attribute("data-state") != "empty":
            break
        # A product that was started just now is still asking the venues.
        page.wait_for_timeout(1000)
        page.reload()
    page.wait_for_function(
        """() => [...document.querySelectorAll('.chart-canvas canvas')].some((canvas) => {
            const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            const colours = new Set(new Uint32Array(data.buffer));
            return colours.size > 8;
        })"""
    )


def test_candles_can_be_chosen(open_page: Open):
    page = open_page("/coin/bitcoin")
    page.get_by_role("button", name="Candles").click()
    expect(page.get_by_role("button", name="Candles")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".chart-canvas canvas").first).to_be_visible()


def test_every_venue_has_a_weight_or_a_reason(open_page: Open):
    page = open_page("/coin/bitcoin")
    rows = page.locator("table.venues tbody tr")
    expect(rows.first).to_be_visible()
    for row in rows.all():
        assert re.search(r"%|excluded", row.locator("td").last.inner_text())


def test_the_facts_refresh_by_themselves(open_page: Open):
    page = open_page("/coin/bitcoin")
    expect(page.locator("table.venues tbody tr").first).to_be_visible()
    before = page.locator("table.venues").inner_text()
    page.wait_for_function(
        "before => document.querySelector('table.venues').innerText !== before", arg=before
    )


def test_the_converter_counts_both_ways(open_page: Open):
    page = open_page("/coin/bitcoin")
    expect(page.get_by_label("Amount in BTC")).to_have_value("1")
    page.get_by_label("Amount in USD").fill("0")
    expect(page.get_by_label("Amount in BTC")).to_have_value("0")


def test_an_unknown_coin_has_a_page_that_says_so(open_page: Open, site: str):
    page = open_page("/coin/no-such-coin", expected=["Failed to load resource"])
    expect(page.get_by_text("There is no coin of that name here.")).to_be_visible()
    page.get_by_role("link", name="All coins", exact=True).click()
    expect(page).to_have_url(f"{site}/")


def test_a_ticker_leads_to_its_only_coin(open_page: Open, site: str):
    page = open_page("/coin/BTC")
    expect(page).to_have_url(f"{site}/coin/bitcoin")
    expect(page.locator("h1.coin-title")).to_contain_text("Bitcoin")


def test_an_unknown_coin_names_those_that_look_like_it(open_page: Open, site: str):
    page = open_page("/coin/bitcon", expected=["Failed to load resource"])
    page.get_by_role("link", name=re.compile("Bitcoin BTC")).click()
    expect(page).to_have_url(f"{site}/coin/bitcoin")
