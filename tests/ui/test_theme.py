"""Colours that can be read, and sizes that agree with each other."""

import re
from pathlib import Path

import pytest

from app.ui import theme
from app.ui.stylesheet import stylesheet

pytestmark = pytest.mark.unit

UI = Path(theme.__file__).parent
TEXTS = ("text", "text_muted", "text_dim", "accent", "up", "down", "warning")
SURFACES = ("page", "panel", "raised")


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [theme.DARK, theme.LIGHT])
def test_every_text_colour_can_be_read_on_every_surface(palette: theme.Palette):
    weak = [
        (text, surface)
        for text in TEXTS
        for surface in SURFACES
        if contrast(getattr(palette, text), getattr(palette, surface)) < 4.5
    ]
    assert weak == []


def test_the_rules_name_no_colour_of_their_own():
    rules = [file.read_text() for file in sorted((UI / "styles").glob("*.css"))]
    rules += [file.read_text() for file in sorted((UI / "components").rglob("*.js*"))]
    assert [re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", text) for text in rules] == [
        [] for _ in rules
    ]


def test_every_token_that_a_rule_refers_to_exists():
    text = stylesheet()
    assert (
        set(re.findall(r"var\(--([a-z-]+)", text)) - set(re.findall(r"--([a-z-]+):", text)) == set()
    )


def test_rows_are_as_high_as_the_table_counts_on():
    assert (theme.SIZES["row"], theme.SIZES["row-phone"]) == (
        f"{theme.ROW_HEIGHT}px",
        f"{theme.ROW_HEIGHT_PHONE}px",
    )


def test_rules_and_table_agree_where_a_phone_begins():
    assert f"@media (max-width: {theme.PHONE - 1}px)" in stylesheet()
