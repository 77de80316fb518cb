"""Every venue we know; adding one is one file and one line here."""

from jobs.venue import Venue
from jobs.venues.binance import BINANCE, BINANCE_US
from jobs.venues.bitfinex import BITFINEX
from jobs.venues.bitstamp import BITSTAMP
from jobs.venues.bybit import BYBIT
from jobs.venues.coinbase import COINBASE
from jobs.venues.crypto_com import CRYPTO_COM
from jobs.venues.gate import GATE
from jobs.venues.gemini import GEMINI
from jobs.venues.htx import HTX
from jobs.venues.kraken import KRAKEN
from jobs.venues.kucoin import KUCOIN
from jobs.venues.okx import OKX
from jobs.venues.upbit import UPBIT

VENUES: dict[str, Venue] = {
    venue.name: venue
    for venue in (
        BINANCE,
        BINANCE_US,
        BITFINEX,
        BITSTAMP,
        BYBIT,
        COINBASE,
        CRYPTO_COM,
        GATE,
        GEMINI,
        HTX,
        KRAKEN,
        KUCOIN,
        OKX,
        UPBIT,
    )
}
