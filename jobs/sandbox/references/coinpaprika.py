"""CoinPaprika as it speaks: `/tickers`, everything that the free plan has in one answer.

https://docs.coinpaprika.com/api-reference/tickers/get-tickers-for-all-active-coins
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from math import isnan

import msgspec

from jobs.sandbox.references.reference import Coin, Reference

_FREE = 2000
_OWN = {"binancecoin": ("bnb-binance-coin", "Binance Coin")}
"""Coins that it names otherwise than most do."""


def _tickers(coins: Sequence[Coin], query: Mapping[str, str], now: float) -> bytes:
    updated = datetime.fromtimestamp(int(now), UTC).isoformat().replace("+00:00", "Z")
    return msgspec.json.encode(
        [_row(coin, rank, updated) for rank, coin in enumerate(coins[:_FREE], 1)]
    )


def _row(coin: Coin, rank: int, updated: str) -> dict[str, object]:
    """Without a circulating supply, which the free plan does not tell."""
    key, name = _OWN.get(coin.id, (f"{_slug(coin.symbol)}-{_slug(coin.name)}", coin.name))
    return {
        "id": key,
        "name": name,
        "symbol": coin.symbol,
        "rank": rank,
        "total_supply": _known(coin.total),
        "max_supply": _known(coin.maximum),
        "beta_value": 1.0,
        "first_data_at": "2013-04-28T00:00:00Z",
        "last_updated": updated,
        "quotes": {
            "USD": {
                "price": coin.price,
                "volume_24h": 0,
                "market_cap": round(_known(coin.cap)),
                "market_cap_change_24h": 0,
                "percent_change_24h": 0,
                "ath_price": None,
                "ath_date": None,
                "percent_from_price_ath": None,
            }
        },
    }


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _known(value: float) -> float:
    """What is unknown is 0 here."""
    return 0 if isnan(value) else value


COINPAPRIKA = Reference(
    name="coinpaprika",
    path="/tickers",
    say=_tickers,
    calls=20_000,
    per=30 * 86_400.0,
    status=402,
    refusal=b'{"error":"Payment required: the limit of the free plan is reached"}',
)
