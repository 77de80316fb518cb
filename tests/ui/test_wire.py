"""A frame of ours is what Reflex itself would have sent."""

import json
from dataclasses import asdict
from typing import Any

import pytest
import reflex as rx
from reflex.state import StateUpdate
from reflex_base.utils.format import json_dumps

from app.ui.live.wire import EVENT, frame
from app.ui.pulse import Pulse
from app.ui.state.live import LiveState
from app.ui.state.pulse import PulseState

pytestmark = pytest.mark.unit


async def delta_of(state: type[rx.State], **values: object) -> dict[str, Any]:
    """What Reflex sends after a handler has set these vars."""
    make: Any = rx.State  # Its metaclass hides how it is made.
    root = make(_reflex_internal_init=True)
    found = await root.get_state(state)
    root._clean()
    for name, value in values.items():
        setattr(found, name, value)
    return json.loads(json_dumps(StateUpdate(delta=await root._get_resolved_delta())))


async def test_a_patch_frame_is_shaped_like_a_delta():
    patch = {"room": "table:1", "seq": 3, "rows": {"bitcoin": [42_652.0, None]}}
    sent = await delta_of(LiveState, patch=patch)
    assert frame(LiveState, patch=patch)["delta"] == sent["delta"]


async def test_a_frame_of_texts_is_shaped_like_a_delta():
    pulse = Pulse(coins="2,014", beat=7)
    sent = await delta_of(PulseState, pulse=pulse)
    assert json.loads(json_dumps(frame(PulseState, pulse=asdict(pulse))))["delta"] == sent["delta"]


def test_browsers_listen_for_the_event_that_carries_frames():
    assert EVENT == "event"
