"""The venue's end of one WebSocket: what waits to be sent, and when patience ends.

Write policy. Of each market only the newest message waits, so a reader that cannot keep up
misses values but is never behind by more than one value per market. Answers wait in order, up
to `ANSWERS`. A reader that asks for more answers than that without taking them, or takes
nothing at all for `slow_after` seconds, is cut off.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from typing import TypeAlias

from starlette.types import Message

ANSWERS = 1000
SLOW_AFTER = 10.0
LONGEST_CLIENT_FRAME = 256 * 1024

Send: TypeAlias = Callable[[Message], Awaitable[None]]


def framed(message: bytes | str) -> Message:
    """The message as the server sends it: JSON and strings as text, other bytes as binary."""
    if isinstance(message, str):
        return {"type": "websocket.send", "text": message}
    if message[:1] in (b"{", b"["):
        return {"type": "websocket.send", "text": message.decode()}
    return {"type": "websocket.send", "bytes": message}


class Client:
    """One connected reader; the rows it subscribed to are kept by its venue."""

    def __init__(self, send: Send, abort: Callable[[], None], time: Callable[[], float]) -> None:
        self.rows: set[int] = set()
        self.changed: set[int] = set()
        """Rows with news for the next array, at venues that send arrays."""
        self.sent = 0
        """Messages that the reader's connection took."""
        self.abort = abort
        """Resets the connection at once."""
        self._send = send
        self._time = time
        self._sending_since: float | None = None
        self._answers: deque[Message] = deque()
        self._news: dict[Hashable, Message] = {}
        self._waiting = asyncio.Event()

    @property
    def behind(self) -> int:
        """How many messages wait."""
        return len(self._answers) + len(self._news)

    def stuck(self, slow_after: float) -> bool:
        """Whether the present message has waited for longer than that."""
        since = self._sending_since
        return since is not None and self._time() - since > slow_after

    def tell(self, message: Message) -> None:
        """An answer, which is neither replaced nor lost."""
        if len(self._answers) >= ANSWERS:
            self.abort()
            return
        self._answers.append(message)
        self._waiting.set()

    def offer(self, key: Hashable, message: Message) -> None:
        """News of one market, which replaces what still waits under the same key."""
        self._news[key] = message
        self._waiting.set()

    async def write(self) -> None:
        """Send whatever waits, answers first, until cancelled or the reader is gone."""
        try:
            while True:
                await self._waiting.wait()
                self._waiting.clear()
                while self._answers:
                    await self._deliver(self._answers.popleft())
                news, self._news = self._news, {}
                for message in news.values():
                    await self._deliver(message)
        except OSError:
            return  # The reading side of this connection hears of it too and ends it.

    async def _deliver(self, message: Message) -> None:
        self._sending_since = self._time()
        await self._send(message)
        self._sending_since = None
        self.sent += 1
