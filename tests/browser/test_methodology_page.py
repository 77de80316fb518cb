"""The page about the method."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Open

pytestmark = pytest.mark.browser


def test_every_rule_has_a_place_in_the_contents(open_page: Open):
    page = open_page("/methodology")
    expect(page).to_have_title("How a price is made | marketcap.guide")
    for number in range(15):
        expect(page.locator(f".contents a[href$='#s{number}']")).to_be_visible()
        expect(page.locator(f"section#s{number} h2")).to_contain_text(f"S{number}")


def test_the_page_needs_no_script(open_page: Open):
    page = open_page("/methodology", java_script_enabled=False)
    expect(page.locator("section#s6").first).to_contain_text("at least 3 surviving votes")
    expect(page.locator("table.tiers tbody tr")).to_have_count(7)


def test_a_link_to_a_rule_is_copied(open_page: Open, site: str):
    page = open_page("/methodology", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("link", name="Copy the link to S7 Jumps").click()
    expect(page.get_by_text("copied")).to_be_visible()
    expect(page).to_have_url(f"{site}/methodology#s7")
    assert page.evaluate("navigator.clipboard.readText()") == f"{site}/methodology#s7"


def test_a_deep_link_shows_its_rule(open_page: Open):
    page = open_page("/methodology#s13")
    expect(page.locator("section#s13 h2")).to_be_in_viewport()


def test_the_tables_fit_on_a_phone(open_page: Open):
    page = open_page("/methodology", size=PHONE)
    expect(page.locator("table.tiers")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_the_keyboard_reaches_the_contents_and_the_rules(open_page: Open):
    page = open_page("/methodology")
    first = page.locator(".contents a").first
    first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"#s0$"))


def test_the_footer_and_the_header_lead_here(open_page: Open, site: str):
    page = open_page("/")
    page.get_by_role("navigation", name="Site").get_by_role("link", name="Methodology").click()
    expect(page).to_have_url(f"{site}/methodology")
    expect(page.locator("h1")).to_have_text("How a price is made")
    page.get_by_role("contentinfo").get_by_role("link", name="Data quality").click()
    expect(page).to_have_url(f"{site}/quality")
