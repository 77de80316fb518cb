"""Small components that need the browser: its clock, its visibility, its images."""

import reflex as rx

_COPY_LINK = rx.asset("copy_link.jsx", shared=True)
_FILTER_BOX = rx.asset("filter_box.jsx", shared=True)
_FLASH = rx.asset("flash.jsx", shared=True)
_HEARTBEAT = rx.asset("heartbeat.jsx", shared=True)
_LOGO = rx.asset("logo.jsx", shared=True)
rx.asset("takeover.js", shared=True)
_PRESENCE = rx.asset("presence.jsx", shared=True)
_SEO_SYNC = rx.asset("seo_sync.jsx", shared=True)
_TYPEFACE = rx.asset("typeface.jsx", shared=True)


class CopyLink(rx.Component):
    """A link to a place of the page, copied when it is chosen."""

    library = _COPY_LINK.importable_path
    tag = "CopyLink"

    anchor: rx.Var[str]
    label: rx.Var[str]


class FilterBox(rx.Component):
    """A field that fires once typing pauses."""

    library = _FILTER_BOX.importable_path
    tag = "FilterBox"

    value: rx.Var[str]
    label: rx.Var[str]
    longest: rx.Var[int]
    on_find: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class Flash(rx.Component):
    """A price that lights up when `value` changes."""

    library = _FLASH.importable_path
    tag = "Flash"

    value: rx.Var[float | None]
    text: rx.Var[str]
    full: rx.Var[str]


class Heartbeat(rx.Component):
    """A note that appears when `beat` has stood still for some seconds."""

    library = _HEARTBEAT.importable_path
    tag = "Heartbeat"

    beat: rx.Var[int]


class Logo(rx.Component):
    """A coin's logo in a circle."""

    library = _LOGO.importable_path
    # Reflex has a component of this name in its default imports.
    tag = "Logo"
    alias = "CoinLogo"

    logo: rx.Var[str]
    symbol: rx.Var[str]
    size: rx.Var[int]


class Presence(rx.Component):
    """Nothing to see; fires when the tab is hidden and when it is shown again."""

    library = _PRESENCE.importable_path
    tag = "Presence"

    on_hide: rx.EventHandler[rx.event.no_args_event_spec]
    on_show: rx.EventHandler[rx.event.no_args_event_spec]


class SeoSync(rx.Component):
    """Nothing to see; ends the first paint that came from the server when `ready`."""

    library = _SEO_SYNC.importable_path
    tag = "SeoSync"

    ready: rx.Var[bool]


class Typeface(rx.Component):
    """Nothing to see; brings the typeface into the bundle."""

    library = _TYPEFACE.importable_path
    tag = "Typeface"
    lib_dependencies: list[str] = ["@fontsource-variable/inter@5.3.0"]  # noqa: RUF012 - Reflex reads it from here
