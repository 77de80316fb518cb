"""What the WebSocket engine says: once when something changes, and never once a frame."""

import asyncio
from itertools import pairwise

import pytest
from structlog.testing import capture_logs
from websockets.asyncio.server import ServerConnection

from tests.feed.wire import running, said, serving, until

pytestmark = pytest.mark.wire


async def test_the_canary_is_heard_once_when_it_sings_and_once_when_it_stops():
    go_on = asyncio.Event()

    async def venue(socket: ServerConnection) -> None:
        for _ in range(30):
            await socket.send("garbage")
        await go_on.wait()
        for sequence in range(1, 1001):
            await socket.send(said(s="A", p=1.0, n=sequence))
        await socket.wait_closed()

    with capture_logs() as logs:
        async with serving(venue) as address, running(address) as (feed, _):
            await until(lambda: any(entry["event"] == "venue_alarm" for entry in logs))
            go_on.set()
            await until(lambda: any(entry["event"] == "venue_alarm_over" for entry in logs))

            assert feed.health.parse_errors == 30

    told = [(entry["event"], entry["alarm"]) for entry in logs if "alarm" in entry]
    assert told == [
        ("venue_alarm", "frames_unreadable"),
        ("venue_alarm_over", "frames_unreadable"),
    ]


async def test_a_refusal_is_counted_each_time_and_told_once_for_each_reason():
    async def venue(socket: ServerConnection) -> None:
        for reason in ("no such market", "no such market", "too many", "no such market"):
            await socket.send(said(refused=reason))
        await socket.wait_closed()

    with capture_logs() as logs:
        async with serving(venue) as address, running(address) as (feed, _):
            await until(lambda: feed.health.refused == 4)

    told = [entry["reason"] for entry in logs if entry["event"] == "venue_refused"]
    assert told == ["no such market", "too many"]


async def test_each_change_of_state_is_told_once():
    calls: list[ServerConnection] = []

    async def venue(socket: ServerConnection) -> None:
        calls.append(socket)
        if len(calls) == 1:
            await socket.send(said(s="A", p=1.0))
        await socket.wait_closed()

    with capture_logs() as logs:
        async with serving(venue) as address, running(address, silence_after=0.1) as (feed, _):
            await until(lambda: feed.health.reconnects == 3)

    states = [entry["state"] for entry in logs if entry["event"] == "venue_state"]
    assert states[0] == "live"
    assert all(state != after for state, after in pairwise(states))
