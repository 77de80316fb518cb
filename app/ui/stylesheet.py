"""The one stylesheet of the site: the tokens of the theme, then the rules that use them."""

from functools import cache
from pathlib import Path

from app.ui import theme

_RULES = ("page", "table", "coin", "receipt", "palette", "document", "quality", "phone")
"""In this order: later files refine earlier ones."""


@cache
def stylesheet() -> str:
    """CSS text; the same for every page."""
    folder = Path(__file__).parent / "styles"
    rules = (folder.joinpath(f"{name}.css").read_text("utf-8") for name in _RULES)
    return "\n".join((theme.variables(), *rules))
