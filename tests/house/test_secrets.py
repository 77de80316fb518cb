"""Nothing in the repository tells where it was made, or whose secrets it knows."""

import re

import pytest

from tests.house.tree import files, name_of

pytestmark = pytest.mark.unit

# Written in pieces, so that this file does not hold what it looks for.
FORBIDDEN = re.compile(
    "|".join(
        (
            r"(?<![\w.-])/(?:work|root|home|Users)/" + r"[\w.-]+",
            "npm" + "js",
            "python" + "hosted",
            r"//[\w.-]*\b(?:registry|mirror|artifactory|nexus)\b",
            r"BEGIN (?:\w+ )?PRIVATE " + "KEY",
        )
    )
)


def test_no_file_names_a_home_directory_a_registry_or_a_private_key() -> None:
    found = {
        f"{name_of(path)}:{number}": match[0]
        for path in files()
        for number, line in enumerate(_lines(path.read_bytes()), 1)
        if (match := FORBIDDEN.search(line))
    }

    assert found == {}


def test_lock_files_hold_no_address() -> None:
    # A lock made behind a registry of one's own names that registry for everybody.
    found = [
        f"{name_of(path)}:{number}"
        for path in files(".lock")
        for number, line in enumerate(_lines(path.read_bytes()), 1)
        if "://" in line
    ]

    assert found == []


def test_the_pattern_sees_what_it_is_for() -> None:
    told = ["/ho" + "me/ann/marketcap", "//np" + "m.regi" + "stry.example/x", "file:///wo" + "rk/x"]

    assert [bool(FORBIDDEN.search(line)) for line in told] == [True, True, True]


def test_the_pattern_lets_addresses_and_words_pass() -> None:
    innocent = ["https://example.org/home/prices", "network/x", "the registry.version", "/root"]

    assert [bool(FORBIDDEN.search(line)) for line in innocent] == [False] * 4


def _lines(body: bytes) -> list[str]:
    """The lines of a text; a file with a zero byte is no text."""
    return [] if b"\0" in body else body.decode(errors="replace").splitlines()
