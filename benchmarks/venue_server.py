"""All simulated venues in one process that does nothing but send: frames made beforehand.

`/<venue>` speaks as that venue and sends the frames of the markets that were asked for there.
`/control` says "ready" once every market was, then takes "<rate> <frames>" and sends that many
frames in turns of all venues, evenly spaced; rate 0 sends them as fast as the reader reads.
"""

import argparse
import asyncio
import sys
import time
from random import Random

import uvloop
from picows import WSFrame, WSListener, WSMsgType, WSTransport, WSUpgradeRequest, ws_create_server

from benchmarks.frames import spoken
from jobs.sandbox.voice import Voice
from jobs.sandbox.voices import VOICES

_YIELD_EVERY = 100
"""Frames after which clients are heard."""


class Stage:
    """Everything there is to say, and the sockets that want to hear it."""

    def __init__(self, *, markets: int, turns: int) -> None:
        turns_of = {
            name: spoken(voice, markets=markets, turns=turns) for name, voice in VOICES.items()
        }
        self._script: list[tuple[str, str, bytes]] = []
        luck = Random(1)
        for turn in range(turns):
            said = [
                (name, symbol, framed(message))
                for name, spoken_turns in turns_of.items()
                for symbol, message in spoken_turns[turn]
            ]
            luck.shuffle(said)
            self._script += said
        self._markets = sum(len(spoken_turns[0]) for spoken_turns in turns_of.values())
        self.seats: dict[tuple[str, str], Seat] = {}
        """Who wants to hear of which venue's market."""
        self.control: WSTransport | None = None

    def tell_ready(self) -> None:
        """Control hears of it once every market has a reader."""
        if self.control is not None and len(self.seats) == self._markets:
            self.control.send(WSMsgType.TEXT, b"ready")

    async def perform(self, rate: float, frames: int) -> None:
        """Send the first so many frames, that many a second; rate 0 is no pause at all."""
        script = [(self.seats[name, symbol], body) for name, symbol, body in self._script[:frames]]
        if rate:
            await _paced(script, rate)
            return
        for seat in {id(seat): seat for seat, _ in script}.values():
            seat.write(b"".join(body for at, body in script if at is seat))


class Seat(WSListener):
    """One socket of one venue."""

    def __init__(self, stage: Stage, voice: Voice) -> None:
        self._stage = stage
        self._voice = voice
        self._transport: WSTransport | None = None

    def on_ws_connected(self, transport: WSTransport) -> None:
        """Greet as the venue does."""
        self._transport = transport
        if self._voice.greeting is not None:
            for message in self._voice.greeting(time.time()):
                self.write(framed(message))

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Answer, and note which markets are wanted."""
        if frame.msg_type is not WSMsgType.TEXT:
            return
        heard = self._voice.hear(frame.get_payload_as_utf8_text(), time.time())
        for reply in heard.replies:
            self.write(framed(reply))
        for symbol in heard.subscribe:
            self._stage.seats[self._voice.name, symbol] = self
        self._stage.tell_ready()

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """Nobody sits here any more."""
        seats = self._stage.seats
        for key in [key for key, seat in seats.items() if seat is self]:
            del seats[key]

    def write(self, wire: bytes) -> None:
        """These bytes, which are whole frames, are on their way."""
        if self._transport is not None:
            self._transport.underlying_transport.write(wire)


class Control(WSListener):
    """Where the measured process says when to begin."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._running: asyncio.Task[None] | None = None

    def on_ws_connected(self, transport: WSTransport) -> None:
        """Say at once if everything is ready."""
        self._stage.control = transport
        self._stage.tell_ready()

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Begin."""
        if frame.msg_type is WSMsgType.TEXT:
            rate, frames = frame.get_payload_as_utf8_text().split()
            self._running = asyncio.get_running_loop().create_task(
                self._stage.perform(float(rate), int(frames))
            )

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """Whoever began may have seen enough."""
        self._stage.control = None
        if self._running is not None:
            self._running.cancel()


def framed(message: bytes | str) -> bytes:
    """The message as it travels: JSON as a text frame, anything else as a binary one."""
    body = message.encode() if isinstance(message, str) else message
    first = 0x81 if body[:1] in (b"{", b"[") or isinstance(message, str) else 0x82
    if len(body) < 126:
        return bytes((first, len(body))) + body
    if len(body) < 65_536:
        return bytes((first, 126)) + len(body).to_bytes(2, "big") + body
    return bytes((first, 127)) + len(body).to_bytes(8, "big") + body


async def _paced(script: list[tuple[Seat, bytes]], rate: float) -> None:
    began = time.perf_counter()
    for number, (seat, body) in enumerate(script):
        wait = began + number / rate - time.perf_counter()
        if wait > 0:
            time.sleep(wait)  # noqa: ASYNC251 - Timers of an event loop are ten times too coarse.
        seat.write(body)
        if number % _YIELD_EVERY == 0:
            await asyncio.sleep(0)


async def _serve(*, markets: int, turns: int) -> None:
    stage = Stage(markets=markets, turns=turns)

    def listener(request: WSUpgradeRequest) -> WSListener | None:
        name = request.path.decode().strip("/")
        if name == "control":
            return Control(stage)
        return Seat(stage, VOICES[name]) if name in VOICES else None

    server = await ws_create_server(listener, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    # Whoever started us holds the other end of standard input, and ends us by letting it go.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


def main() -> None:
    """Print the port, and serve until standard input ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--markets", type=int, required=True, help="markets of each venue")
    parser.add_argument("--turns", type=int, required=True, help="frames of each market")
    arguments = parser.parse_args()
    uvloop.run(_serve(markets=arguments.markets, turns=arguments.turns))


if __name__ == "__main__":
    main()
