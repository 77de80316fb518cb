"""The newest frame of the market table."""

from typing import Any

import reflex as rx


class LiveState(rx.State):
    """Only frames write `patch`: assigning it here would keep a copy for every browser."""

    patch: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
