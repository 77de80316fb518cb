"""One price per asset from all its markets: the weighted median of capped operator votes.

`step` is a pure function: the same state, quotes, registry and time give the same bits. The
published number is the median of all fresh operators; the outlier gate only feeds flags,
quorum and confidence, because the median of a gate's survivors can be captured.
"""

import numpy as np
from numpy.typing import NDArray

from app.market import tiers
from app.market.ballots import Conversion, Memory
from app.market.breaker import broken
from app.market.convert import implied_votes
from app.market.inputs import read_inputs
from app.market.jumps import pending
from app.market.layout import Layout
from app.market.outcome import Prices, Votes
from app.market.pegs import DEPEG_OFF, WATCH_OFF, off_peg, peg_flags, since_off
from app.market.probation import approved, observed
from app.market.quorum import flags_of, verdict
from app.market.quotes import QuoteColumns
from app.market.registry import USD, Tier
from app.market.stage import Ints, Stage
from app.market.state import IndexState, first_state
from app.market.tally import Tally, tally
from app.market.units import recent_units, rescaled, slipped, taking_effect
from app.market.verdict import Flag, Status

__all__ = ["METHOD", "Cycle", "IndexState", "Prices", "Votes", "first_state", "step"]

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

METHOD = "2"
"""Version of the method; it changes when the same inputs would give another price."""

HELD_MAX = 10.0
"""A price without a source is withdrawn after this many times the tier's maximum age."""


def step(
    state: IndexState, quotes: QuoteColumns, layout: Layout, now: float
) -> tuple[IndexState, Prices, Votes]:
    """The market at `now`, and the state for the next cycle."""
    cycle = Cycle(state, quotes, layout, now)
    return cycle.next_state(), cycle.prices(), cycle.votes()


