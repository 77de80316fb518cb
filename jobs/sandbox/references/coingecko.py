"""CoinGecko as it speaks: `/coins/markets`, pages of up to 250 coins by market cap.

https://docs.coingecko.com/v3.0.1/reference/coins-markets
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from math import isnan

import msgspec

from jobs.sandbox.references.reference import Coin, Reference

_MOST, _USUAL = 250, 100


def _markets(coins: Sequence[Coin], query: Mapping[str, str], now: float) -> bytes:
    if query.get("vs_currency") != "usd":
        return b'{"error":"Missing parameter vs_currency"}'
    size = max(1, min(_MOST, _whole(query.get("per_page"), _USUAL)))
    start = (max(1, _whole(query.get("page"), 1)) - 1) * size
    updated = _time(now)
    return msgspec.json.encode(
        [
            _row(coin, rank, updated)
            for rank, coin in enumerate(coins[start : start + size], start + 1)
        ]
    )


def _row(coin: Coin, rank: int, updated: str) -> dict[str, object]:
    cap = _known(coin.cap)
    return {
        "id": coin.id,
        "symbol": coin.symbol.lower(),
        "name": coin.name,
        "image": "",
        "current_price": coin.price,
        "market_cap": cap,
        "market_cap_rank": rank,
        "fully_diluted_valuation": _known(coin.price * coin.total),
        "total_volume": None,
        "high_24h": None,
        "low_24h": None,
        "price_change_24h": None,
        "price_change_percentage_24h": None,
        "market_cap_change_24h": None,
        "market_cap_change_percentage_24h": None,
        "circulating_supply": _known(coin.circulating),
        "total_supply": _known(coin.total),
        "max_supply": _known(coin.maximum),
        "ath": coin.price,
        "ath_change_percentage": 0.0,
        "ath_date": updated,
        "atl": coin.price,
        "atl_change_percentage": 0.0,
        "atl_date": updated,
        "roi": None,
        "last_updated": updated,
    }


def _known(value: float) -> float | None:
    return None if isnan(value) else value


def _whole(text: str | None, usual: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 9 else usual


def _time(now: float) -> str:
    time = datetime.fromtimestamp(now, UTC)
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


COINGECKO = Reference(
    name="coingecko",
    path="/coins/markets",
    say=_markets,
    calls=30,
    per=60.0,
    status=429,
    refusal=(
        b'{"status":{"error_code":429,"error_message":"You\'ve exceeded the Rate Limit. Please'
        b" visit https://www.coingecko.com/en/api/pricing to subscribe to our API plans for"
        b' higher rate limits."}}'
    ),
    retry_after=60,
    names_versions=True,
)
