"""How Reflex spells a state update: the only module that knows, held to it by a contract test."""

from typing import Any

import reflex as rx
from reflex_base import constants
from reflex_base.constants.state import FIELD_MARKER

EVENT = str(constants.SocketEvent.EVENT)
"""The socket event whose payload browsers apply to their copy of the state."""


def frame(state: type[rx.State], **values: Any) -> dict[str, Any]:
    """An update that sets these vars of this state in every browser that receives it."""
    named = {name + FIELD_MARKER: value for name, value in values.items()}
    return {"delta": {state.get_full_name(): named}}
