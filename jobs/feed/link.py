"""One WebSocket: frames in, quotes on the board. This is the hot path: nothing here waits."""

import asyncio
import zlib
from collections.abc import Callable, Mapping, Sequence
from math import inf, nan

import msgspec
import structlog
from msgspec.structs import replace
from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSProtocolError, WSTransport

from app.market.quotes import Quote, QuoteBoard
from jobs.feed.acknowledgements import Acknowledgements
from jobs.feed.health import FeedHealth, Loss
from jobs.venue import Ack, Alias, Event, Refused, Renew, Reply, Unknown, Venue

log = structlog.get_logger()

MOST_BYTES = 16 * 1024 * 1024
"""The largest message that is taken, whole or in fragments."""

MALFORMED = (
    msgspec.MsgspecError,
    # FrameError is one, and so is the UnicodeDecodeError that msgspec lets through.
    ValueError,
    # A number too large for a float, and brackets nested without end.
    ArithmeticError,
    RecursionError,
    # What gzip and zlib say of a torn binary frame.
    zlib.error,
    EOFError,
    OSError,
)

_TEXT = WSMsgType.TEXT
_BINARY = WSMsgType.BINARY
_CONTINUATION = WSMsgType.CONTINUATION
_CLOSE = WSMsgType.CLOSE
_MOST_OF_CONTROL = 125
"""Bytes that a control frame may carry; the transport ends a socket on which one has more."""
_AHEAD = -5.0
_LAG_EVERY = 8
"""Quotes of which the lag of one is noted: to note all would tell no more, and cost as a write."""
_MOST_REASONS = 50


