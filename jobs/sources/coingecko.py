"""CoinGecko: `/coins/markets`, 250 assets a page, the largest first.

https://docs.coingecko.com/v3.0.1/reference/coins-markets
"""

from collections.abc import Sequence

import msgspec

from jobs.sources.reading import read_rows
from jobs.sources.source import Allowance, Cadence, Number, Source, Told, figure, instant
from jobs.wire import only_typed_errors

_PATH = "/coins/markets?vs_currency=usd&order=market_cap_desc&per_page=250&page={}"


class _Row(msgspec.Struct, gc=False):
    id: str
    symbol: str
    name: str
    current_price: Number
    circulating_supply: Number
    total_supply: Number = None
    max_supply: Number = None
    last_updated: str | None = None


_ROW = msgspec.json.Decoder(_Row)
_ROWS = msgspec.json.Decoder(list[_Row])


@only_typed_errors
def parse(body: bytes) -> Sequence[Told]:
    """The rows of one page."""
    return [
        Told(
            row.id,
            row.symbol,
            row.name,
            figure(row.current_price),
            figure(row.circulating_supply),
            figure(row.total_supply),
            figure(row.max_supply),
            instant(row.last_updated),
        )
        for row in read_rows(_ROWS, _ROW, body)
    ]


COINGECKO = Source(
    name="coingecko",
    title="CoinGecko",
    home="https://www.coingecko.com",
    docs="https://docs.coingecko.com/v3.0.1/reference/coins-markets",
    terms="https://www.coingecko.com/en/api_terms",
    licence="CoinGecko API Terms of Service; free without a key or with a demo key.",
    attribution="Data provided by CoinGecko",
    taken="prices for comparison; circulating, total and maximum supply",
    rest_url="https://api.coingecko.com/api/v3",
    path=_PATH.format,
    parse=parse,
    pages=48,
    # The demo plan's; no number is stated for calls without a key, so they keep to the same.
    allowance=Allowance(minute=30, day=0, month=10_000),
    cadence=Cadence(first=400.0, others=86_400.0, burst=3),
    key_header="x-cg-demo-api-key",
    shares_ids=True,
    ban_statuses=(403,),
)
