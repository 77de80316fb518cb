"""The simulated reference sources over real sockets, in their own words."""

import asyncio

import httpx
import pytest

from tests.sandbox.market import START, Clock, open_sandbox
from tests.sandbox.market import TETHER as VENUE

pytestmark = pytest.mark.wire

MARKETS = "/coingecko/coins/markets?vs_currency=usd&per_page=250&page="


async def ordered(client: httpx.AsyncClient, url: str, **fault: object) -> None:
    answer = await client.post(f"{url}/admin/faults", json=fault)
    assert answer.status_code == 201, answer.text


async def bitcoin(client: httpx.AsyncClient, url: str) -> dict[str, float]:
    return (await client.get(f"{url}{MARKETS}1")).json()[0]


async def test_the_directory_tells_where_each_source_is():
    async with open_sandbox(Clock(), VENUE) as url, httpx.AsyncClient() as client:
        told = (await client.get(url)).json()["references"]

    assert told == {
        "coingecko": {"rest_url": f"{url}/coingecko"},
        "coinpaprika": {"rest_url": f"{url}/coinpaprika"},
    }


async def test_coingecko_tells_the_worlds_prices_and_supplies():
    async with open_sandbox(Clock(), VENUE) as url, httpx.AsyncClient() as client:
        rows = (await client.get(f"{url}{MARKETS}1")).json()

    first = rows[0]
    assert (first["id"], first["symbol"], first["name"]) == ("bitcoin", "btc", "Bitcoin")
    assert (first["circulating_supply"], first["max_supply"]) == (19_930_000.0, 21_000_000.0)
    assert first["market_cap"] == first["current_price"] * 19_930_000.0
    assert first["last_updated"] == "2025-10-09T08:53:20.000Z"
    assert (len(rows), [row["market_cap_rank"] for row in rows[:3]]) == (20, [1, 2, 3])


async def test_coinpaprika_tells_them_in_its_own_shape():
    async with open_sandbox(Clock(), VENUE) as url, httpx.AsyncClient() as client:
        price = (await bitcoin(client, url))["current_price"]
        rows = (await client.get(f"{url}/coinpaprika/tickers")).json()

    first = rows[0]
    assert (first["id"], first["symbol"], first["name"]) == ("btc-bitcoin", "BTC", "Bitcoin")
    assert first["quotes"]["USD"]["price"] == price
    assert first["quotes"]["USD"]["market_cap"] == round(price * 19_930_000.0)
    assert ("circulating_supply" in first, first["total_supply"]) == (False, 19_930_000.0)
    assert first["last_updated"] == "2025-10-09T08:53:20Z"


async def test_a_page_beyond_the_end_is_empty():
    async with open_sandbox(Clock(), VENUE) as url, httpx.AsyncClient() as client:
        assert (await client.get(f"{url}{MARKETS}2")).json() == []


async def test_an_answer_that_the_reader_has_is_not_sent_again():
    clock = Clock()
    async with open_sandbox(clock, VENUE) as url, httpx.AsyncClient() as client:
        etag = (await client.get(f"{url}{MARKETS}1")).headers["etag"]
        again = await client.get(f"{url}{MARKETS}1", headers={"if-none-match": etag})
        clock.now = START + 60
        later = await client.get(f"{url}{MARKETS}1", headers={"if-none-match": etag})

    assert (again.status_code, again.content, later.status_code) == (304, b"", 200)


async def test_more_than_thirty_calls_a_minute_are_refused_as_coingecko_refuses():
    async with open_sandbox(Clock(), VENUE) as url, httpx.AsyncClient() as client:
        answers = [await client.get(f"{url}{MARKETS}9") for _ in range(31)]

    assert [answer.status_code for answer in answers[-2:]] == [200, 429]
    assert answers[-1].headers["retry-after"] == "60"
    assert answers[-1].json()["status"]["error_code"] == 429


@pytest.mark.parametrize(
    ("fault", "status", "content"),
    [
        ({"kind": "status", "status": 503, "retry_after": 7}, 503, "application/json"),
        ({"kind": "html"}, 200, "text/html; charset=utf-8"),
    ],
)
async def test_faults_concern_the_source_that_they_name(
    fault: dict[str, object], status: int, content: str
):
    async with open_sandbox(Clock(), VENUE) as url, httpx.AsyncClient() as client:
        await ordered(client, url, venue="coingecko", **fault)
        broken = await client.get(f"{url}{MARKETS}1")
        other = await client.get(f"{url}/coinpaprika/tickers")

    assert (broken.status_code, broken.headers["content-type"]) == (status, content)
    assert (other.status_code, other.headers["content-type"]) == (200, "application/json")


async def test_a_silent_source_does_not_answer():
    async with open_sandbox(Clock(), VENUE) as url, httpx.AsyncClient() as client:
        await ordered(client, url, venue="coingecko", kind="silence", seconds=600)
        with pytest.raises(httpx.ReadTimeout):
            await client.get(f"{url}{MARKETS}1", timeout=0.2)


async def test_a_drifting_source_tells_another_price():
    async with open_sandbox(Clock(), VENUE) as url, httpx.AsyncClient() as client:
        true = await bitcoin(client, url)
        await ordered(client, url, venue="coingecko", kind="drift", asset="bitcoin", factor=1.5)
        told = await bitcoin(client, url)

    assert told["current_price"] == pytest.approx(true["current_price"] * 1.5, rel=1e-7)
    assert told["circulating_supply"] == true["circulating_supply"]


async def test_a_slipped_supply_is_told_with_the_true_price():
    async with open_sandbox(Clock(), VENUE) as url, httpx.AsyncClient() as client:
        true = await bitcoin(client, url)
        await ordered(client, url, venue="coingecko", kind="supply_slip", asset="bitcoin")
        told = await bitcoin(client, url)

    assert told["current_price"] == true["current_price"]
    assert told["circulating_supply"] == true["circulating_supply"] * 1e9


async def test_a_crash_at_every_venue_is_true_for_the_sources_too():
    async with open_sandbox(Clock(), VENUE) as url, httpx.AsyncClient() as client:
        true = await bitcoin(client, url)
        await ordered(client, url, venue="*", kind="flash_crash", asset="bitcoin", factor=0.5)
        everywhere = await bitcoin(client, url)
        await client.delete(f"{url}/admin/faults")
        await ordered(client, url, venue="tether", kind="flash_crash", asset="bitcoin")
        elsewhere = await bitcoin(client, url)

    assert everywhere["current_price"] == pytest.approx(true["current_price"] / 2, rel=1e-7)
    assert elsewhere["current_price"] == true["current_price"]


async def test_the_traffic_page_counts_the_calls():
    async with open_sandbox(Clock(), VENUE) as url, httpx.AsyncClient() as client:
        await asyncio.gather(*(bitcoin(client, url) for _ in range(3)))
        traffic = (await client.get(f"{url}/admin/traffic")).json()

    assert traffic["coingecko"] == {"calls": 3, "calls_refused": 0}
