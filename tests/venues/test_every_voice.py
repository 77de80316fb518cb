"""What every simulated venue says, heard by the adapter of the same venue."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import pytest

from app.market.quotes import Quote
from jobs.sandbox.voice import Heard, Voice
from jobs.sandbox.voices import VOICES
from jobs.venue import Ack, Alias, Event, Listing, Unknown
from jobs.venues import VENUES
from tests.venues.hearing import NOW, TIME, answer, book, events, heard

pytestmark = pytest.mark.unit

ALL = ("last", "bid", "ask", "volume", "turnover", "time")
BOOK = ("last", "bid", "ask", "volume")
NUMBERS = {
    "BTC": (64000.25, 32000.125, 128000.5, 1234.5, 79008308.625),
    "BSV": (50.25, 25.125, 100.5, 1234.5, 62033.625),
    "SHIB": (0.0000125, 0.00000625, 0.000025, 1234.5, 0.01543125),
}
"""Last, bid, ask, volume and turnover of the books."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of two books by one venue, and what ends the first of them."""

    symbols: tuple[str, str]
    quote: str
    stream: tuple[str, ...]
    """Fields of the quotes of its stream."""
    rest: tuple[str, ...]
    rest_time: float
    end: str
    """A frame that ends the subscription of the first market."""
    base: str = "BTC"
    names: tuple[str, ...] = ()
    """What the stream calls the markets, where it has numbers for them."""
    confirmed: tuple[Event, ...] = ()
    """How the adapter hears the end being confirmed."""

    @property
    def bases(self) -> tuple[str, str]:
        return (self.base, "SHIB")


TOLD = {
    "binance": Told(
        ("BTCUSDT", "SHIBUSDT"),
        "USDT",
        ALL,
        ALL,
        TIME,
        '{"method":"UNSUBSCRIBE","params":["btcusdt@ticker"],"id":312}',
        confirmed=(Ack("312"),),
    ),
    "bitfinex": Told(
        ("tBTCUST", "tSHIB:UST"),
        "UST",
        BOOK,
        BOOK,
        NOW,
        # It names a channel by its number alone, and the voice remembers none.
        "",
        names=("336488920", "3843978789"),
    ),
    "bitstamp": Told(
        ("btceur", "shibeur"),
        "EUR",
        ("last", "time", "sequence"),
        (*BOOK, "time"),
        1700000009.0,
        '{"event":"bts:unsubscribe","data":{"channel":"live_trades_btceur"}}',
    ),
    "bybit": Told(
        ("BTCUSDT", "SHIBUSDT"),
        "USDT",
        ("last", "volume", "turnover", "time"),
        ALL,
        NOW,
        '{"op":"unsubscribe","args":["tickers.BTCUSDT"],"req_id":"7"}',
    ),
    "coinbase": Told(
        ("BTC-USD", "SHIB-USD"),
        "USD",
        (*BOOK, "time", "sequence"),
        ("last", "volume"),
        NOW,
        '{"type":"unsubscribe","product_ids":["BTC-USD"],"channels":["ticker"]}',
    ),
    "crypto_com": Told(
        ("BTC_USD", "SHIB_USD"),
        "USD",
        (*BOOK, "time"),
        (*BOOK, "time"),
        TIME,
        '{"id":3,"method":"unsubscribe","params":{"channels":["ticker.BTC_USD"]}}',
        confirmed=(Unknown("unsubscribe"),),
    ),
    "gate": Told(
        ("BTC_USDT", "SHIB_USDT"),
        "USDT",
        ALL,
        ALL[:-1],
        NOW,
        '{"time":0,"channel":"spot.tickers","event":"unsubscribe","payload":["BTC_USDT"]}',
    ),
    "gemini": Told(
        ("BTCUSD", "SHIBUSD"),
        "USD",
        ("last", "time", "sequence"),
        ("last",),
        NOW,
        '{"type":"unsubscribe","subscriptions":[{"name":"l2","symbols":["BTCUSD"]}]}',
    ),
    "htx": Told(
        ("btcusdt", "shibusdt"),
        "USDT",
        ALL,
        ALL,
        NOW,
        '{"unsub":"market.btcusdt.ticker"}',
        confirmed=(Unknown("ok"),),
    ),
    "kraken": Told(
        ("BTC/EUR", "SHIB/EUR"),
        "EUR",
        (*BOOK, "time"),
        BOOK,
        NOW,
        '{"method":"unsubscribe","params":{"channel":"ticker","symbol":["BTC/EUR"]}}',
    ),
    "kucoin": Told(
        ("BCHSV-USDT", "SHIB-USDT"),
        "USDT",
        ("last", "bid", "ask", "time", "sequence"),
        ALL,
        NOW,
        '{"id":3,"type":"unsubscribe","topic":"/market/ticker:BCHSV-USDT"}',
        base="BSV",
        confirmed=(Ack("3"),),
    ),
    "okx": Told(
        ("BTC-USDT", "SHIB-USDT"),
        "USDT",
        ALL,
        ALL,
        TIME,
        '{"op":"unsubscribe","args":[{"channel":"tickers","instId":"BTC-USDT"}]}',
    ),
}

