"""HTML as values: text is escaped when it becomes part of an element, never later."""

from html import escape

VOID = frozenset({"br", "col", "img", "input", "link", "meta", "path"})


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def element(tag: str, *children: str, **attributes: str | int | None) -> Html:
    """One element; a trailing underscore of an attribute is dropped, other ones become dashes.

    An attribute that is None is left out.
    """
    named = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    if tag in VOID:
        return Html(f"<{tag}{named}>")
    return Html(f"<{tag}{named}>{joined(children)}</{tag}>")


def joined(children: tuple[str, ...] | list[str]) -> Html:
    """The children one after the other; plain text is escaped."""
    return Html(
        "".join(child if isinstance(child, Html) else escape(str(child)) for child in children)
    )
