"""What an address of the market page means, and how a view is spelled."""

import pytest

from app.ui.address import ALL, Address, clamped, parsed, spelled

pytestmark = pytest.mark.unit

CATEGORIES = ["meme", "stablecoin"]

VIEWS = [
    (Address(), "/"),
    (Address(page=2), "/?page=2"),
    (Address(order="price", descending=True), "/?sort=price"),
    (Address(order="price"), "/?sort=price&dir=asc"),
    (Address(descending=True), "/?dir=desc"),
    (Address(order="name", per=ALL), "/?sort=name&per=all"),
    (
        Address(search="wrapped btc", category="meme", status="ok"),
        "/?q=wrapped+btc&category=meme&status=ok",
    ),
    (Address(per=250, page=3), "/?per=250&page=3"),
]


def read(address: str) -> Address:
    from urllib.parse import parse_qsl

    return parsed(dict(parse_qsl(address.partition("?")[2])), categories=CATEGORIES)


@pytest.mark.parametrize(("view", "address"), VIEWS)
def test_a_view_has_one_short_address(view: Address, address: str):
    assert spelled(view) == address


@pytest.mark.parametrize(("view", "address"), VIEWS)
def test_an_address_opens_the_view_it_was_made_from(view: Address, address: str):
    assert read(address) == view


@pytest.mark.parametrize(
    "query",
    [
        "?page=0", "?page=-3", "?page=1e3", "?page=²", "?page=9999999999999", "?per=7", "?per=-1",
        "?sort=hack", "?dir=sideways", "?category=unknown", "?status=fine", "?q=++",
    ],
)  # fmt: skip
def test_what_has_no_answer_is_left_at_its_default(query: str):
    assert read("/" + query) == Address()


def test_a_long_search_is_cut():
    assert read("/?q=" + "x" * 500).search == "x" * 64


def test_a_page_past_the_end_is_the_last_page():
    assert clamped(Address(page=99), total=101) == Address(page=2)


def test_the_list_of_everything_has_one_page():
    assert clamped(Address(per=ALL, page=9), total=101) == Address(per=ALL)
