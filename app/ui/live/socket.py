"""Reflex's socket as the hub sees it: rooms, and who cannot keep up."""

from typing import Any

import reflex as rx

from app.ui.live.wire import EVENT

NAMESPACE = "/_event"


class Socket:
    """Rooms of one web process; a browser that disconnects leaves all of them by itself."""

    def __init__(self, app: rx.App) -> None:
        self._app = app

    async def send(self, room: str, update: dict[str, Any], *, skip: list[str]) -> None:
        """Everyone in the room but `skip` gets the update, which is encoded once.

        The name of a browser's session is also a room, with that browser alone in it.
        """
        await self._app.event_namespace.emit(EVENT, update, room=room, skip_sid=skip)

    async def enter(self, session: str, room: str) -> None:
        """The browser receives what is sent to the room."""
        await self._app.event_namespace.enter_room(session, room)

    async def leave(self, session: str, room: str) -> None:
        """The browser no longer receives what is sent to the room."""
        await self._app.event_namespace.leave_room(session, room)

    def rooms_of(self, session: str) -> list[str]:
        """The rooms that the browser is in."""
        return [room for room, inside in self._rooms().items() if room and session in inside]

    def watched(self, room: str) -> bool:
        """Whether anybody is in the room."""
        return room in self._rooms()

    def named(self, prefix: str) -> list[str]:
        """Rooms with somebody in them whose name begins so."""
        return [room for room in self._rooms() if room and room.startswith(prefix)]

    def connected(self, session: str) -> bool:
        """Whether that browser is still there."""
        return self._app.sio.manager.is_connected(session, NAMESPACE)

    def backlog(self) -> dict[str, int]:
        """Session → frames that wait to be written to it."""
        sockets = self._app.sio.eio.sockets
        everyone = self._app.sio.manager.rooms.get(NAMESPACE, {}).get(None, {})
        return {
            session: sockets[connection].queue.qsize()
            for session, connection in everyone.items()
            if connection in sockets
        }

    async def hang_up(self, session: str) -> None:
        """The browser is disconnected; it comes back by itself and starts afresh."""
        await self._app.sio.disconnect(session, namespace=NAMESPACE)

    def _rooms(self) -> dict[str | None, Any]:
        return self._app.sio.manager.rooms.get(NAMESPACE, {})
