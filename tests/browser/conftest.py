"""A real Chromium in front of a running product."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from jobs.launcher.browser import chromium as find_chromium
from tests.product import running_product

DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
PATIENCE = 8_000
"""Milliseconds that a page has for anything."""

Open = Callable[..., Page]


@pytest.fixture(scope="package")
def site() -> Iterator[str]:
    """Address of a product on the sandbox market: MARKETCAP_TEST_SITE, or one that is started."""
    if address := os.environ.get("MARKETCAP_TEST_SITE"):
        yield address.rstrip("/")
        return
    with running_product(ASSETS="2000") as address:
        yield address


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        pytest.skip("there is no Chromium that runs on this machine")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        yield launched
        launched.close()


@pytest.fixture
def open_page(chromium: Browser, site: str) -> Iterator[Open]:
    """Opens a path of the site and waits until its scripts have taken over.

    At the end of the test no page may have complained.

    `expected` is the beginning of a complaint that belongs to the test.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_(path: str, *, size=DESK, theme="dark", expected=("\0",), **more) -> Page:
        phone = size["width"] < 760
        context = chromium.new_context(viewport=size, is_mobile=phone, has_touch=phone, **more)
        context.add_init_script(f"localStorage.theme ||= '{theme}'")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)

        def complain(text: str) -> None:
            if not text.startswith(tuple(expected)):
                complaints.append(text)

        page.on("pageerror", lambda error: complain(str(error)))
        page.on("console", lambda said: complain(said.text) if said.type == "error" else None)
        page.goto(site + path)
        if more.get("java_script_enabled", True):
            page.wait_for_selector("[data-ssr]", state="detached")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []
