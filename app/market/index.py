"""One price per asset from all its markets: the weighted median of capped operator votes.

`step` is a pure function: the same state, quotes, registry and time give the same bits. The
published number is the median of all fresh operators; the outlier gate only feeds flags,
quorum and confidence, because the median of a gate's survivors can be captured.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.market import tiers
from app.market.ballots import Conversion
from app.market.convert import implied_votes
from app.market.inputs import Inputs, read_inputs
from app.market.layout import Layout, Stage
from app.market.quorum import flags_of, verdict
from app.market.quotes import QuoteColumns
from app.market.registry import USD
from app.market.tally import Tally, tally
from app.market.verdict import Flag, Status

Floats = NDArray[np.float64]

METHOD = "1"
"""Version of the method; it changes when the same inputs would give another price."""

HELD_MAX = 10.0
"""A price without a source is withdrawn after this many times the tier's maximum age."""


@dataclass(frozen=True, slots=True)
class IndexState:
    """What one cycle hands to the next; everything else is computed afresh."""

    good: Floats
    """ln of the last price that was published as ok or degraded, per asset; NaN if none."""
    good_at: Floats
    """When that was, in epoch seconds."""
    operators_seen: NDArray[np.int32]
    """The most operators that were fresh together while the good price lasted."""
    excluded: NDArray[np.bool_]
    """Whether each group slot is outside the gate."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What one cycle found, per asset."""

    price: Floats
    confidence: Floats
    """Half width as a share of the price; NaN while unavailable."""
    status: NDArray[np.uint8]
    flags: NDArray[np.uint32]
    sources: NDArray[np.int64]
    """Operators that voted."""
    updated: Floats
    volume: Floats
    """24 h volume in USD over all fresh markets."""


@dataclass(frozen=True, slots=True)
class Votes:
    """What one cycle made of each market."""

    raw: Floats
    usd: Floats
    weight: Floats
    spread: Floats
    volume: Floats
    updated: Floats
    flags: NDArray[np.uint32]


def first_state(layout: Layout) -> IndexState:
    """The state before anything was ever published."""
    assets = len(layout.registry.assets)
    return IndexState(
        good=np.full(assets, np.nan),
        good_at=np.full(assets, -np.inf),
        operators_seen=np.zeros(assets, dtype=np.int32),
        excluded=np.zeros(layout.groups, dtype=bool),
    )


def step(
    state: IndexState, quotes: QuoteColumns, layout: Layout, now: float
) -> tuple[IndexState, Prices, Votes]:
    """The market at `now`, and the state for the next cycle."""
    inputs = read_inputs(quotes)
    market = _Cycle(state, inputs, layout, now)
    for stage in layout.stages:
        market.evaluate(stage)
    return market.next_state(), market.prices(), market.votes()


class _Cycle:
    """The columns of one cycle while its stages are being filled in."""

    def __init__(self, state: IndexState, inputs: Inputs, layout: Layout, now: float) -> None:
        self._inputs, self._layout, self._now = inputs, layout, now
        self._registry = layout.registry
        assets, markets = len(self._registry.assets), len(self._registry.markets)
        self._conversion = Conversion(
            factor=np.full(assets, np.nan),
            confidence=np.zeros(assets),
            implied=implied_votes(layout, inputs, now),
        )
        self._price = np.full(assets, np.nan)
        self._confidence = np.full(assets, np.nan)
        self._status = np.zeros(assets, dtype=np.uint8)
        self._flags = np.zeros(assets, dtype=np.uint32)
        self._sources = np.zeros(assets, dtype=np.int64)
        self._updated = np.full(assets, np.nan)
        self._volume = np.zeros(assets)
        self._good, self._good_at = state.good.copy(), state.good_at.copy()
        self._seen, self._excluded = state.operators_seen.copy(), state.excluded.copy()
        self._vote_usd = np.full(markets, np.nan)
        self._vote_weight = np.zeros(markets)
        self._vote_volume = np.full(markets, np.nan)
        self._vote_flags = np.full(markets, Flag.CONVERSION_SUSPECT, dtype=np.uint32)
        self._price_dollar()

    def evaluate(self, stage: Stage) -> None:
        """Price the assets of one stage; those of earlier stages convert."""
        found = tally(
            stage,
            self._inputs,
            self._conversion,
            excluded=self._excluded[stage.group_slot],
            now=self._now,
        )
        self._excluded[stage.group_slot] = found.excluded
        self._record_votes(stage, found)
        self._judge(stage, found)

    def next_state(self) -> IndexState:
        return IndexState(self._good, self._good_at, self._seen, self._excluded)

    def prices(self) -> Prices:
        return Prices(
            self._price,
            self._confidence,
            self._status,
            self._flags,
            self._sources,
            self._updated,
            self._volume,
        )

    def votes(self) -> Votes:
        return Votes(
            self._inputs.price,
            self._vote_usd,
            self._vote_weight,
            self._inputs.spread,
            self._vote_volume,
            self._inputs.stamp,
            self._vote_flags,
        )

    def _price_dollar(self) -> None:
        """One dollar is one dollar, and the only price that needs no market."""
        if USD in self._registry.number_of:
            usd = self._registry.number_of[USD]
            self._conversion.factor[usd] = self._good[usd] = self._confidence[usd] = 0.0
            self._price[usd], self._status[usd] = 1.0, Status.OK
            self._updated[usd] = self._good_at[usd] = self._now

    def _record_votes(self, stage: Stage, found: Tally) -> None:
        entries = found.entries
        upright = slice(None)
        if stage.upside_down.any():
            upright = np.flatnonzero(~stage.upside_down)
        at = stage.market[upright]
        self._vote_usd[at] = np.exp(entries.value[upright])
        self._vote_volume[at] = entries.volume[upright]
        self._vote_weight[stage.market] = found.share
        self._vote_flags[stage.market] = entries.flags
        if len(stage.asset_start):
            told = np.bitwise_or.reduceat(entries.flags & _TOLD_OF_THE_ASSET, stage.asset_start)
            traded = np.where(entries.live & ~stage.upside_down, np.fmax(entries.volume, 0.0), 0.0)
            seen = stage.assets[stage.asset_seen]
            self._flags[seen] |= told
            self._volume[seen] = np.add.reduceat(traded, stage.asset_start)

    def _judge(self, stage: Stage, found: Tally) -> None:
        """S6: what may be published of each asset."""
        assets, now = stage.assets, self._now
        tier = self._registry.tier[assets]
        age_max = tiers.AGE_MAX[tier]
        expired = now - self._good_at[assets] > age_max
        seen = np.where(expired, 0, self._seen[assets])
        judged = verdict(found, seen=seen, gate=tiers.GATE_MIN[tier])
        publish = (judged == Status.OK) | (judged == Status.DEGRADED)
        self._good[assets] = np.where(publish, found.median, self._good[assets])
        self._good_at[assets] = np.where(publish, now, self._good_at[assets])
        self._seen[assets] = np.fmax(seen, np.where(publish, found.operators, 0))
        status = np.where(~publish & expired, Status.STALE, judged)
        gone = ~(now - self._good_at[assets] <= HELD_MAX * age_max)
        status = np.where(gone, Status.UNAVAILABLE, status)
        known = status != Status.UNAVAILABLE
        self._status[assets] = status
        self._price[assets] = np.where(known, np.exp(self._good[assets]), np.nan)
        self._confidence[assets] = np.where(known, found.confidence, np.nan)
        self._sources[assets] = found.operators
        self._updated[assets] = np.where(publish, found.newest, self._good_at[assets])
        self._updated[assets] = np.where(known, self._updated[assets], np.nan)
        self._flags[assets] |= flags_of(found, judged, seen, self._volume[assets])
        self._convert_by(assets, found, publish)

    def _convert_by(
        self, assets: NDArray[np.int64], found: Tally, publish: NDArray[np.bool_]
    ) -> None:
        """S2: a price converts others only while at least two votes stand behind it."""
        usable = publish & (found.voters >= 2)
        self._conversion.factor[assets] = np.where(usable, found.median, np.nan)
        self._conversion.confidence[assets] = np.where(usable, found.confidence, 0.0)


_TOLD_OF_THE_ASSET = np.uint32(
    Flag.OUTLIER_EXCLUDED | Flag.STALE_SOURCE | Flag.INVALID_INPUT | Flag.CLOCK_SKEW
)
"""Flags of a market that its asset carries as well."""
