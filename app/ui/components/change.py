"""A change with its arrow; the sign is also a word, for those who do not see it."""

import reflex as rx


def change(text: rx.Var | str, direction: rx.Var | str) -> rx.Component:
    """An up or down change; `direction` is up, down or empty."""
    return rx.el.span(
        rx.cond(direction != "", rx.el.span(direction, " ", class_name="for-readers")),
        text,
        class_name=f"change {direction}",
    )
