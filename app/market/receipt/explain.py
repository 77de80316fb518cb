"""From the inputs and the carried state of one instant to the receipt of one price."""

from math import exp, inf, nan

import numpy as np

from app.market.excerpt import Excerpt
from app.market.frame import Frame
from app.market.index import METHOD, Cycle
from app.market.quorum import SURVIVING_MIN, SURVIVORS_MIN
from app.market.receipt.ballot import Ballot
from app.market.receipt.rejection import rejections_of
from app.market.receipt.shape import Carried, Contributor, Conversion, Quorum, Receipt
from app.market.stage import Stage
from app.market.tally import Tally
from app.market.verdict import STATUS_SENTENCE, Flag, Status


def receipt_of(frame: Frame, excerpt: Excerpt, asset: int) -> Receipt:
    """Why this asset, by its number in the whole registry, had the price that it had.

    Computed again from the frame by the code that made the price.
    """
    cycle = excerpt.cycle(frame.state, frame.quotes, frame.time)
    number = int(np.searchsorted(excerpt.assets, asset))
    found, place = _tally_of(cycle, number)
    return _Explained(frame, cycle, number, found, place).receipt()


def _tally_of(cycle: Cycle, number: int) -> tuple[Tally | None, int]:
    """The tally that priced the asset, and its place there; none for the dollar."""
    for found in cycle.tallies:
        place = np.flatnonzero(found.stage.assets == number)
        if len(place):
            return found, int(place[0])
    return None, -1


class _Explained:
    """One asset of one cycle, read out."""

    def __init__(
        self, frame: Frame, cycle: Cycle, number: int, found: Tally | None, place: int
    ) -> None:
        self._frame, self._cycle, self._number = frame, cycle, number
        self._asset = cycle.layout.registry.assets[number]
        self._found, self._place = found, place
        self._ballots = [] if found is None else _ballots(found, place)

    def receipt(self) -> Receipt:
        prices, number, frame = self._cycle.prices(), self._number, self._frame
        status = Status(int(prices.status[number]))
        gate, middle = self._gate_and_median()
        return Receipt(
            asset=self._asset.id,
            symbol=self._asset.symbol,
            name=self._asset.name,
            tier=self._asset.tier.name.lower(),
            method=METHOD,
            version=frame.version,
            registry_version=frame.registry_version,
            time=frame.time,
            source=frame.source,
            price=float(prices.price[number]),
            status=status.word,
            status_reason=STATUS_SENTENCE[status],
            flags=tuple(Flag(int(prices.flags[number])).words),
            confidence=float(prices.confidence[number]),
            gate=gate,
            median=middle,
            volume=float(prices.volume[number]),
            quorum=self._quorum(),
            carried=self._carried(),
            contributors=tuple(
                sorted(
                    (self._contributor(each) for each in self._ballots if each.share > 0),
                    key=lambda line: (-line.weight, line.venue, line.symbol),
                )
            ),
            rejections=rejections_of(self._cycle, self._found, self._place, self._ballots),
        )

    def _gate_and_median(self) -> tuple[float, float]:
        if self._found is None:
            return 0.0, 1.0
        result, place = self._found.result, self._place
        return float(np.expm1(result.gate[place])), float(np.exp(result.median[place]))

    def _quorum(self) -> Quorum:
        if self._found is None:
            return Quorum(0, False, 0, SURVIVORS_MIN, 0.0, SURVIVING_MIN)
        result, place = self._found.result, self._place
        return Quorum(
            operators=int(result.operators[place]),
            implied=bool(result.voters[place] > result.operators[place]),
            survivors=int(result.survivors[place]),
            survivors_needed=SURVIVORS_MIN,
            surviving_share=float(result.surviving[place]),
            share_needed=SURVIVING_MIN,
        )

    def _carried(self) -> Carried:
        before, number = self._cycle.before, self._number
        good_at = float(before.good_at[number])
        return Carried(
            good=float(np.exp(before.good[number])),
            good_at=nan if good_at == -inf else good_at,
            pending_since=float(before.pending_since[number]),
        )

    def _contributor(self, ballot: Ballot) -> Contributor:
        cycle, row = self._cycle, ballot.market
        market = cycle.layout.registry.markets[row]
        votes, other = cycle.votes(), ballot.other
        factor = float(cycle.conversion.factor[other])
        return Contributor(
            venue=market.venue,
            operator=market.operator,
            symbol=market.symbol,
            raw=float(votes.raw[row]),
            conversion=Conversion(
                quote=cycle.layout.registry.assets[other].id,
                factor=exp(factor),
                confidence=float(cycle.conversion.confidence[other]),
            ),
            price=ballot.price,
            age=max(0.0, cycle.now - float(votes.updated[row])),
            spread=float(votes.spread[row]),
            volume=ballot.volume,
            weight_before=ballot.before,
            weight=ballot.share,
            flags=tuple(ballot.flags.words),
        )


def _ballots(found: Tally, place: int) -> list[Ballot]:
    """Every entry of the asset, in the order of the stage."""
    stage = found.stage
    before = _shares_before_the_cap(found, place)
    rows = np.flatnonzero(stage.asset_of == place).tolist()
    return [_ballot(found, stage, row, before) for row in rows]


def _ballot(found: Tally, stage: Stage, row: int, before: dict[int, float]) -> Ballot:
    entries, group = found.entries, int(stage.group[row])
    share = float(found.share[row])
    mates = float(found.share[stage.group == group].sum())
    return Ballot(
        row=row,
        market=int(stage.market[row]),
        other=int(stage.other[row]),
        price=float(np.exp(entries.value[row])),
        volume=float(entries.volume[row]),
        share=share,
        before=before.get(group, 0.0) * share / mates if share else 0.0,
        flags=Flag(int(entries.flags[row])),
    )


def _shares_before_the_cap(found: Tally, place: int) -> dict[int, float]:
    """Group → its part of the vote, had there been no cap."""
    for block, election in zip(found.stage.blocks, found.elections, strict=True):
        if block.assets.start <= place < block.assets.stop:
            column = place - block.assets.start
            weight = election.votes.weight[:, column]
            whole = float(weight.sum()) or 1.0
            groups: list[int] = block.seat[:, column].tolist()
            return {
                group: float(heavy) / whole
                for group, heavy in zip(groups, weight[: len(groups)], strict=True)
                if heavy > 0
            }
    return {}
