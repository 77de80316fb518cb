"""`auto` becomes live when one venue answers as a venue does, and sandbox otherwise."""

import httpx
import pytest

from app.settings import Source
from jobs.launcher.source import decided, resolve
from jobs.venues import VENUES

pytestmark = pytest.mark.unit

COINBASE = [VENUES["coinbase"]]


@pytest.mark.parametrize("wanted", ["live", "replay", "sandbox"])
@pytest.mark.parametrize("venue_answered", [True, False])
def test_a_named_source_is_kept(wanted: Source, venue_answered: bool):
    assert decided(wanted, venue_answered=venue_answered) == wanted


def test_auto_follows_the_venues():
    assert decided("auto", venue_answered=True) == "live"
    assert decided("auto", venue_answered=False) == "sandbox"


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        (httpx.Response(200, json=[]), "live"),
        (httpx.Response(403, json={"message": "not in your country"}), "sandbox"),
        (httpx.Response(200, html="<h1>Please accept our terms</h1>"), "sandbox"),
    ],
)
async def test_an_answer_counts_only_if_a_venue_can_have_sent_it(
    answer: httpx.Response, source: Source
):
    transport = httpx.MockTransport(lambda _: answer)

    assert await resolve("auto", COINBASE, transport=transport) == source


async def test_no_network_means_sandbox():
    def unreachable(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route", request=request)

    transport = httpx.MockTransport(unreachable)

    assert await resolve("auto", COINBASE, transport=transport) == "sandbox"


async def test_a_named_source_asks_nobody():
    def asked(request: httpx.Request) -> httpx.Response:
        raise AssertionError(request.url)

    transport = httpx.MockTransport(asked)

    assert await resolve("live", COINBASE, transport=transport) == "live"