class Cycle:
    """The columns of one cycle; its stages are counted one after the other as it is made."""

    def __init__(self, state: IndexState, quotes: QuoteColumns, layout: Layout, now: float) -> None:
        self.inputs = read_inputs(quotes)
        self.layout, self.now = layout, now
        self.tallies: list[Tally] = []
        """One per stage, in the order of the stages."""
        self.before = state
        registry = self._registry = layout.registry
        assets, markets = len(registry.assets), len(registry.markets)
        self.conversion = Conversion(
            factor=np.full(assets, np.nan),
            confidence=np.zeros(assets),
            implied=implied_votes(layout, self.inputs, now),
        )
        self._price, self._confidence, self._updated, self._measured = (
            np.full(assets, np.nan) for _ in range(4)
        )
        self._status = np.zeros(assets, dtype=np.uint8)
        self._flags = np.zeros(assets, dtype=np.uint32)
        self._sources = np.zeros(assets, dtype=np.int64)
        self._volume, self._reported = np.zeros(assets), np.zeros(assets)
        effective = taking_effect(registry, after=state.time, until=now)
        self._good = rescaled(state.good, effective, registry)
        self._usual = rescaled(state.usual, effective, registry)
        self._good_at, self._seen = state.good_at.copy(), state.operators_seen.copy()
        self._pending, self._broken = state.pending_since.copy(), state.broken_since.copy()
        self._vote_usd, self._vote_volume = np.full(markets, np.nan), np.full(markets, np.nan)
        self._vote_weight = np.zeros(markets)
        self._vote_flags = np.full(markets, Flag.CONVERSION_SUSPECT, dtype=np.uint32)
        self._memory = Memory(
            good=self._good,
            approved=approved(registry, layout.on_trial, state.tried, state.agreed),
            stranger_since=state.stranger_since,
            distrusted=state.distrusted,
            old_units=recent_units(registry, now),
            now=now,
        )
        self._price_dollar()
        for stage in layout.stages:
            self._count(stage)
        self._watch_pegs()

    def next_state(self) -> IndexState:
        """What the next cycle needs of this one."""
        tried, agreed = self._tried()
        excluded = [found.excluded for found in self.tallies]
        return IndexState(
            time=self.now,
            good=self._good,
            good_at=self._good_at,
            operators_seen=self._seen,
            pending_since=self._pending,
            broken_since=self._broken,
            watched_since=self._watched,
            depegged_since=self._depegged,
            usual=self._usual,
            excluded=np.sort(np.concatenate([np.empty(0, dtype=np.int64), *excluded])),
            tried=tried,
            agreed=agreed,
            stranger_since=self._strangers(),
            distrusted=self.before.distrusted,
        )

    def prices(self) -> Prices:
        """What is published of each asset."""
        return Prices(
            self._price,
            self._confidence,
            self._status,
            self._flags,
            self._sources,
            self._updated,
            self._volume,
            self._reported,
        )

    def votes(self) -> Votes:
        """What became of each market."""
        return Votes(
            self.inputs.price,
            self._vote_usd,
            self._vote_weight,
            self.inputs.spread,
            self._vote_volume,
            self.inputs.stamp,
            self._vote_flags,
        )

    def _price_dollar(self) -> None:
        """One dollar is one dollar, and the only price that needs no market."""
        if USD in self._registry.number_of:
            usd = self._registry.number_of[USD]
            self.conversion.factor[usd] = self._good[usd] = self._confidence[usd] = 0.0
            self._measured[usd] = 0.0
            self._price[usd], self._status[usd] = 1.0, Status.OK
            self._updated[usd] = self._good_at[usd] = self.now

    def _count(self, stage: Stage) -> None:
        """Price the assets of one stage; those of earlier stages convert."""
        found = tally(
            stage, self.inputs, self.conversion, self._memory, excluded=self.before.excluded
        )
        self.tallies.append(found)
        self._record_votes(stage, found)
        self._judge(stage, found)

    def _record_votes(self, stage: Stage, found: Tally) -> None:
        entries = found.entries
        upright = slice(None) if stage.upright is None else stage.upright
        at = stage.market[upright]
        self._vote_usd[at] = np.exp(entries.value[upright])
        self._vote_volume[at] = entries.volume[upright]
        self._vote_weight[stage.market] = found.share
        self._vote_flags[stage.market] = entries.flags
        if len(stage.asset_start):
            self._tell_assets(stage, found)

    def _tell_assets(self, stage: Stage, found: Tally) -> None:
        """An asset carries some flags of its markets, and the volume of those that are fresh."""
        entries = found.entries
        flags = entries.flags & _TOLD_OF_THE_ASSET
        # A currency that never had a price is no news; a stablecoin without one always is.
        expected = np.isfinite(self._good) | (self._registry.tier == Tier.STABLE)
        flags |= entries.flags & (expected.take(stage.other) * np.uint32(Flag.CONVERSION_SUSPECT))
        seen = stage.assets[stage.asset_seen]
        self._flags[seen] |= np.bitwise_or.reduceat(flags, stage.asset_start)
        for total, volume in (
            (self._volume, entries.believed),
            (self._reported, entries.volume),
        ):
            traded = np.where(entries.live, np.fmax(volume, 0.0), 0.0)
            if stage.upright is not None:
                traded[stage.upside_down] = 0.0
            total[seen] = np.add.reduceat(traded, stage.asset_start)

    def _judge(self, stage: Stage, found: Tally) -> None:
        """S6, S7 and S13: what may be published of each asset."""
        assets, now, result = stage.assets, self.now, found.result
        age_max = tiers.AGE_MAX[stage.tier]
        good, good_at = self._good[assets], self._good_at[assets]
        expired, gone = now - good_at > age_max, now - good_at > HELD_MAX * age_max
        # A price that was withdrawn begins anew, and so does the count of who stood behind it.
        seen = np.where(gone, 0, self._seen[assets])
        judged = verdict(result, seen=seen, gate=tiers.GATE_MIN[stage.tier])
        agreed = (judged == Status.OK) | (judged == Status.DEGRADED)
        self._flags[assets] |= flags_of(result, judged, seen, self._volume[assets])
        leap = np.where(expired, np.nan, result.median - good)
        waiting, suspect = self._hold(stage, found, leap, agreed)
        publish = agreed & ~waiting & ~suspect
        self._good[assets] = good = np.where(publish, result.median, good)
        self._good_at[assets] = good_at = np.where(publish, now, good_at)
        self._seen[assets] = np.fmax(seen, np.where(publish, result.operators, 0))
        status = np.where(agreed & ~publish, Status.HELD, judged)
        status = np.where(~publish & expired, Status.STALE, status)
        known = now - good_at <= HELD_MAX * age_max
        self._status[assets] = np.where(known, status, Status.UNAVAILABLE)
        self._price[assets] = np.where(known, np.exp(good), np.nan)
        self._confidence[assets] = np.where(known, result.confidence, np.nan)
        self._sources[assets] = result.operators
        self._updated[assets] = np.where(known, np.where(publish, result.newest, good_at), np.nan)
        self._measured[assets] = np.where(agreed, result.median, np.nan)
        self._convert_by(assets, found, agreed & ~suspect)

    def _hold(self, stage: Stage, found: Tally, leap: Floats, agreed: Mask) -> tuple[Mask, Mask]:
        """Which prices wait for confirmation, and which the breaker keeps back."""
        assets, result = stage.assets, found.result
        self._pending[assets], waiting = pending(
            result,
            step=leap,
            publishable=agreed,
            since=self._pending[assets],
            tier=stage.tier,
            now=self.now,
        )
        self._broken[assets], suspect = broken(
            result,
            usual=self._usual[assets],
            publishable=agreed,
            since=self._broken[assets],
            age_max=tiers.AGE_MAX[stage.tier],
            now=self.now,
        )
        slip = waiting & slipped(leap) | suspect & slipped(result.median - self._usual[assets])
        self._flags[assets] |= (
            waiting * np.uint32(Flag.JUMP_PENDING)
            | slip * np.uint32(Flag.UNIT_MISMATCH)
            | suspect * np.uint32(Flag.BREAKER)
        )
        return waiting, suspect

    def _convert_by(self, assets: Ints, found: Tally, usable: Mask) -> None:
        """S2: a price converts others only while at least two votes stand behind it.

        What is measured converts, even while the published price waits for confirmation.
        """
        usable = usable & (found.result.voters >= 2)
        self.conversion.factor[assets] = np.where(usable, found.result.median, np.nan)
        self.conversion.confidence[assets] = np.where(usable, found.result.confidence, 0.0)

    def _watch_pegs(self) -> None:
        """S8: the pegs, once all that they are measured against is known."""
        off = off_peg(self._registry, self._measured)
        before = self.before
        self._watched = since_off(off, WATCH_OFF, before.watched_since, self.now)
        self._depegged = since_off(off, DEPEG_OFF, before.depegged_since, self.now)
        self._flags |= peg_flags(
            self._watched, self._depegged, operators=self._sources, now=self.now
        )

    def _strangers(self) -> Floats:
        """S0: the markets that contradict the pinned ones of their assets."""
        since = self.before.stranger_since
        for found in self.tallies:
            if len(found.stage.pins.owner):
                since = since.copy()
                since[found.stage.market] = found.entries.stranger_since
        return since

    def _tried(self) -> tuple[Floats, Floats]:
        """S0: how the mappings on probation have done so far."""
        before, rows = self.before, self.layout.on_trial
        if not len(rows) or not np.isfinite(before.time):
            return before.tried, before.agreed
        index = self._price[self._registry.base[rows]]
        distance = np.log(self._vote_usd[rows] / index)
        distance[self._vote_flags[rows] & np.uint32(Flag.STALE_SOURCE) > 0] = np.nan
        seconds = self.now - before.time
        return observed(rows, before.tried, before.agreed, distance, seconds)


_TOLD_OF_THE_ASSET = np.uint32(
    Flag.OUTLIER_EXCLUDED
    | Flag.STALE_SOURCE
    | Flag.INVALID_INPUT
    | Flag.CLOCK_SKEW
    | Flag.UNIT_MISMATCH
    | Flag.IDENTITY_CONFLICT
    | Flag.PREMIUM_MARKET
    | Flag.RESTRICTED_MARKET
    | Flag.VOLUME_SUSPECT
)
"""Flags of a market that its asset carries as well."""
