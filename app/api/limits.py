"""How many requests a caller may make, and who counts as one caller.

The strategy belongs to a slowapi Limiter but is called here directly, because slowapi's decorator
builds its limits anew on every request, knows only the old X-RateLimit headers, answers 500 on
every route while its storage is away (slowapi #213, #253) and trips over a missing
`view_rate_limit` when told to swallow such errors. There is one web worker, so the windows are
kept in its memory (`windows`) and counting never waits on a network.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

import structlog
from limits import RateLimitItemPerMinute
from limits.errors import StorageError
from slowapi import Limiter
from starlette.requests import Request
from starlette.types import Scope

from app.api import windows

log = structlog.get_logger(__name__)

POLICY: Final = "default"
QUOTA: Final = 300
"""Requests that one caller without a key may make in each window."""
WINDOW: Final = 60
"""Seconds."""

_ITEM = RateLimitItemPerMinute(QUOTA, namespace=POLICY)
_POLICY_HEADER = (b"ratelimit-policy", f'"{POLICY}";q={QUOTA};w={WINDOW}'.encode())
_NOBODY: Final = "unknown"

Address = IPv4Address | IPv6Address
Caller = Callable[[Scope], str]


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a caller has left after this request."""

    allowed: bool
    remaining: int
    reset: int
    """Whole seconds until the oldest request leaves the window."""

    def headers(self) -> list[tuple[bytes, bytes]]:
        """The RateLimit fields of draft-ietf-httpapi-ratelimit-headers-11."""
        left = f'"{POLICY}";r={self.remaining};t={self.reset}'.encode()
        return [_POLICY_HEADER, (b"ratelimit", left)]


class Limits:
    """The windows of all callers."""

    def __init__(self, limiter: Limiter, *, clock: Callable[[], float]) -> None:
        self._limiter = limiter
        self._clock = clock
        self._lost = False

    def take(self, caller: str) -> Allowance | None:
        """Count one request; None while the counters are away, which stops nobody."""
        strategy = self._limiter.limiter
        try:
            allowed = strategy.hit(_ITEM, caller)
            window = strategy.get_window_stats(_ITEM, caller)
        except StorageError as error:
            self._note(lost=True, reason=str(error))
            return None
        self._note(lost=False, reason="")
        reset = math.ceil(window.reset_time - self._clock())
        return Allowance(allowed, max(0, window.remaining), min(max(1, reset), WINDOW))

    def _note(self, *, lost: bool, reason: str) -> None:
        if lost != self._lost:
            log.warning("limits_storage_lost" if lost else "limits_storage_back", reason=reason)
        self._lost = lost


def in_memory(caller: Caller, *, clock: Callable[[], float]) -> Limits:
    """Limits that are counted in this process."""

    def named(request: Request) -> str:
        return caller(request.scope)

    limiter = Limiter(
        key_func=named,
        strategy="moving-window",
        storage_uri=f"{windows.SCHEME}://",
        # slowapi declares text here and hands the options on as they are.
        storage_options={"clock": clock, "wrap_exceptions": True},  # pyright: ignore[reportArgumentType]
    )
    return Limits(limiter, clock=clock)


def caller_of(trusted_proxies: str) -> Caller:
    """Names the caller of a request: the right-most hop that is none of our own proxies.

    `trusted_proxies` lists addresses or networks, comma-separated; raises ValueError otherwise.
    """
    networks = [ip_network(text.strip()) for text in trusted_proxies.split(",") if text.strip()]

    def trusted(address: Address) -> bool:
        return any(address in network for network in networks)

    @lru_cache(maxsize=8192)
    def named(peer: str, forwarded: str) -> str:
        caller = _parsed(peer)
        for hop in reversed(forwarded.split(",")):
            claimed = _parsed(hop)
            # Left of a hop that our proxy could not name, anybody may have written anything.
            if caller is None or claimed is None or not trusted(caller):
                break
            caller = claimed
        return _grouped(caller)

    def caller(scope: Scope) -> str:
        peer = scope["client"][0] if scope.get("client") else ""
        return named(peer, _forwarded(scope) if networks else "")

    return caller


def _forwarded(scope: Scope) -> str:
    hops = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return b",".join(hops).decode("latin-1")


def _parsed(text: str) -> Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _grouped(address: Address | None) -> str:
    """IPv6 callers by /64, because that is what one subscriber is given."""
    if address is None:
        return _NOBODY
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, 64), strict=False))
    return str(address)
