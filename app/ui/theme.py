"""Every colour and size of the site, once: rendered as CSS variables that all rules refer to."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """One colour scheme; every text colour passes 4.5:1 on every surface."""

    page: str
    panel: str
    raised: str
    line: str
    line_soft: str
    text: str
    text_muted: str
    text_dim: str
    accent: str
    on_accent: str
    accent_soft: str
    up: str
    up_soft: str
    up_flash: str
    down: str
    down_soft: str
    down_flash: str
    warning: str
    warning_soft: str
    overlay: str
    scheme: str
    """What the browser draws its own controls in."""


DARK = Palette(
    page="#0b0e14",
    panel="#11151d",
    raised="#171c26",
    line="rgb(255 255 255 / 7.5%)",
    line_soft="rgb(255 255 255 / 4%)",
    text="#e9edf3",
    text_muted="#98a2b3",
    text_dim="#7a8496",
    accent="#7c9cff",
    on_accent="#0b0e14",
    accent_soft="rgb(124 156 255 / 16%)",
    up="#2ebd85",
    up_soft="rgb(46 189 133 / 20%)",
    up_flash="rgb(46 189 133 / 42%)",
    down="#f6465d",
    down_soft="rgb(246 70 93 / 22%)",
    down_flash="rgb(246 70 93 / 45%)",
    warning="#e0a63a",
    warning_soft="rgb(224 166 58 / 14%)",
    overlay="rgb(4 6 10 / 66%)",
    scheme="dark",
)

LIGHT = Palette(
    page="#ffffff",
    panel="#f7f8fa",
    raised="#eef0f4",
    line="rgb(16 21 31 / 10%)",
    line_soft="rgb(16 21 31 / 6%)",
    text="#10151f",
    text_muted="#556070",
    text_dim="#626d7c",
    accent="#3257d6",
    on_accent="#ffffff",
    accent_soft="rgb(50 87 214 / 14%)",
    up="#087a4d",
    up_soft="rgb(8 122 77 / 17%)",
    up_flash="rgb(8 122 77 / 34%)",
    down="#cf2740",
    down_soft="rgb(207 39 64 / 16%)",
    down_flash="rgb(207 39 64 / 30%)",
    warning="#8a5d00",
    warning_soft="rgb(138 93 0 / 12%)",
    overlay="rgb(16 21 31 / 38%)",
    scheme="light",
)

SIZES = {
    "gutter": "24px",
    "gutter-phone": "14px",
    "row": "46px",
    "row-phone": "54px",
    "table-head": "36px",
    "strip": "34px",
    "header": "54px",
    "bar": "58px",
    "drawer": "720px",
    "radius-panel": "10px",
    "radius": "8px",
    "radius-flash": "5px",
    "font-small": "12px",
    "font-body": "14px",
    "font-lead": "13px",
    "font-lead-title": "16px",
    "font-title": "21px",
    "font-price": "30px",
    "weight-price": "560",
    "weight-name": "600",
    "flash": "600ms",
}
"""Lengths on a 4 px grid, the type scale and the one duration."""

ROW_HEIGHT = 46
ROW_HEIGHT_PHONE = 54
PHONE = 760
"""Below this width in pixels the table has the shape of a phone."""


def variables() -> str:
    """The tokens as CSS: dark is the default, `light` on the root element switches."""
    return "\n".join(
        (
            _block(":root", {**_colours(DARK), **SIZES}),
            _block(":root.light", _colours(LIGHT)),
        )
    )


def _colours(palette: Palette) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in asdict(palette).items()}


def _block(selector: str, values: dict[str, str]) -> str:
    body = "".join(f"--{name}:{value};" for name, value in values.items())
    return f"{selector}{{{body}}}"
