"""The WebSocket address of a simulated venue, from the handshake to the goodbye."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import structlog
from starlette.types import Message, Receive, Scope, Send

from jobs.sandbox.connections import Client
from jobs.sandbox.faults import Refuse, of_kind
from jobs.sandbox.simulated import SimulatedVenue

ABORT = "sandbox.abort"
"""Extension of the ASGI scope: a function that resets the TCP connection."""

log = structlog.get_logger()


class Stream:
    """An ASGI application for one venue's sockets."""

    def __init__(self, venue: SimulatedVenue, clock: Callable[[], float]) -> None:
        self._venue = venue
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection until either side ends it."""
        venue = self._venue
        await receive()
        if any(of_kind(venue.orders(self._clock()), Refuse)):
            venue.traffic.refused += 1
            await send({"type": "websocket.close"})
            return
        await send({"type": "websocket.accept"})
        client = Client(send, scope["extensions"][ABORT], asyncio.get_running_loop().time)
        venue.traffic.connected += 1
        venue.clients.add(client)
        try:
            async with asyncio.TaskGroup() as tasks:
                sending = [tasks.create_task(client.write())]
                self._greet(client)
                if venue.voice.heartbeat is not None:
                    sending.append(tasks.create_task(self._beat(client)))
                await self._listen(client, receive, send)
                for task in sending:
                    task.cancel()
        finally:
            venue.leave(client)

    async def _listen(self, client: Client, receive: Receive, send: Send) -> None:
        patience = self._venue.voice.close_on_silence or None
        while True:
            try:
                async with asyncio.timeout(patience):
                    message = await receive()
            except TimeoutError:
                log.info("silent_client_closed", venue=self._venue.voice.name, seconds=patience)
                with suppress(OSError):  # It may be gone by now.
                    await send({"type": "websocket.close", "code": 1000})
                return
            if message["type"] == "websocket.disconnect":
                return
            self._hear(client, message)

    def _hear(self, client: Client, message: Message) -> None:
        venue, now = self._venue, self._clock()
        frame: str = message.get("text") or (message.get("bytes") or b"").decode(errors="replace")
        heard = venue.voice.hear(frame, venue.clock(now))
        for reply in heard.replies:
            venue.answer(client, reply, now)
        venue.unsubscribe(client, heard.unsubscribe)
        venue.subscribe(client, heard.subscribe, now)

    def _greet(self, client: Client) -> None:
        venue, now = self._venue, self._clock()
        if venue.voice.greeting is not None:
            for message in venue.voice.greeting(venue.clock(now)):
                venue.answer(client, message, now)

    async def _beat(self, client: Client) -> None:
        venue = self._venue
        if venue.voice.heartbeat is None:
            return
        while True:
            await asyncio.sleep(venue.voice.heartbeat_every)
            now = self._clock()
            venue.answer(client, venue.voice.heartbeat(venue.clock(now)), now)
