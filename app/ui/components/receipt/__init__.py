"""A drawer at the right, and the buttons that open it."""

import reflex as rx

_DRAWER = rx.asset("drawer.jsx", shared=True)


class Drawer(rx.Component):
    """A dialog that asks for news while it is open; opened by any `DrawerTrigger`."""

    library = _DRAWER.importable_path
    tag = "Drawer"
    alias = "ReceiptDrawer"

    label: rx.Var[str]
    title: rx.Var[str]
    every: rx.Var[int]
    """Milliseconds between two refreshes."""
    on_refresh: rx.EventHandler[rx.event.no_args_event_spec]


class DrawerTrigger(rx.Component):
    """A button that opens the drawer."""

    library = _DRAWER.importable_path
    tag = "DrawerTrigger"

    title: rx.Var[str]


class CopyJson(rx.Component):
    """A button that copies what the API says at `href`."""

    library = _DRAWER.importable_path
    tag = "CopyJson"

    href: rx.Var[str]
