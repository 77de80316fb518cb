"""CoinPaprika: `/tickers`, all assets of the free plan in one answer.

https://docs.coinpaprika.com/api-reference/tickers/get-tickers-for-all-active-coins
"""

from collections.abc import Sequence
from math import nan

import msgspec

from jobs.sources.reading import read_rows
from jobs.sources.source import Allowance, Cadence, Number, Source, Told, figure, instant
from jobs.wire import only_typed_errors


class _Dollars(msgspec.Struct, gc=False):
    price: Number
    market_cap: Number = None


class _Quotes(msgspec.Struct, gc=False):
    USD: _Dollars


class _Row(msgspec.Struct, gc=False):
    id: str
    symbol: str
    name: str
    quotes: _Quotes
    circulating_supply: Number = None
    total_supply: Number = None
    max_supply: Number = None
    last_updated: str | None = None


_ROW = msgspec.json.Decoder(_Row)
_ROWS = msgspec.json.Decoder(list[_Row])


@only_typed_errors
def parse(body: bytes) -> Sequence[Told]:
    """The rows of the answer."""
    return [
        Told(
            row.id,
            row.symbol,
            row.name,
            figure(row.quotes.USD.price),
            _circulating(row),
            figure(row.total_supply),
            figure(row.max_supply),
            instant(row.last_updated),
        )
        for row in read_rows(_ROWS, _ROW, body)
    ]


def _circulating(row: _Row) -> float:
    """The free plan leaves the field out, but tells the market cap that was made of it."""
    if row.circulating_supply is not None:
        return figure(row.circulating_supply)
    price, cap = figure(row.quotes.USD.price), figure(row.quotes.USD.market_cap)
    return cap / price if price > 0 else nan


COINPAPRIKA = Source(
    name="coinpaprika",
    title="CoinPaprika",
    home="https://coinpaprika.com",
    docs="https://docs.coinpaprika.com/api-reference/tickers/get-tickers-for-all-active-coins",
    terms="https://coinpaprika.com/terms-of-use",
    licence="CoinPaprika terms of use; the free plan is for non-commercial use.",
    attribution="Powered by CoinPaprika",
    taken="prices for comparison; total and maximum supply; circulating supply as cap ÷ price",
    rest_url="https://api.coinpaprika.com/v1",
    path=lambda page: "/tickers",
    parse=parse,
    pages=1,
    allowance=Allowance(minute=0, day=0, month=20_000),
    cadence=Cadence(first=300.0, others=86_400.0, burst=1),
    ids={"bnb-binance-coin": "binancecoin"},
    # Status 402 is how the free plan says that the month's calls are spent.
    ban_statuses=(402, 403),
)
