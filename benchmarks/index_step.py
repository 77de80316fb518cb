"""`index_step`: one cycle of the index over the whole market, on one thread.

What is counted is the CPU time of the thread that computes: on a machine that does nothing else,
it is the time that passes. Memory is kept as the jobs process keeps it, for the floor as well.
"""

import time
from statistics import median

import numpy as np

from app.market.index import first_state, step
from app.market.layout import lay_out
from app.market.quotes import Floats, QuoteColumns, Rows
from app.market.registry import Registry
from benchmarks.generated import generate
from benchmarks.measure import Report, rounded
from jobs.memory import keep_arrays_on_the_heap

MOST_FLOORS = 12
MOST_MS = 25.0
MOST_GROWTH = 1.2
"""Cost a market at the larger size, in costs a market at the smaller one."""
SIZES = ((10_000, 60_000), (50_000, 300_000))
CYCLES = 30
_EVERY = 0.25
_CHANGED = 0.05
"""Share of the markets with a new quote in each cycle."""
_WARM = 3


def run(*, sizes: tuple[tuple[int, int], ...] = SIZES, cycles: int = CYCLES) -> list[Report]:
    """Milliseconds of a cycle at each size, the first of which sets the measure of growth."""
    keep_arrays_on_the_heap()
    reports: list[Report] = []
    smallest = 0.0
    for assets, markets in sizes:
        ours, floor = _cycles(assets, markets, cycles)
        per_market = ours / markets
        smallest = smallest or per_market
        reports.append(_report(assets, ours, floor, per_market / smallest))
    return reports


def _report(assets: int, ours: float, floor: float, growth: float) -> Report:
    first = growth == 1.0
    few_floors = ours <= MOST_FLOORS * floor
    return Report(
        bench=f"index_step:{assets}",
        value=rounded(ours * 1e3),
        unit="ms",
        floor=rounded(floor * 1e3),
        peer=None,
        ratio=rounded(ours / floor, 3),
        goal=f"ratio <= {MOST_FLOORS}, "
        + (f"p50 <= {MOST_MS:g} ms" if first else f"growth {growth:.2f} <= {MOST_GROWTH}"),
        ok=few_floors and (ours * 1e3 <= MOST_MS if first else growth <= MOST_GROWTH),
    )


def _cycles(assets: int, markets: int, cycles: int) -> tuple[float, float]:
    """Medians of the seconds of a cycle and of its floor, in turns."""
    market = generate(assets=assets, markets=markets)
    layout = lay_out(market.registry)
    state = first_state(layout.registry)
    ours: list[float] = []
    floor: list[float] = []
    for cycle in range(_WARM + cycles):
        began = time.thread_time()
        state, _, _ = step(state, market.columns, layout, market.now)
        ours.append(time.thread_time() - began)
        began = time.thread_time()
        weighted_medians(market.registry, market.columns)
        floor.append(time.thread_time() - began)
        market = market.later(_EVERY, share=_CHANGED, seed=cycle)
    return median(ours[_WARM:]), median(floor[_WARM:])


def weighted_medians(registry: Registry, columns: QuoteColumns) -> Floats:
    """The floor: the median price of each asset's markets by turnover, by one sort.

    The bits of a positive number order as the number does, so asset and price fit in one key.
    """
    group, assets = registry.base, len(registry.assets)
    bits = columns.last.astype(np.float32).view(np.uint32)
    order: Rows = np.argsort((group << 32) | bits)
    weight = columns.turnover[order]
    reach = np.cumsum(weight)
    end = np.cumsum(np.bincount(group, minlength=assets))
    total = np.concatenate(([0.0], reach))[end]
    before = np.concatenate(([0.0], total[:-1]))
    at = np.searchsorted(reach, before + 0.5 * (total - before))
    empty = np.diff(end, prepend=0) == 0
    return np.where(empty, np.nan, columns.last[order][np.minimum(at, len(order) - 1)])
