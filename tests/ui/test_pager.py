"""The links under the table."""

import pytest

from app.ui.address import ALL, Address
from app.ui.pager import PageLink, page_links

pytestmark = pytest.mark.unit


def test_a_middle_page_links_its_neighbours_and_both_ends():
    links, summary = page_links(Address(page=5), total=2014)
    assert summary == "401–500 of 2,014"
    assert [(link.text, link.href) for link in links] == [
        ("‹", "/?page=4"),
        ("1", "/"),
        ("…", ""),
        ("4", "/?page=4"),
        ("5", ""),
        ("6", "/?page=6"),
        ("…", ""),
        ("21", "/?page=21"),
        ("›", "/?page=6"),
    ]


def test_the_first_page_has_none_before_it():
    links, _ = page_links(Address(), total=150)
    assert links[0] == PageLink("‹", "Previous page")
    assert links[1] == PageLink("1", "Page 1", current=True)


def test_one_page_needs_no_links():
    assert page_links(Address(), total=7) == ([], "1–7 of 7")


def test_the_list_of_everything_has_no_pages():
    assert page_links(Address(per=ALL), total=2014) == ([], "2,014 coins")
