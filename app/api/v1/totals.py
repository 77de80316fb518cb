"""The whole market in one line."""

import numpy as np

from app.api.encoding import enveloped
from app.api.freshness import Moment
from app.api.parameters import Parameters
from app.api.resource import Resource
from app.api.v1.schemas import GlobalAnswer
from app.market.registry import Tier
from app.market.verdict import Status


class GlobalQuery(Parameters):
    """Nothing can be asked."""


def totals(moment: Moment, query: GlobalQuery) -> bytes:
    """Totals, dominance, and how many assets have which status."""
    sums = moment.snapshot.totals
    return enveloped(
        moment,
        data={
            "market_cap": sums.market_cap,
            "market_cap_change_24h": round(sums.market_cap_change_24h, 6),
            "volume_24h": sums.volume_24h,
            "dominance": {
                "bitcoin": round(sums.bitcoin_share, 6),
                "ethereum": round(sums.ethereum_share, 6),
            },
            "assets": sums.assets,
            "assets_by_status": _by_status(moment),
            "venues": sums.venues,
            "venues_live": sums.venues_live,
        },
    )


def _by_status(moment: Moment) -> dict[str, int]:
    columns = moment.snapshot.columns
    shown = (moment.registry.tier != Tier.FIAT) & (columns["listed"] > 0)
    counts = np.bincount(columns["status"][shown], minlength=len(Status))
    return {status.word: int(counts[status]) for status in reversed(Status)}


RESOURCES = (
    Resource(
        path="/api/v1/global",
        name="global",
        summary="Totals of the market",
        query=GlobalQuery,
        body=totals,
        shape=GlobalAnswer,
    ),
)