class Link(WSListener):
    """One socket to a venue, from the handshake to the end; it never opens itself again."""

    # A dictionary below a compiled class makes each of a dozen look-ups a frame five times as dear.
    __slots__ = (
        "_aliases",
        "_attentive",
        "_clock",
        "_fragments",
        "_fragments_kind",
        "_health",
        "_loss",
        "_note_lag",
        "_parse",
        "_plain",
        "_put",
        "_reasons",
        "_rows",
        "_spoken",
        "_transport",
        "_venue",
        "_watches_markets",
        "acknowledgements",
        "answered",
        "heard",
        "leaving",
        "subscribed",
    )

    def __init__(
        self,
        venue: Venue,
        *,
        rows: Mapping[str, int],
        board: QuoteBoard,
        health: FeedHealth,
        clock: Callable[[], float],
        acknowledgements: Acknowledgements,
    ) -> None:
        self.acknowledgements = acknowledgements
        self.heard = False
        """True once a frame came, until whoever asked sets it back."""
        self.subscribed = asyncio.Event()
        """Set once every market was asked for, confirmed or not."""
        self.leaving = asyncio.Event()
        """Set once the socket is closed, or the venue or its age asks for a successor."""
        self.answered = asyncio.Event()
        """Set once the venue sent a quote or a confirmation."""
        self._venue = venue
        self._parse = venue.parse
        self._rows = dict(rows)
        self._put = board.put
        self._health = health
        self._note_lag = health.lags.append
        self._watches_markets = venue.market_silence_after < inf
        self._spoken: set[int] = set()
        self._attentive = True
        """True while it matters which market a quote is of, beside the board."""
        self._clock = clock
        self._transport: WSTransport | None = None
        self._loss: Loss | None = None
        self._aliases: dict[str, str] = {}
        self._fragments = bytearray()
        self._fragments_kind = _TEXT
        self._plain = venue.inflate is None
        """True while a whole frame of data is a message as it stands."""
        self._reasons: set[str] = set()

    @property
    def was_open(self) -> bool:
        """True once the handshake succeeded."""
        return self._transport is not None

    @property
    def is_open(self) -> bool:
        """True between the handshake and the end of the socket."""
        return self._transport is not None and not self._transport.is_disconnected

    def send(self, frame: str) -> None:
        """The text frame is on its way, unless the socket is closed already."""
        if self._transport is not None:
            self._transport.send(_TEXT, frame)

    def close(self, loss: Loss | None = None) -> None:
        """Say goodbye and drop the socket without waiting for an answer."""
        if self._transport is not None and self.is_open:
            self._loss = self._loss or loss
            self._transport.send_close(WSCloseCode.OK)
            self._transport.disconnect(graceful=False)

    async def closed(self) -> Loss:
        """Wait for the end of the socket; why it ended. Faults of our own code are raised."""
        if self._transport is None:
            return Loss.UNREACHABLE
        try:
            await self._transport.wait_disconnected()
        except WSProtocolError as error:
            too_large = error.args[0] is WSCloseCode.MESSAGE_TOO_BIG
            return Loss.TOO_LARGE if too_large else Loss.PROTOCOL
        return self._loss or Loss.CLOSED

    def adopt(self, rows: Mapping[str, int], board: QuoteBoard) -> None:
        """Write to these rows of this board from now on."""
        self._put = board.put
        self._rows = dict(rows)
        self._spoken = set()
        for key, symbol in self._aliases.items():
            self._name(key, symbol)

    def quiet(self, symbols: Sequence[str]) -> list[str]:
        """Those of the symbols without a quote since the last time this was asked."""
        spoken, self._spoken = self._spoken, set[int]()
        return [symbol for symbol in symbols if self._rows.get(symbol) not in spoken]

    def on_ws_connected(self, transport: WSTransport) -> None:
        """The handshake is done."""
        self._transport = transport
        self._health.connected += 1

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """The socket is gone."""
        self._health.connected -= 1
        for event in (self.leaving, self.subscribed, self.answered):
            event.set()

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Write the quotes of one frame to the board, and answer what wants an answer."""
        received = self._clock()
        health = self._health
        try:
            # Asking a frame for its kind takes half as long as writing a quote.
            if self._plain and frame.fin and frame.payload_size > _MOST_OF_CONTROL:
                payload = frame.get_payload_as_bytes()
            elif (payload := self._unusual(frame.msg_type, frame)) is None:
                return
            self.heard = True
            health.frames += 1
            health.last_frame = received
            events = self._parse(payload)
        except MALFORMED:
            health.unreadable()
            return
        for event in events:
            if type(event) is Quote:
                self._deliver(event, received)
            else:
                self._act(event)

    def _deliver(self, quote: Quote, received: float) -> None:
        health = self._health
        try:
            row = self._rows[quote.symbol]
        except KeyError:
            health.unknown_symbols += 1
            return
        lag = received - quote.time
        if lag < _AHEAD:
            # A clock that runs ahead would make each later quote look old.
            quote = replace(quote, time=nan)
        if not self._put(row, quote, received):
            health.dropped_order += 1
        if not health.quotes % _LAG_EVERY:
            self._note_lag(lag)
        health.quotes += 1
        if self._attentive:
            self._spoke(row)

    def _spoke(self, row: int) -> None:
        self.answered.set()
        self._spoken.add(row)
        self._attentive = self._watches_markets

    def _act(self, event: Event) -> None:
        match event:
            case Reply(frame=frame):
                self.send(frame)
            case Ack(key=key):
                self._confirmed(key)
            case Refused():
                self._refused(event)
            case Alias(key=key, symbol=symbol):
                self._aliases[key] = symbol
                self._name(key, symbol)
            case Renew():
                self.leaving.set()
            case Unknown(kind=kind):
                self._health.unknown(kind)
            case Quote():
                raise AssertionError("quotes are delivered, not acted upon")

    def _confirmed(self, key: str) -> None:
        self.acknowledgements.settled(key)
        if self.acknowledgements.complete:
            self.answered.set()

    def _name(self, key: str, symbol: str) -> None:
        row = self._rows.get(symbol)
        if row is None:
            self._health.unknown_symbols += 1
        else:
            self._rows[key] = row

    def _refused(self, refused: Refused) -> None:
        self._health.refused += 1
        self.acknowledgements.settled(refused.key)
        # The bound keeps reasons that carry a symbol or a time from filling log and memory.
        if refused.reason not in self._reasons and len(self._reasons) < _MOST_REASONS:
            self._reasons.add(refused.reason)
            log.warning("venue_refused", venue=self._venue.name, reason=refused.reason[:200])

    def _unusual(self, kind: WSMsgType, frame: WSFrame) -> bytes | None:
        """The payload of a packed, short or fragmented message; None while there is none."""
        if kind is _CLOSE:
            self.close(Loss.CLOSED)
            return None
        if kind not in (_TEXT, _BINARY, _CONTINUATION):
            return None
        payload = frame.get_payload_as_bytes()
        if kind is _CONTINUATION or not frame.fin:
            if kind is not _CONTINUATION:
                self._fragments, self._fragments_kind = bytearray(), kind
            self._gather(payload)
            self._plain = frame.fin and self._venue.inflate is None
            if not frame.fin:
                return None
            payload, kind = bytes(self._fragments), self._fragments_kind
            self._fragments = bytearray()
        inflate = self._venue.inflate
        return inflate(payload) if inflate is not None and kind is _BINARY else payload

    def _gather(self, fragment: bytes) -> None:
        self._fragments += fragment
        if len(self._fragments) > MOST_BYTES:
            raise WSProtocolError(WSCloseCode.MESSAGE_TOO_BIG, f"more than {MOST_BYTES} bytes")
