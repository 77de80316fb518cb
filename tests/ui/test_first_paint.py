"""Pages as HTML, before any script."""

import gzip

import pytest
from starlette.types import Message, Receive, Scope, Send

from app.market.registry import Asset, Registry, Tier
from app.market.view import Query, matching
from app.ui.address import Address
from app.ui.live.hub import Hub
from app.ui.live.slices import Market
from app.ui.pulse import Pulse
from app.ui.seo import first_paint, shell
from app.ui.seo.first_paint import FirstPaint
from app.ui.seo.html import element
from app.ui.seo.market_html import market_html
from tests.ui import market
from tests.ui.test_hub import Rooms

pytestmark = pytest.mark.unit

SHELL = (
    '<!DOCTYPE html><html><head><title>Built</title><meta content="x" name="description"/></head>'
    '<body class="b"><div>app</div></body></html>'
)


async def elsewhere(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 299, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> FirstPaint:
    """A first paint over a build of one line."""
    monkeypatch.setattr(first_paint, "built", lambda name: SHELL)
    monkeypatch.setattr(shell, "built", lambda name: SHELL)
    mirror = market.mirror()
    hub = Hub(mirror, Rooms(), clock=lambda: market.NOW, quality=market.desk(mirror))
    address = "https://prices.example/"
    return FirstPaint(elsewhere, hub=hub, clock=lambda: market.NOW, public_url=address)


async def get(
    site: FirstPaint, path: str, query: str = "", **headers: str
) -> tuple[int, dict[str, str], str]:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": query.encode(),
        "headers": raw,
    }
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    await site(scope, receive, send)
    named = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    body = b"".join(message["body"] for message in sent[1:])
    if named.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    return sent[0]["status"], named, body.decode()


async def test_the_market_page_has_its_prices_in_it(site: FirstPaint):
    status, _, text = await get(site, "/")
    assert status == 200
    assert "$42,652.00" in text
    assert text.index("data-ssr") < text.index("<div>app</div>")


async def test_the_title_of_the_build_gives_way(site: FirstPaint):
    _, _, text = await get(site, "/coin/bitcoin")
    assert "Built" not in text
    assert "<title>Bitcoin (BTC) price $42,652.00 | marketcap.guide</title>" in text
    assert '<link rel="canonical" href="https://prices.example/coin/bitcoin">' in text


async def test_a_view_has_one_canonical_address(site: FirstPaint):
    _, _, text = await get(site, "/", "sort=price&page=77&utm_source=x")
    assert '<link rel="canonical" href="https://prices.example/?sort=price">' in text


async def test_simulated_prices_are_kept_out_of_search_engines(site: FirstPaint):
    _, _, text = await get(site, "/")
    assert '<meta name="robots" content="noindex">' in text


async def test_an_unknown_coin_is_not_found(site: FirstPaint):
    status, _, _ = await get(site, "/coin/no-such-coin")
    assert status == 404


async def test_other_addresses_are_left_to_the_pages(site: FirstPaint):
    assert [(await get(site, path))[0] for path in ("/assets/x.js", "/coin/a/b", "/coins")] == [
        299
    ] * 3


async def test_the_same_page_again_is_not_modified(site: FirstPaint):
    _, headers, _ = await get(site, "/")
    status, _, body = await get(site, "/", if_none_match=headers["etag"])
    assert (status, body) == (304, "")


async def test_packed_and_plain_say_the_same(site: FirstPaint):
    _, headers, packed = await get(site, "/", accept_encoding="gzip, br")
    _, _, plain = await get(site, "/")
    assert headers["content-encoding"] == "gzip"
    assert packed == plain


async def test_too_many_different_pages_a_second_are_left_to_the_browser(site: FirstPaint):
    answers = [(await get(site, "/", f"q={letter}"))[0] for letter in "abcdefghijkl"]
    assert answers == [200] * 10 + [299] * 2


def test_names_are_text_and_never_markup():
    instant = Market(market.registry(), market.snapshot(), market.closes())
    found = matching(instant.snapshot, instant.registry, Query())
    html = market_html(Address(), market=instant, numbers=found, pulse=Pulse(), links=[])
    assert "Pepe &lt;b&gt;" in html
    assert "Pepe <b>" not in html


def test_attributes_cannot_be_left():
    assert element("a", "x", title='"><script>') == '<a title="&quot;&gt;&lt;script&gt;">x</a>'


async def test_the_method_is_readable_without_a_script(site: FirstPaint):
    status, _, text = await get(site, "/methodology")

    assert status == 200
    assert "<title>How a price is made | marketcap.guide</title>" in text
    assert '<section id="s6">' in text
    assert '<link rel="canonical" href="https://prices.example/methodology">' in text


async def test_the_quality_page_has_its_numbers_in_it(site: FirstPaint):
    status, _, text = await get(site, "/quality/")

    assert status == 200
    assert '<link rel="canonical" href="https://prices.example/quality">' in text
    assert '<td class="venue">alpha</td>' in text


async def test_a_ticker_redirects_to_its_only_coin(site: FirstPaint):
    status, headers, _ = await get(site, "/coin/PEPE")

    assert (status, headers["location"]) == (307, "/coin/pepe")


async def test_a_ticker_of_several_coins_is_a_page_to_choose_from(
    site: FirstPaint, monkeypatch: pytest.MonkeyPatch
):
    twin = Asset("pepe-on-base", "PEPE", "Pepe on Base", Tier.TAIL, platform="base")
    assets = (*market.registry().assets[:5], twin)
    monkeypatch.setattr(site._hub._mirror, "registry", Registry(1, assets, ()))
    status, _, text = await get(site, "/coin/PEPE")

    assert status == 200
    assert "<title>PEPE may mean several coins | marketcap.guide</title>" in text
    assert text.index('href="/coin/pepe"') < text.index('href="/coin/pepe-on-base"')
    assert 'content="noindex"' in text


async def test_a_slash_at_the_end_of_a_coin_changes_nothing(site: FirstPaint):
    assert (await get(site, "/coin/bitcoin/"))[0] == 200
