"""`receipt`: why one asset has its price, computed again out of the frame of the whole market.

What is counted is the CPU time of the thread that computes, as for `index_step`. A warm excerpt
was found by an earlier receipt of the same asset, a cold one has to be found first.
"""

import time
from statistics import median

import numpy as np

from app.market.excerpt import Excerpts
from app.market.frame import Frame
from app.market.index import first_state, step
from app.market.layout import lay_out
from app.market.receipt import receipt_of
from benchmarks.generated import Generated, generate
from benchmarks.measure import Report, rounded
from jobs.memory import keep_arrays_on_the_heap

MOST_MS = 5.0
ASSETS, MARKETS = 10_000, 60_000
ASKED = 200
"""Assets drawn by chance, each asked for once cold and once warm."""
_EVERY = 0.25
_CHANGED = 0.05
_WARM = 20


def run(*, assets: int = ASSETS, markets: int = MARKETS, asked: int = ASKED) -> list[Report]:
    """Milliseconds of a receipt, its excerpt found before or not."""
    keep_arrays_on_the_heap()
    market = generate(assets=assets, markets=markets)
    frame = _settled(market)
    excerpts = Excerpts(market.registry)
    chosen = np.random.default_rng(3).choice(assets, min(asked + _WARM, assets), replace=False)
    cold: list[float] = []
    warm: list[float] = []
    for asset in chosen.tolist():
        cold.append(_seconds(frame, excerpts, asset))
        warm.append(_seconds(frame, excerpts, asset))
    skipped = min(_WARM, len(cold) // 2)
    return [_report("cold", median(cold[skipped:])), _report("warm", median(warm[skipped:]))]


def _seconds(frame: Frame, excerpts: Excerpts, asset: int) -> float:
    began = time.thread_time()
    receipt_of(frame, excerpts.of(asset), asset)
    return time.thread_time() - began


def _settled(market: Generated) -> Frame:
    """The frame of the second cycle: the first has no state to carry."""
    layout = lay_out(market.registry)
    state, _, _ = step(first_state(layout.registry), market.columns, layout, market.now)
    later = market.later(_EVERY, share=_CHANGED, seed=0)
    return Frame(2, market.registry.version, later.now, "sandbox", later.columns, state)


def _report(kind: str, seconds: float) -> Report:
    return Report(
        bench=f"receipt:{kind}",
        value=rounded(seconds * 1e3),
        unit="ms",
        floor=None,
        peer=None,
        ratio=None,
        goal=f"p50 <= {MOST_MS:g} ms",
        ok=seconds * 1e3 <= MOST_MS,
    )
