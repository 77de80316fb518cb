"""Every incident, ours and the shared examples: what is published of it, and the two judges."""

import importlib.util
import json
from functools import cache
from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from jobs.scenario import make
from jobs.scenario.check import Said, Sample
from jobs.scenario.expand import expand
from jobs.scenario.play import judge, play
from jobs.scenario.script import Scenario, read
from tests.recordings import RECORDED

pytestmark = pytest.mark.unit

OURS = sorted((Path(__file__).parent / "scenarios").glob("*.json"))
SHARED = sorted((RECORDED.parent / "scenarios").glob("*.json"))
HARNESS = RECORDED.parent / "tools/scenario_harness.py"

a_shared_example = pytest.mark.parametrize(
    "file",
    SHARED
    or [pytest.param(None, marks=pytest.mark.skip(f"no examples in {RECORDED.parent}/scenarios"))],
    ids=lambda file: file.stem if file else "none",
)


@cache
def played(file: Path) -> tuple[Scenario, dict[str, list[Sample]]]:
    scenario = read(file)
    return scenario, play(scenario)


def failures(file: Path) -> list[str]:
    findings = judge(*played(file))
    return [f"{f.id}: {f.asked}: {f.measured}" for f in findings if not f.passed]


def harness() -> ModuleType:
    if not HARNESS.exists():
        pytest.skip(f"no scenario harness at {HARNESS}")
    spec = importlib.util.spec_from_file_location("scenario_harness", HARNESS)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("file", OURS, ids=lambda file: file.stem)
def test_an_incident_of_ours_is_survived(file: Path) -> None:
    assert failures(file) == []


# The longest one is an hour of a market; on a busy machine that takes minutes.
@pytest.mark.timeout(600)
@a_shared_example
def test_a_shared_example_is_survived(file: Path) -> None:
    assert failures(file) == []


@pytest.mark.parametrize("file", OURS + SHARED, ids=lambda file: file.stem)
def test_series_expand_to_the_bits_of_the_shared_harness(file: Path) -> None:
    scenario = read(file)

    ticks = expand(scenario.id, scenario.series, scenario.ticks, scenario.duration)

    assert ticks == harness().expand(json.loads(file.read_text(encoding="utf-8")))


@pytest.mark.timeout(600)
@a_shared_example
@pytest.mark.parametrize("off", [1.0, 1.004, 0.97, 1.3, None])
def test_assertions_are_judged_as_by_the_shared_harness(file: Path, off: float | None) -> None:
    """Also of prices that are wrong, and of ones that are missing for a while."""
    scenario, samples = played(file)
    changed = {
        asset: [_changed(sample, off) for sample in of_asset] for asset, of_asset in samples.items()
    }

    failed = [finding.id for finding in judge(scenario, changed) if not finding.passed]

    series = [
        (samples[0].time, dict(zip(changed, (sample.said for sample in samples), strict=True)))
        for samples in zip(*changed.values(), strict=True)
    ]
    raw = json.loads(file.read_text(encoding="utf-8"))
    assert failed == [id for id, _ in harness().check(raw, series)]


def test_the_shared_harness_sees_what_we_see() -> None:
    file = next(file for file in OURS if file.stem == "unit_redenomination_registered")
    raw = json.loads(file.read_text(encoding="utf-8"))

    series = harness().run(raw, make)

    _, samples = played(file)
    seen = [(now, msgspec.structs.asdict(_sorted(said["COIN"]))) for now, said in series]
    ours = [(now, msgspec.structs.asdict(_sorted(said))) for now, said in samples["COIN"]]
    assert seen == ours


class _Shown(msgspec.Struct):
    price: float | None
    status: str
    flags: list[str]
    mcap: float | None


def _sorted(said: Said) -> _Shown:
    return _Shown(said["price"], said["status"], sorted(said["flags"]), said["mcap"])


def _changed(sample: Sample, off: float | None) -> Sample:
    price = sample.said["price"]
    if off is None:
        gone = sample.time % 100 < 20
        return Sample(sample.time, {**sample.said, "price": None if gone else price})
    return Sample(sample.time, {**sample.said, "price": price and price * off})
