"""The switch between dark and light; the browser remembers the choice."""

import reflex as rx


def theme_toggle(*, size: int, class_name: str = "") -> rx.Component:
    """A button with a half-filled circle."""
    return rx.el.button(
        rx.icon("contrast", size=size),
        type="button",
        class_name=f"icon-button theme-toggle {class_name}",
        aria_label="Switch between dark and light",
        on_click=rx.toggle_color_mode,
    )
