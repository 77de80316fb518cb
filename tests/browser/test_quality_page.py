"""The page about the market's quality."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Open

pytestmark = pytest.mark.browser


def test_ages_coverage_and_venues_are_measured(open_page: Open):
    page = open_page("/quality")
    expect(page).to_have_title("Data quality | marketcap.guide")
    expect(page.locator(".ages-table tbody tr").first).to_contain_text(re.compile(r"\d s"))
    expect(page.locator(".coverage-table tbody tr").first).to_contain_text("100.0%")
    rows = page.locator(".venue-matrix tbody tr")
    expect(rows.first).to_be_visible()
    assert all(re.search(r"\d%", row.inner_text()) for row in rows.all())


def test_the_page_has_its_numbers_without_a_script(open_page: Open):
    page = open_page("/quality", java_script_enabled=False)
    expect(page.locator(".venue-matrix tbody tr").first).to_contain_text("%")


def test_the_numbers_refresh_by_themselves(open_page: Open):
    page = open_page("/quality")
    expect(page.locator(".venue-matrix tbody tr").first).to_be_visible()
    before = page.locator("main").inner_text()
    page.wait_for_function(
        "before => document.querySelector('main').innerText !== before", arg=before
    )


def test_a_flag_leads_to_its_rule(open_page: Open):
    page = open_page("/quality")
    rule = page.locator(".rejects a.rule").first
    expect(rule).to_be_visible()
    rule.click()
    expect(page).to_have_url(re.compile(r"/methodology#s\d+$"))
    expect(page.locator("h1")).to_have_text("How a price is made")


def test_the_venues_can_be_scrolled_by_keyboard_on_a_phone(open_page: Open):
    page = open_page("/quality", size=PHONE)
    frame = page.get_by_role("region", name="Venues")
    frame.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.scrolled').scrollLeft > 0")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_leaving_the_page_and_coming_back_shows_it_again(open_page: Open):
    page = open_page("/quality")
    ways = page.get_by_role("navigation", name="Site")
    ways.get_by_role("link", name="Methodology").click()
    expect(page.locator("h1")).to_have_text("How a price is made")
    ways.get_by_role("link", name="Data quality").click()
    expect(page.locator(".venue-matrix tbody tr").first).to_be_visible()
