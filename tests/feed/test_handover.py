"""Make before break: the old connection stays until its successor delivers."""

import asyncio

import pytest
from websockets.asyncio.server import ServerConnection

from tests.feed.wire import lasts, running, said, serving, until

pytestmark = pytest.mark.wire


class HandingOver:
    """A venue that asks its first connection to be renewed, and delivers on the second late."""

    def __init__(self, *, sequence: int) -> None:
        self.told: list[str] = []
        self.deliver = asyncio.Event()
        self._sequence = sequence

    async def __call__(self, socket: ServerConnection) -> None:
        await (self._second(socket) if self.told else self._first(socket))

    async def _first(self, socket: ServerConnection) -> None:
        self.told.append("first opened")
        await socket.send(said(s="A", p=1.0, n=900))
        await socket.send(said(renew="maintenance"))
        await socket.wait_closed()
        self.told.append("first closed")

    async def _second(self, socket: ServerConnection) -> None:
        self.told.append("second opened")
        await self.deliver.wait()
        self.told.append("second delivers")
        await socket.send(said(s="A", p=2.0, n=self._sequence))
        await asyncio.sleep(0.05)
        await socket.send(said(s="A", p=3.0, n=self._sequence + 1))
        await socket.wait_closed()


async def test_the_old_connection_closes_only_after_the_new_one_delivered():
    venue = HandingOver(sequence=901)
    async with serving(venue) as address, running(address) as (feed, board):
        await until(lambda: "second opened" in venue.told)

        assert (feed.health.connected, feed.health.renewals) == (2, 0)

        venue.deliver.set()
        await until(lambda: "first closed" in venue.told)

        assert venue.told == ["first opened", "second opened", "second delivers", "first closed"]
        assert lasts(board)[0] == 2.0
        assert (feed.health.renewals, feed.health.reconnects) == (1, 0)
        await until(lambda: feed.health.connected == 1)


async def test_what_both_connections_say_is_written_once():
    venue = HandingOver(sequence=900)
    async with serving(venue) as address, running(address) as (feed, board):
        await until(lambda: "second opened" in venue.told)
        venue.deliver.set()
        await until(lambda: feed.health.quotes == 2)

        assert feed.health.dropped_order == 1
        assert lasts(board)[0] == 1.0


async def test_a_successor_that_counts_afresh_is_heard_once_it_is_alone():
    venue = HandingOver(sequence=1)
    async with serving(venue) as address, running(address) as (feed, board):
        await until(lambda: "second opened" in venue.told)
        venue.deliver.set()
        await until(lambda: feed.health.quotes == 3)

        assert lasts(board)[0] == 3.0
        assert feed.health.dropped_order == 1


async def test_a_connection_is_renewed_when_it_grows_old():
    calls: list[ServerConnection] = []

    async def venue(socket: ServerConnection) -> None:
        calls.append(socket)
        await socket.send(said(s="A", p=float(len(calls))))
        await socket.wait_closed()

    async with serving(venue) as address, running(address, lifetime=0.05) as (feed, board):
        await until(lambda: feed.health.renewals == 2)

        assert lasts(board)[0] >= 3.0
        assert feed.health.reconnects == 0


async def test_a_successor_that_fails_is_tried_again_while_the_old_one_serves():
    calls: list[ServerConnection] = []

    async def venue(socket: ServerConnection) -> None:
        calls.append(socket)
        if len(calls) == 2:
            return
        await socket.send(said(s="A", p=float(len(calls))))
        if len(calls) == 1:
            await socket.send(said(renew="maintenance"))
        await socket.wait_closed()

    async with serving(venue) as address, running(address) as (feed, board):
        await until(lambda: feed.health.renewals == 1)

        assert len(calls) == 3
        assert lasts(board)[0] == 3.0
        assert feed.health.reconnects == 0
