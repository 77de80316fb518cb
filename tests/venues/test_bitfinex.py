"""Bitfinex, on recorded frames and on payloads written from its documentation."""

from contextlib import suppress
from random import Random

import msgspec
import pytest

from app.market.quotes import Quote
from jobs.venue import (
    Ack,
    Alias,
    Event,
    FrameError,
    Listing,
    Refused,
    Renew,
    Subscription,
    Unknown,
)
from jobs.venues.bitfinex import BITFINEX, parse_tickers
from tests.recordings import answers, frames, samples

CAPTURE = "ws/bitfinex/2021-04-17_BITFINEX.ws.11.0.log.gz"

TICKER = b"[340,[7616.5,31.89055,7617.5,43.358118,-550.8,-0.0674,7617.1,8314.71,8257.8,7500]]"
TRADE = b'[17470,"te",[401597395,1574694478808,0.005,7245.3]]'
SUBSCRIBED = (
    b'{"event":"subscribed","channel":"ticker","chanId":340,"symbol":"tBTCUSD","pair":"BTCUSD"}'
)
ERROR = (
    b'{"channel":"ticker","symbol":"tNOPE:USD","event":"error","msg":"symbol: invalid",'
    b'"code":10300,"pair":"NOPE:USD"}'
)
PAIRS = b'[["BTCUSD","DOGE:USD","TESTBTC:TESTUSD","AAABBB",7,"BTCF0:USTF0","ODD","IOTETH"]]'
TICKERS = (
    b'[["tBTCUSD",10645,73.93854271,10647,75.22266119,731.6,0.0738,10644.7,14480.9,10766,9889],'
    b'["tNULL:USD",null,null,null,null,null,null,null,null,null,null],'
    b'["fBCHABC",0.0003,0.0002,30,5000,0.0001,2,2000,-0.1,-0.01,0.0003,6000,0.0005,0.0001,null],'
    b'["tBTCF0:USTF0",10645,1,10647,1,1,0.01,10646,9,10766,9889],'
    b'["tTESTBTC:TESTUSD",10645,1,10647,1,1,0.01,10646,9,10766,9889],'
    b'["tTHIN:USD",null,null,3,1,0,0,2.5,4,3,2,"a field of tomorrow"]]'
)


def of_capture() -> list[Event]:
    return [event for _, frame in frames(CAPTURE) for event in BITFINEX.parse(frame)]


@pytest.mark.unit
@pytest.mark.parametrize("frame", [TICKER, TICKER[:-1] + b',9797,1633910436166,"ticker"]'])
def test_a_ticker_becomes_one_quote_whatever_is_appended(frame: bytes):
    (actual,) = BITFINEX.parse(frame)

    assert repr(actual) == repr(Quote("340", 7617.1, 7616.5, 7617.5, 8314.71))


@pytest.mark.unit
def test_an_empty_side_of_the_book_is_not_said():
    (actual,) = BITFINEX.parse(TICKER.replace(b"7616.5", b"null"))

    assert repr(actual) == repr(Quote("340", 7617.1, ask=7617.5, volume=8314.71))


@pytest.mark.unit
def test_an_executed_trade_gives_the_last_price_once():
    (actual,) = BITFINEX.parse(TRADE)

    assert repr(actual) == repr(Quote("17470", 7245.3, time=1574694478.808))
    assert BITFINEX.parse(TRADE.replace(b"te", b"tu")) == ()


@pytest.mark.recorded
def test_the_recorded_tickers_give_these_quotes():
    quotes = [event for event in of_capture() if isinstance(event, Quote)]

    assert len(quotes) == 21
    assert repr(quotes[0]) == repr(Quote("232949", 0.076989, 0.068965, 0.0774, 101459.39453471))
    assert repr(quotes[-1]) == repr(Quote("232950", 282780.0, 278790.0, 281530.0, 32.20946748))


@pytest.mark.recorded
def test_every_recorded_quote_has_a_symbol_by_its_channel_number():
    events = of_capture()
    symbols = {event.key: event.symbol for event in events if isinstance(event, Alias)}
    quoted = {symbols[event.symbol] for event in events if isinstance(event, Quote)}

    assert len(symbols) == 21
    assert quoted == {
        "tBFTUSD",
        "tDOGUSD",
        "tIOTETH",
        "tMNABTC",
        "tODEUSD",
        "tSNGUSD",
        "tTESTBTC:TESTUSD",
    }


@pytest.mark.recorded
def test_the_other_recorded_frames_are_confirmations_and_data_of_other_channels():
    events = of_capture()

    assert events[0:2] == [Ack("tBFTUSD"), Alias("232949", "tBFTUSD")]
    assert events.count(Unknown("data")) == 1628 - 21
    assert len(events) == 1628 + 2 * 21


@pytest.mark.recorded
def test_a_trade_of_2019_reads_the_same():
    (actual,) = BITFINEX.parse(samples("map bitfinex messages", "messages")[3])

    assert repr(actual) == repr(Quote("89", 10087.98969503, time=1564617600.709))


@pytest.mark.recorded
def test_the_recorded_pair_list_gives_these_markets():
    (_, body), _currencies = answers("ws/bitfinex/2021-04-17_BITFINEX.0.log.gz")

    listings = BITFINEX.parse_markets(body)

    assert len(listings) == 290
    assert listings[0] == Listing("tAAVE:USD", "AAVE", "USD", active=True)
    assert Listing("tBTCUST", "BTC", "UST", active=True) in listings
    assert [listing for listing in listings if listing.base.startswith(("TEST", "AAAB"))] == []


