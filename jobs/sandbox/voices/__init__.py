"""How each simulated venue speaks; one file a venue, and VOICES is the table."""

from jobs.sandbox.voice import Voice
from jobs.sandbox.voices.binance import BINANCE
from jobs.sandbox.voices.bitfinex import BITFINEX
from jobs.sandbox.voices.bitstamp import BITSTAMP
from jobs.sandbox.voices.bybit import BYBIT
from jobs.sandbox.voices.coinbase import COINBASE
from jobs.sandbox.voices.crypto_com import CRYPTO_COM
from jobs.sandbox.voices.gate import GATE
from jobs.sandbox.voices.gemini import GEMINI
from jobs.sandbox.voices.htx import HTX
from jobs.sandbox.voices.kraken import KRAKEN
from jobs.sandbox.voices.kucoin import KUCOIN
from jobs.sandbox.voices.okx import OKX

VOICES: dict[str, Voice] = {
    voice.name: voice
    for voice in (
        BINANCE,
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
    )
}