PONGS: dict[str, bytes | str] = {
    "bitfinex": b'{"event":"pong","ts":1700000009750,"cid":1}',
    "bitstamp": b'{"event":"bts:heartbeat","channel":"","data":{"status":"success"}}',
    "bybit": b'{"success":true,"ret_msg":"pong",'
    b'"conn_id":"d9avt8shteepr00gfc1g-4zd1x","op":"ping"}',
    "gate": b'{"time":1700000009,"time_ms":1700000009750,"channel":"spot.pong","event":"",'
    b'"result":null}',
    "kucoin": b'{"id":"1","type":"pong"}',
    "okx": "pong",
}
"""How the ping of each adapter that sends one is answered."""

each_voice = pytest.mark.parametrize("voice", VOICES.values(), ids=VOICES)


def quotes(told: Told, names: Sequence[str], fields: Sequence[str], time: float) -> list[Quote]:
    """The quotes of both books with these fields."""
    found: list[Quote] = []
    for name, base in zip(names, told.bases, strict=True):
        known = dict(zip(ALL, (*NUMBERS[base], time), strict=True))
        said = {each: number for each, number in known.items() if each in fields}
        found.append(Quote(name, **said, sequence=77 if "sequence" in fields else 0))
    return found


@each_voice
def test_a_change_of_the_book_is_heard_with_exactly_its_numbers(voice: Voice):
    told = TOLD[voice.name]
    said = [voice.say(book(voice, base, told.quote)) for base in told.bases]

    expected = quotes(told, told.names or told.symbols, told.stream, TIME)
    assert repr([quote for each in said for quote in heard(voice.name, each)]) == repr(expected)


@each_voice
def test_the_market_list_names_the_markets(voice: Voice):
    told, venue = TOLD[voice.name], VENUES[voice.name]

    assert venue.parse_markets(listing(voice, venue.markets.path)) == [
        Listing(symbol, base, told.quote, active=True)
        for symbol, base in zip(told.symbols, told.bases, strict=True)
    ]


@each_voice
def test_the_tickers_carry_exactly_the_numbers_of_the_books(voice: Voice):
    told, venue = TOLD[voice.name], VENUES[voice.name]
    assert venue.tickers is not None
    assert venue.parse_tickers is not None

    found = venue.parse_tickers(listing(voice, venue.tickers.path))

    assert repr([*found]) == repr(quotes(told, told.symbols, told.rest, told.rest_time))


@each_voice
def test_a_subscription_is_confirmed_under_its_keys(voice: Voice):
    bases = [f"A{number}" for number in range(150)]
    for asked in VENUES[voice.name].subscribe([voice.symbol(base, "USDT") for base in bases]):
        answered = voice.hear(asked.frame, NOW)
        confirmed = [each for each in events(voice.name, answered) if not isinstance(each, Alias)]

        assert answered.subscribe == asked.symbols
        assert confirmed == [Ack(key) for key in asked.keys]


@pytest.mark.parametrize("name", [name for name, told in TOLD.items() if told.end])
def test_an_unsubscription_ends_the_market(name: str):
    told = TOLD[name]

    answered = VOICES[name].hear(told.end, NOW)

    assert (answered.subscribe, answered.unsubscribe) == ((), told.symbols[:1])
    assert events(name, answered) == [*told.confirmed]


@pytest.mark.parametrize("name", [name for name in VOICES if VENUES[name].ping])
def test_our_ping_is_answered_before_the_venue_hangs_up(name: str):
    ping, voice = VENUES[name].ping, VOICES[name]
    assert ping is not None

    answered = voice.hear(ping.frame, NOW)

    assert answered == Heard((PONGS[name],))
    assert events(name, answered) == []
    assert ping.every < (voice.close_on_silence or inf)


def listing(voice: Voice, call: str) -> bytes:
    told = TOLD[voice.name]
    return answer(voice, call, [book(voice, base, told.quote) for base in told.bases])
