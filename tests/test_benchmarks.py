"""Every benchmark runs at a tiny size and says what it must; no test looks at a time."""

import json
from collections.abc import Callable, Iterable

import pytest

from app.market.quotes import Quote
from benchmarks import index_step, ingest_decode, ingest_socket, receipt
from benchmarks.floors import FLOORS, columns
from benchmarks.frames import sample
from benchmarks.generated import generate
from benchmarks.index_step import weighted_medians
from benchmarks.measure import Report, interleaved
from jobs.venues import VENUES

FIELDS = ["bench", "value", "unit", "floor", "peer", "ratio", "goal", "ok"]

TINY: dict[str, Callable[[], list[Report]]] = {
    "ingest_decode": lambda: ingest_decode.run(
        venues=[VENUES["binance"], VENUES["htx"]], settled=4, turns=2, repeats=1
    ),
    "index_step": lambda: index_step.run(sizes=((30, 90), (60, 180)), cycles=1),
    "receipt": lambda: receipt.run(assets=30, markets=90, asked=4),
}


def names(reports: Iterable[Report]) -> list[str]:
    return [report.bench for report in reports]


@pytest.mark.unit
@pytest.mark.parametrize("bench", TINY)
def test_a_benchmark_prints_the_fields_that_are_promised(bench: str):
    for report in TINY[bench]():
        assert list(json.loads(report.line())) == FIELDS
        assert report.bench.startswith(bench)
        assert report.value > 0


@pytest.mark.unit
def test_the_index_is_measured_at_each_size():
    assert names(TINY["index_step"]()) == ["index_step:30", "index_step:60"]


@pytest.mark.wire
def test_all_venues_are_heard_over_real_sockets_at_both_rates(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ingest_socket, "RATES", {"burst": 0, "500/s": 500})

    reports = ingest_socket.run(markets=2, turns=2, seconds=0.1, repeats=1)

    assert names(reports) == ["ingest_socket:burst", "ingest_socket:500/s"]
    assert all(report.value > 0 for report in reports)


@pytest.mark.recorded
@pytest.mark.parametrize("name", VENUES)
def test_the_floor_of_each_venue_reads_the_same_prices_as_its_adapter(name: str):
    found = sample(VENUES[name], markets=3, turns=2)
    if found is None:
        pytest.skip("nothing is recorded of this venue and nobody simulates it")
    frame = found.turns[-1][0]
    to = columns(1)

    FLOORS[name]({frame.market: 0}, to)(frame.body, 7.0)

    (quote,) = VENUES[name].parse(frame.body)
    assert isinstance(quote, Quote)
    told = (quote.last, quote.bid, quote.ask, quote.volume, quote.turnover)
    written = (to.last[0], to.bid[0], to.ask[0], to.volume[0], to.turnover[0])
    assert repr(written) == repr(told)
    assert to.last_received[0] == 7.0


@pytest.mark.unit
def test_the_weighted_median_of_the_floor_is_one():
    market = generate(assets=40, markets=200)

    medians = weighted_medians(market.registry, market.columns)

    asset = int(market.registry.base[0])
    of_asset = market.registry.base == asset
    prices, weights = market.columns.last[of_asset], market.columns.turnover[of_asset]
    order = prices.argsort()
    half = weights[order].cumsum().searchsorted(weights.sum() / 2)
    assert medians[asset] == prices[order][half]


@pytest.mark.unit
def test_contenders_take_turns():
    turns: list[str] = []

    def turn(name: str) -> float:
        turns.append(name)
        return float(len(turns))

    found = interleaved({"a": lambda: turn("a"), "b": lambda: turn("b")}, repeats=3)

    assert turns == ["a", "b", "a", "b", "a", "b"]
    assert found == {"a": 3.0, "b": 4.0}
