"""A scenario from its first tick to its last sample."""

from collections.abc import Callable, Iterator
from heapq import merge

from jobs.scenario.check import Finding, Sample
from jobs.scenario.expand import Tick, expand
from jobs.scenario.product import Product
from jobs.scenario.script import Scenario, moment


def play(
    scenario: Scenario, *, told: Callable[[float], None] = lambda _: None
) -> dict[str, list[Sample]]:
    """Every asset's samples; `told` hears how many seconds are over."""
    product = Product(scenario)
    samples: dict[str, list[Sample]] = {asset: [] for asset in scenario.assets}
    told_later = list(_in_order(scenario))
    told_later.reverse()
    for now in _instants(scenario):
        while told_later and moment(told_later[-1][1]) <= now:
            is_event, said = told_later.pop()
            product.on_event(said) if is_event else product.on_tick(said)
        for asset, published in product.sample(now).items():
            samples[asset].append(Sample(now, published))
        told(now)
    return samples


def judge(scenario: Scenario, samples: dict[str, list[Sample]]) -> list[Finding]:
    """Every assertion of the scenario, in its order."""
    return [check.judge(samples[check.asset]) for check in scenario.assertions]


def _in_order(scenario: Scenario) -> Iterator[tuple[bool, Tick]]:
    """Ticks and events by their times, whether each is an event; of the same time events first."""
    ticks = expand(scenario.id, scenario.series, scenario.ticks, scenario.duration)
    events = sorted(scenario.events, key=moment)
    return merge(
        ((True, event) for event in events),
        ((False, tick) for tick in ticks),
        key=lambda one: moment(one[1]),
    )


def _instants(scenario: Scenario) -> Iterator[float]:
    for number in range(1, int(scenario.duration) + 1):
        now = number * scenario.sample_every
        if now > scenario.duration:
            return
        yield now
