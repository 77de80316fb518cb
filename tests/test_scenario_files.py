"""A scenario file is read strictly, played in order, and told about in words."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from app.settings import Settings
from jobs.scenario import make
from jobs.scenario.command import run
from jobs.scenario.product import CADENCE
from jobs.scenario.script import ScenarioError
from jobs.venue import CAPITAL_CONTROLLED

pytestmark = pytest.mark.unit


def scenario(**changes: Any) -> dict[str, Any]:
    """Three venues that say 10 for ten seconds, and one assertion."""
    venues = ("one", "two", "three")
    return {
        "id": "small",
        "title": "Small",
        "duration": 10,
        "assets": {"USD": {"tier": "fiat"}, "COIN": {"tier": "mid"}},
        "markets": {v: {"venue": v, "base": "COIN", "quote": "USD"} for v in venues},
        "series": {v: {"points": [[0, 10]], "vol": 1e7, "noise_bps": 0} for v in venues},
        "assert": [bound(9, 11)],
    } | changes


def bound(low: float, high: float, **changes: Any) -> dict[str, Any]:
    ends = {"min": low, "max": high, "from": 2}
    return {"id": "ten", "type": "bound", "asset": "COIN"} | ends | changes


def said(tmp_path: Path, *contents: Any) -> tuple[int, str]:
    """Exit code and output of the command on files with these contents."""
    files = [tmp_path / f"{number}.json" for number in range(len(contents))]
    for file, content in zip(files, contents, strict=True):
        file.write_text(content if isinstance(content, str) else json.dumps(content))
    out = io.StringIO()
    code = run(files, Console(file=out, highlight=False))
    return code, out.getvalue()


def test_a_passing_file_is_told_with_what_was_measured(tmp_path: Path) -> None:
    code, out = said(tmp_path, scenario())

    assert (code, out.splitlines()) == (
        0,
        [
            "pass  small  Small",
            "  pass  ten: COIN price in 9 … 11 from 2 s on: 10 … 10",
            "1 of 1 scenarios passed",
        ],
    )


def test_a_failing_file_gives_1_and_says_where(tmp_path: Path) -> None:
    code, out = said(tmp_path, scenario(), scenario(**{"assert": [bound(11, 12)]}))

    assert code == 1
    assert "  FAIL  ten: COIN price in 11 … 12 from 2 s on: 10 at 2 s (ok)" in out
    assert "1 of 2 scenarios passed" in out


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "no scenario: Input data was truncated"),
        (scenario(assets={"COIN": {"tier": "huge"}}), "accepted: fiat, stable, major, mid, tail"),
        (scenario(markets={"a": {"venue": "a", "base": "X", "quote": "USD"}}), "names 'X'"),
        (scenario(series={"four": {"points": [[0, 1]], "vol": 1}}), "accepted: one, two, three"),
        (scenario(series={"one": {"points": [], "vol": 1}}), "a series needs points"),
        (scenario(ticks=[{"m": "one", "p": 1}]), "needs a time"),
        (scenario(ticks=[{"t": 1, "m": "four", "p": 1}]), "tick names 'four'"),
        (scenario(ticks=[{"t": 1, "k": "song"}]), "accepted: ticker, supply, disconnect"),
        (scenario(events=[{"t": 1, "type": "party"}]), "accepted: market_disable, market_remap"),
        (scenario(events=[{"t": 1, "type": "market_disable", "market": "x"}]), "names 'x'"),
        (
            scenario(
                events=[{"t": 1, "type": "redenomination", "asset": "COIN", "price_factor": 0}]
            ),
            "price_factor 0.0 must be a number above 0",
        ),
        (scenario(**{"assert": [bound(1, 2, type="wish")]}), "Invalid value 'wish'"),
        (scenario(**{"assert": [bound(1, 2, asset="X")]}), "assert names 'X'"),
        (scenario(**{"assert": [{"id": "a", "type": "bound", "asset": "COIN"}]}), "needs min"),
    ],
)
def test_a_malformed_file_gives_2_and_says_what_would_be_accepted(
    tmp_path: Path, content: Any, sentence: str
) -> None:
    code, out = said(tmp_path, content)

    assert code == 2
    assert f"{tmp_path}/0.json: no scenario: " in out
    assert sentence in out


def test_a_missing_file_gives_2(tmp_path: Path) -> None:
    out = io.StringIO()

    code = run([tmp_path / "none.json"], Console(file=out))

    assert code == 2
    assert "cannot be read: No such file or directory" in out.getvalue().replace("\n", " ")


def test_the_cadence_is_the_one_of_production() -> None:
    assert Settings.model_fields["publish_every"].default == CADENCE


def test_a_sample_knows_every_tick_up_to_its_time_and_none_after_it() -> None:
    product = make(scenario())
    for market in ("one", "two", "three"):
        product.on_tick({"t": 1.0, "m": market, "p": 10.0})
    now = product.sample(1.0)["COIN"]["price"]
    for market in ("one", "two", "three"):
        product.on_tick({"t": 1.01, "m": market, "p": 10.1})

    assert (now, product.sample(1.24)["COIN"]["price"]) == pytest.approx((10.0, 10.0))
    assert product.sample(1.25)["COIN"]["price"] == pytest.approx(10.1)


def test_prices_written_as_text_are_prices_and_other_text_is_invalid_input() -> None:
    product = make(scenario())
    for market in ("one", "two", "three"):
        product.on_tick({"t": 1.0, "m": market, "p": "10.0", "v": "1e7"})
    calm = product.sample(1.0)["COIN"]
    product.on_tick({"t": 1.1, "m": "one", "p": "10,0"})
    flagged = product.sample(2.0)["COIN"]

    assert (calm["price"], calm["status"], calm["flags"]) == (pytest.approx(10), "ok", [])
    assert (flagged["price"], flagged["flags"]) == (pytest.approx(10), ["invalid_input"])


def test_a_quote_from_before_a_remap_says_nothing_of_the_new_asset() -> None:
    assets = {"USD": {"tier": "fiat"}, "COIN": {"tier": "mid"}, "NEW": {"tier": "mid"}}
    product = make(scenario(assets=assets))
    for market in ("one", "two", "three"):
        product.on_tick({"t": 1.0, "m": market, "p": 10.0})
    product.on_event({"t": 2.0, "type": "market_remap", "market": "one", "base": "NEW"})
    before = product.sample(3.0)
    product.on_tick({"t": 3.1, "m": "one", "p": 500.0})

    assert (before["COIN"]["price"], before["NEW"]["price"]) == (pytest.approx(10.0), None)
    assert product.sample(4.0)["NEW"]["price"] == pytest.approx(500.0)


def test_an_event_about_somebody_unknown_is_refused() -> None:
    product = make(scenario())

    with pytest.raises(ScenarioError, match="event names 'four'; accepted: one, two, three"):
        product.on_event({"t": 1, "type": "market_disable", "market": "four"})


def test_books_in_capital_controlled_currencies_never_count() -> None:
    assets = {"KRW": {"tier": "fiat"}, "COIN": {"tier": "mid"}}
    markets = {v: {"venue": v, "base": "COIN", "quote": "KRW"} for v in ("a", "b", "c")}
    product = make(scenario(assets=assets, markets=markets))
    for market in markets:
        product.on_tick({"t": 1.0, "m": market, "p": 14000.0})

    coin = product.sample(1.0)["COIN"]

    assert CAPITAL_CONTROLLED == ("KRW",)
    assert (coin["status"], coin["price"]) == ("unavailable", None)
    assert "premium_market" in coin["flags"]
