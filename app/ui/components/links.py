"""Links: inside the site they change the page without loading it anew."""

import reflex as rx


def link(*children: rx.Component | rx.Var | str, to: rx.Var | str, **props) -> rx.Component:
    """A link to a page of this site."""
    return rx.el.a(*children, href=to, **props)


def away(*children: rx.Component | rx.Var | str, to: str, **props) -> rx.Component:
    """A link that the browser follows by itself: to the API, to another site, within the page."""
    return rx.el.a(*children, href=to, reload_document=True, **props)
