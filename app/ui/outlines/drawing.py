"""What an outline is drawn with."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol


class Drawing(Protocol):
    """Elements, repetition and choice; texts are strings in HTML and variables in components."""

    def el(self, tag: str, *children: Any, **attributes: Any) -> Any:
        """One element; `class_` is its class, other underscores become dashes."""
        ...

    def each(self, lines: Iterable[Any], draw: Callable[[Any], Any]) -> Any:
        """What `draw` makes of each line."""
        ...

    def when(self, shown: Any, node: Any, otherwise: Any = "") -> Any:
        """`node` where `shown` holds, else `otherwise`."""
        ...

    def bar(self, percent: Any) -> Any:
        """A bar that is filled so far."""
        ...

    def logo(self, logo: Any, symbol: Any, size: int) -> Any:
        """A coin's logo or its first letter."""
        ...

    def copy_link(self, anchor: str, label: str) -> Any:
        """A link to a place of this page that is copied by choosing it."""
        ...
