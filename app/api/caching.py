"""Answers as bytes: made once per view and version, compressed once, and known by their ETag."""

import asyncio
import gzip
import zlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import zstandard

RawHeaders = list[tuple[bytes, bytes]]
Encoding = str
"""A content coding by its HTTP name; "" is the plain bytes."""

SHELF_BYTES: Final = 64 << 20
WORTH_COMPRESSING: Final = 1_000
"""Smaller bodies fit into one packet anyway."""
WORTH_A_THREAD: Final = 200_000
"""Larger bodies would hold up the other requests while they are compressed."""

PRICES: Final = "public, max-age=1, stale-while-revalidate=5, stale-if-error=60"
IDENTITIES: Final = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
CLOSED: Final = "public, max-age=3600, stale-if-error=86400"
"""For history that will not change any more."""
NOTHING: Final = "no-store"


def _zstd(body: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=3).compress(body)


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=4, mtime=0)


ENCODERS: Final[dict[Encoding, Callable[[bytes], bytes]]] = {"zstd": _zstd, "gzip": _gzip}
"""Codings we offer, preferred first."""


@dataclass(frozen=True, slots=True)
class Ready:
    """An answer that only has to be sent."""

    status: int
    headers: RawHeaders
    body: bytes


class Shelf:
    """The answers that were asked for last; when it is full, the one unused longest goes."""

    def __init__(self, *, size_max: int = SHELF_BYTES) -> None:
        self._size_max = size_max
        self._size = 0
        self._kept: OrderedDict[tuple[bytes, Encoding], tuple[str, Ready]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, view: bytes, encoding: Encoding, stamp: str) -> Ready | None:
        """The answer to this view if it was made at this stamp."""
        kept = self._kept.get((view, encoding))
        if kept is None or kept[0] != stamp:
            return None
        self._kept.move_to_end((view, encoding))
        return kept[1]

    def put(self, view: bytes, encoding: Encoding, stamp: str, ready: Ready) -> None:
        """Keep the answer in place of the one of an earlier stamp."""
        key = (view, encoding)
        self._drop(key)
        self._kept[key] = (stamp, ready)
        self._size += _size(key, ready)
        while self._size > self._size_max:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: tuple[bytes, Encoding]) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self._size -= _size(key, kept[1])


def etag(view: bytes, encoding: Encoding, stamp: str) -> bytes:
    """A strong tag: the stamp of the market, the view and the coding; known before the body is."""
    coding = f"-{encoding}" if encoding else ""
    return f'"{stamp}-{zlib.crc32(view):08x}{coding}"'.encode()


def matches(if_none_match: bytes, tag: bytes) -> bool:
    """Whether the caller already holds the answer under this tag."""
    return any(held.strip().removeprefix(b"W/") == tag for held in if_none_match.split(b","))


def chosen(accept_encoding: bytes) -> Encoding:
    """The coding that we like best among those the caller accepts."""
    if not accept_encoding:
        return ""
    offered = {
        coding.strip().lower(): weight.strip()
        for coding, _, weight in (part.partition(";") for part in _parts(accept_encoding))
    }
    for encoding in ENCODERS:
        weight = offered.get(encoding)
        if weight is not None and weight not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            return encoding
    return ""


def tagged(tag: bytes, cache_control: str) -> RawHeaders:
    """What an answer and its 304 have in common."""
    return [
        (b"etag", tag),
        (b"cache-control", cache_control.encode()),
        (b"vary", b"Accept-Encoding"),
    ]


async def ready(body: bytes, encoding: Encoding, headers: RawHeaders) -> Ready:
    """The JSON body as an answer, compressed where that pays."""
    own = [*headers, (b"content-type", b"application/json")]
    if encoding and len(body) >= WORTH_COMPRESSING:
        body = await _encoded(body, ENCODERS[encoding])
        own.append((b"content-encoding", encoding.encode()))
    return Ready(200, [*own, (b"content-length", str(len(body)).encode())], body)


async def _encoded(body: bytes, encode: Callable[[bytes], bytes]) -> bytes:
    if len(body) < WORTH_A_THREAD:
        return encode(body)
    return await asyncio.to_thread(encode, body)


def _parts(header: bytes) -> list[str]:
    return header.decode("latin-1").split(",")


def _size(key: tuple[bytes, Encoding], ready: Ready) -> int:
    return len(key[0]) + len(ready.body) + 512
