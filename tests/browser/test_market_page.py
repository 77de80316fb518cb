"""The market table as a reader uses it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Open

pytestmark = pytest.mark.browser

ROWS = "table.market tbody tr[data-id]"


def shown(page: Page, column: str, count: int = 20) -> list[str]:
    """What the first cells of a column say, once there are rows."""
    page.wait_for_selector(ROWS)
    return page.locator(f"{ROWS} .c-{column}").all_inner_texts()[:count]


def visible_rows(page: Page, bottom: int) -> int:
    page.wait_for_selector(ROWS)
    boxes = [row.bounding_box() for row in page.locator(ROWS).all()[:30]]
    return sum(1 for box in boxes if box and box["y"] + box["height"] <= bottom)


def numbers(texts: list[str]) -> list[float]:
    return [float(re.sub(r"[^0-9.]", "", text)) for text in texts]


def test_a_price_changes_without_reloading(open_page: Open):
    page = open_page("/")
    before = shown(page, "price", 50)
    page.wait_for_function(
        """([rows, before]) => [...document.querySelectorAll(rows + ' .c-price')].slice(0, 50)
            .some((cell, index) => cell.innerText !== before[index])""",
        arg=[ROWS, before],
    )


def test_a_hundred_rows_are_shown_by_rank(open_page: Open):
    page = open_page("/")
    assert numbers(shown(page, "rank", 100)) == [float(rank) for rank in range(1, 101)]


def test_at_least_ten_rows_are_above_the_fold_of_a_desk(open_page: Open):
    assert visible_rows(open_page("/"), 800) >= 10


def test_at_least_eight_rows_are_above_the_bar_of_a_phone(open_page: Open):
    assert visible_rows(open_page("/", size=PHONE), 844 - 58) >= 8


def test_a_click_on_a_column_sorts_by_it_and_the_address_says_so(open_page: Open):
    page = open_page("/")
    page.wait_for_selector(ROWS)
    page.get_by_role("link", name="Price", exact=False).first.click()
    expect(page).to_have_url(re.compile(r"\?sort=price$"))
    expect(page.locator("th.c-price")).to_have_attribute("aria-sort", "descending")
    page.wait_for_function(
        """rows => {
            const cells = [...document.querySelectorAll(rows + ' .c-price .price')].slice(0, 20);
            const prices = cells.map((cell) => Number(cell.innerText.replace(/[^0-9.]/g, '')));
            return prices.every((price, index) => index === 0 || price <= prices[index - 1]);
        }""",
        arg=ROWS,
    )


def test_a_second_click_on_a_column_turns_the_order_round(open_page: Open):
    page = open_page("/?sort=price")
    page.wait_for_selector(ROWS)
    page.get_by_role("link", name="Price", exact=False).first.click()
    expect(page).to_have_url(re.compile(r"sort=price&dir=asc$"))
    expect(page.locator("th.c-price")).to_have_attribute("aria-sort", "ascending")


def test_the_next_page_goes_on_and_back_returns(open_page: Open):
    page = open_page("/")
    page.wait_for_selector(ROWS)
    page.get_by_label("Next page").click()
    expect(page).to_have_url(re.compile(r"page=2$"))
    expect(page.locator(f"{ROWS} .c-rank").first).to_have_text("101")
    page.go_back()
    expect(page.locator(f"{ROWS} .c-rank").first).to_have_text("1")


def test_a_shared_address_opens_the_same_view(open_page: Open):
    page = open_page("/?page=2&per=50&sort=name")
    names = [name.casefold() for name in shown(page, "name", 50)]
    assert len(names) == 50
    expect(page.locator(".summary")).to_contain_text("51–100")
    expect(page.locator("th.c-name")).to_have_attribute("aria-sort", "ascending")


@pytest.mark.parametrize(
    "query", ["?page=-1", "?page=999999", "?page=x&per=7&sort=nothing&dir=up", "?per=" + "9" * 400]
)
def test_a_broken_address_still_shows_a_page(open_page: Open, query: str):
    page = open_page(f"/{query}")
    assert shown(page, "name", 1) != []


def test_filtering_by_name_keeps_what_matches_and_all_brings_back_the_rest(open_page: Open):
    page = open_page("/")
    page.wait_for_selector(ROWS)
    page.get_by_placeholder("Filter by name").press_sequentially("bitcoin", delay=180)
    expect(page).to_have_url(re.compile("q=bitcoin"))
    page.wait_for_function("document.querySelectorAll('tr[data-id]').length < 100")
    assert all("bitcoin" in name.casefold() for name in shown(page, "name"))
    page.get_by_role("link", name="All", exact=True).click()
    expect(page.locator(ROWS)).to_have_count(100)


def test_a_filter_that_nothing_matches_says_so(open_page: Open):
    page = open_page("/?q=zzzzzz")
    expect(page.get_by_text("No coin matches these filters.")).to_be_visible()
    page.get_by_role("link", name="Show all coins").click()
    expect(page.locator(ROWS)).to_have_count(100)


def test_a_category_narrows_the_list(open_page: Open):
    page = open_page("/")
    page.wait_for_selector(ROWS)
    page.get_by_label("Category").select_option(index=1)
    expect(page).to_have_url(re.compile("category="))
    expect(page.locator(".summary")).not_to_contain_text("of 2,000")


def test_the_list_of_everything_scrolls_to_its_last_row(open_page: Open):
    page = open_page("/?per=all")
    page.wait_for_selector(ROWS)
    total = int(page.locator("table.market").get_attribute("aria-rowcount") or 0) - 1
    assert page.locator("tbody tr").count() < 100
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    last = page.locator(f"table.market tbody tr[data-index='{total - 1}'][data-id]")
    expect(last).to_be_visible()
    expect(last.locator(".c-price")).not_to_be_empty()


def test_arrow_keys_and_end_move_through_the_rows(open_page: Open):
    page = open_page("/?per=50")
    page.wait_for_selector(ROWS)
    page.locator(f"{ROWS} a").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    focused = "document.activeElement.closest('tr').dataset.index"
    assert page.evaluate(focused) == "2"
    page.keyboard.press("End")
    assert page.evaluate(focused) == "49"


def test_a_row_leads_to_its_coin(open_page: Open):
    page = open_page("/")
    page.wait_for_selector(ROWS)
    page.locator(f"{ROWS} .c-name a").first.click()
    expect(page).to_have_url(re.compile("/coin/"))
    expect(page.locator("h1.coin-title")).to_be_visible()


def test_rows_stay_under_the_pointer_until_it_leaves(open_page: Open):
    page = open_page("/?sort=change_1h&per=250")
    page.wait_for_selector(ROWS)
    page.locator(ROWS).nth(5).hover()
    pill = page.get_by_role("button", name="New order")
    expect(pill).to_be_visible(timeout=20_000)
    before = [row.get_attribute("data-id") for row in page.locator(ROWS).all()[:250]]
    page.mouse.move(5, 5)
    expect(pill).to_be_hidden()
    assert [row.get_attribute("data-id") for row in page.locator(ROWS).all()[:250]] != before