@pytest.mark.unit
def test_paper_trading_derivatives_and_bad_rows_are_left_out_of_the_markets():
    assert BITFINEX.parse_markets(PAIRS) == [
        Listing("tBTCUSD", "BTC", "USD", active=True),
        Listing("tDOGE:USD", "DOGE", "USD", active=True),
        Listing("tIOTETH", "IOT", "ETH", active=True),
    ]


@pytest.mark.unit
def test_only_spot_markets_that_traded_are_read_from_the_tickers():
    assert repr(parse_tickers(TICKERS)) == repr(
        [
            Quote("tBTCUSD", 10644.7, 10645.0, 10647.0, 14480.9),
            Quote("tTHIN:USD", 2.5, ask=3.0, volume=4.0),
        ]
    )


@pytest.mark.unit
def test_each_market_is_asked_for_in_a_frame_of_its_own():
    assert BITFINEX.subscribe(["tBTCUSD", "tDOGE:USD"]) == [
        Subscription(
            '{"event":"subscribe","channel":"ticker","symbol":"tBTCUSD"}',
            ("tBTCUSD",),
            ("tBTCUSD",),
        ),
        Subscription(
            '{"event":"subscribe","channel":"ticker","symbol":"tDOGE:USD"}',
            ("tDOGE:USD",),
            ("tDOGE:USD",),
        ),
    ]


@pytest.mark.unit
def test_a_confirmation_ties_the_channel_number_to_the_symbol():
    assert BITFINEX.parse(SUBSCRIBED) == (Ack("tBTCUSD"), Alias("340", "tBTCUSD"))


@pytest.mark.unit
def test_a_funding_currency_is_no_market():
    frame = b'{"event":"subscribed","channel":"ticker","chanId":9,"symbol":"fBTC"}'

    assert BITFINEX.parse(frame) == (Unknown("subscribed"),)


@pytest.mark.unit
def test_an_error_is_a_refusal_of_its_symbol_or_pair():
    assert BITFINEX.parse(ERROR) == (Refused("tNOPE:USD", "10300: symbol: invalid"),)
    assert BITFINEX.parse(ERROR.replace(b'"symbol":"tNOPE:USD",', b"")) == (
        Refused("tNOPE:USD", "10300: symbol: invalid"),
    )
    assert BITFINEX.parse(b'{"event":"error","msg":"subscribe: limit","code":10305}') == (
        Refused("", "10305: subscribe: limit"),
    )


@pytest.mark.unit
@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (20051, "the stream restarts"),
        (20060, "maintenance begins"),
        (20061, "maintenance is over and all channels want new subscriptions"),
    ],
)
def test_a_restart_or_maintenance_renews_the_connection(code: int, reason: str):
    frame = f'{{"event":"info","code":{code},"msg":"x"}}'

    assert BITFINEX.parse(frame.encode()) == (Renew(reason),)


@pytest.mark.unit
@pytest.mark.parametrize(
    "frame",
    [
        b'{"event":"info","version":2,"serverId":"x","platform":{"status":1}}',
        b'{"event":"conf","status":"OK","flags":65536}',
        b'{"event":"pong","ts":1511545528111,"cid":1}',
        b'{"event":"unsubscribed","status":"OK","chanId":340}',
        b'[340,"hb"]',
        b' [340,"hb",3603,1569715249702]',
    ],
)
def test_what_carries_no_news_says_nothing(frame: bytes):
    assert BITFINEX.parse(frame) == ()


@pytest.mark.unit
@pytest.mark.parametrize(
    "frame",
    [
        b"[225206,[215350,0,1],18]",
        b"[225206,[[277520,1,0.00383141],[277510,1,0.027]],17]",
        b'[225206,"cs",1330055495]',
        b'[340,["x",31.8,7617.5,43.3,-550.8,-0.06,7617.1,8314.7,8257.8,7500]]',
    ],
)
def test_an_array_that_could_be_of_any_channel_is_counted_as_data(frame: bytes):
    assert BITFINEX.parse(frame) == (Unknown("data"),)


@pytest.mark.unit
@pytest.mark.parametrize("frame", [b"[]", b"[340]", b'["x","hb"]', b'[1,"te",[2,3,4,null]]', b"7"])
def test_a_frame_of_no_known_shape_is_malformed(frame: bytes):
    with pytest.raises(msgspec.ValidationError):
        BITFINEX.parse(frame)


@pytest.mark.unit
@pytest.mark.parametrize("frame", [b'{"event":"\xff"}', b'{"event":"x","y":' + b"[" * 5000])
def test_bytes_that_are_no_message_are_a_malformed_frame(frame: bytes):
    with pytest.raises(FrameError, match="expected UTF-8 JSON"):
        BITFINEX.parse(frame)


@pytest.mark.unit
def test_damage_raises_only_the_two_promised_errors():
    random = Random(14)
    for _ in range(4000):
        frame = bytearray(random.choice((TICKER, TRADE, SUBSCRIBED, ERROR)))
        at = random.randrange(len(frame))
        frame[at : at + random.randrange(3)] = random.randbytes(random.randrange(3))
        with suppress(FrameError, msgspec.MsgspecError):
            BITFINEX.parse(bytes(frame[: random.randrange(2 * len(frame))]))
