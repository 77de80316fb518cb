"""How many requests a caller may make, and who counts as one caller."""

import httpx
import pytest
from limits import RateLimitItemPerMinute
from limits.strategies import MovingWindowRateLimiter
from slowapi import Limiter
from slowapi.util import get_ipaddr
from structlog.testing import capture_logs

from app.api.limits import QUOTA, WINDOW, Limits, caller_of
from app.api.windows import WindowStorage
from app.store.mirror import Mirror
from tests.api.conftest import api_over, client_of
from tests.api.market import TIME, Clock

pytestmark = pytest.mark.unit

PING = "/api/v3/ping"
PROXY, CALLER, OTHER = "192.0.2.1", "203.0.113.7", "198.51.100.9"


async def spend(client: httpx.AsyncClient, requests: int = QUOTA) -> httpx.Response:
    for _ in range(requests - 1):
        await client.get(PING)
    return await client.get(PING)


async def test_beyond_the_quota_a_caller_is_told_when_to_come_back(
    client: httpx.AsyncClient, clock: Clock
):
    last = await spend(client)
    clock.now += 18.5
    refused = await client.get("/api/v1/markets")

    assert (last.status_code, last.headers["ratelimit"]) == (200, '"default";r=0;t=60')
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "42")
    assert refused.headers["ratelimit"] == '"default";r=0;t=42'
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["detail"] == (
        "300 requests in 60 seconds are allowed; the next is free in 42 s."
    )


async def test_after_the_time_it_was_told_a_caller_is_served_again(
    client: httpx.AsyncClient, clock: Clock
):
    await spend(client)
    retry_after = int((await client.get(PING)).headers["retry-after"])
    clock.now += retry_after - 0.001
    before = await client.get(PING)
    clock.now += 0.001
    after = await client.get(PING)

    assert (before.status_code, after.status_code) == (429, 200)
    assert after.headers["ratelimit"] == '"default";r=299;t=60'


async def test_the_window_moves(client: httpx.AsyncClient, clock: Clock):
    await spend(client, 200)
    clock.now += 40
    await spend(client, 100)
    clock.now += 20

    assert (await client.get(PING)).headers["ratelimit"] == '"default";r=199;t=40'


async def test_v3_is_refused_in_the_words_of_coingecko(client: httpx.AsyncClient):
    await spend(client)

    assert (await client.get(PING)).json() == {
        "status": {
            "error_code": 429,
            "error_message": "300 requests in 60 seconds are allowed; the next is free in 60 s.",
        }
    }


async def test_another_caller_has_a_quota_of_its_own(mirror: Mirror, clock: Clock):
    api = api_over(mirror, clock)
    async with client_of(api) as first, client_of(api, address=OTHER) as second:
        await spend(first)

        assert (await first.get(PING)).status_code == 429
        assert (await second.get(PING)).status_code == 200


async def test_a_forged_forwarded_for_does_not_make_another_caller(client: httpx.AsyncClient):
    answers = [
        await client.get(PING, headers={"X-Forwarded-For": f"198.51.100.{number}"})
        for number in range(3)
    ]

    assert answers[-1].headers["ratelimit"] == '"default";r=297;t=60'


async def test_a_304_and_an_error_are_counted_like_any_answer(client: httpx.AsyncClient):
    tag = (await client.get("/api/v1/markets")).headers["etag"]
    await client.get("/api/v1/markets", headers={"If-None-Match": tag})
    await client.get("/api/v1/nowhere")

    assert (await client.get(PING)).headers["ratelimit"] == '"default";r=296;t=60'


async def test_a_preflight_costs_nothing(client: httpx.AsyncClient):
    preflight = await client.options("/api/v1/markets")

    assert "ratelimit" not in preflight.headers
    assert (await client.get(PING)).headers["ratelimit"] == '"default";r=299;t=60'


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        (CALLER, "", CALLER),
        (CALLER, OTHER, CALLER),
        (PROXY, "", PROXY),
        (PROXY, CALLER, CALLER),
        (PROXY, f"{OTHER}, {CALLER}", CALLER),
        (PROXY, f"{OTHER}, {CALLER}, 10.1.2.3", CALLER),
        (PROXY, f"{OTHER}, unknown", PROXY),
        (PROXY, f"{OTHER}, unknown, 10.1.2.3", "10.1.2.3"),
        ("::ffff:192.0.2.1", CALLER, CALLER),
        ("", CALLER, "unknown"),
        ("2001:db8:1:2:aaaa::1", "", "2001:db8:1:2::/64"),
        (PROXY, "2001:db8:1:2:bbbb::2", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "", "2001:db8:1:3::/64"),
    ],
)
def test_the_caller_is_the_rightmost_hop_that_is_no_proxy_of_ours(
    peer: str, forwarded: str, expected: str
):
    caller = caller_of(f"{PROXY}, 10.0.0.0/8")
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []

    assert caller({"client": (peer, 1) if peer else None, "headers": headers}) == expected


def test_hops_in_several_headers_are_one_chain():
    headers = [(b"x-forwarded-for", OTHER.encode()), (b"x-forwarded-for", CALLER.encode())]

    assert caller_of(PROXY)({"client": (PROXY, 1), "headers": headers}) == CALLER


def test_a_proxy_that_is_no_address_is_refused_at_once():
    with pytest.raises(ValueError, match="nonsense"):
        caller_of("nonsense")


def test_while_the_counters_are_away_nobody_is_stopped_and_the_log_says_so_once():
    away = Limiter(
        key_func=get_ipaddr,
        strategy="moving-window",
        storage_uri="redis://127.0.0.1:1",
        storage_options={"wrap_exceptions": True},  # pyright: ignore[reportArgumentType]
    )
    limits = Limits(away, clock=Clock(TIME))

    with capture_logs() as logs:
        allowances = [limits.take(CALLER), limits.take(CALLER)]

    assert allowances == [None, None]
    assert [log["event"] for log in logs] == ["limits_storage_lost"]


def test_a_clock_that_is_set_back_locks_nobody_out():
    clock = Clock(TIME)
    strategy = MovingWindowRateLimiter(WindowStorage(clock=clock))
    item = RateLimitItemPerMinute(1)
    strategy.hit(item, CALLER)
    clock.now -= 3600

    assert strategy.hit(item, CALLER) is True


def test_callers_that_left_are_forgotten():
    clock = Clock(TIME)
    storage = WindowStorage(clock=clock)
    for number in range(5):
        storage.acquire_entry(f"caller {number}", QUOTA, WINDOW)
    clock.now += WINDOW
    storage.acquire_entry("another", QUOTA, WINDOW)

    assert len(storage) == 1


def test_too_many_callers_push_out_the_one_that_was_silent_longest():
    clock = Clock(TIME)
    storage = WindowStorage(clock=clock, callers_max=2)
    for name in ("a", "b", "a", "c"):
        clock.now += 1
        storage.acquire_entry(name, QUOTA, WINDOW)

    assert [storage.get(name) for name in ("a", "b", "c")] == [2, 0, 1]
