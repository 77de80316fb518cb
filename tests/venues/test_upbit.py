"""Upbit, on recorded frames and on payloads written from its documentation.

Quotes hold NaN, which equals nothing, so they are compared as they print.
"""

from collections.abc import Sequence

import msgspec
import pytest

from app.market.quotes import Quote
from jobs.venue import Event, FrameError, Listing, Ping, Refused, Subscription, Unknown
from jobs.venues.upbit import UPBIT
from tests.recordings import answers, frames

CAPTURE = "ws/upbit/2021-04-17_UPBIT.ws.62.0.log.gz"

TICKER = (
    b'{"ty":"ticker","cd":"BTC-ETH","op":0.0478,"hp":0.0483,"lp":0.0477,"tp":0.04782,'
    b'"pcp":0.0478,"c":"RISE","tv":0.5,"atv":68.2,"atv24h":19771.65533322,"atp":3.27,'
    b'"atp24h":728.107452,"tdt":"20240910","ttm":"092001","ttms":1725927601164,"ab":"BID",'
    b'"ms":"ACTIVE","its":false,"dd":null,"mw":"NONE","tms":1725927601208,"st":"REALTIME"}'
)


def recorded_quotes() -> list[Quote]:
    events = [event for _, frame in frames(CAPTURE) for event in UPBIT.parse(frame)]
    return [event for event in events if isinstance(event, Quote)]


@pytest.mark.unit
def test_a_ticker_becomes_one_quote():
    expected = Quote(
        "BTC-ETH", 0.04782, volume=19771.65533322, turnover=728.107452, time=1725927601.208
    )

    assert repr(list(UPBIT.parse(TICKER))) == repr([expected])


@pytest.mark.unit
def test_a_ticker_without_a_day_of_trades_still_tells_its_price():
    frame = TICKER.replace(b"19771.65533322", b"null").replace(b"728.107452", b"null")

    assert repr(list(UPBIT.parse(frame))) == repr([Quote("BTC-ETH", 0.04782, time=1725927601.208)])


@pytest.mark.recorded
def test_the_recorded_trades_and_books_give_these_quotes():
    quotes = recorded_quotes()
    lasts = [quote for quote in quotes if quote.last == quote.last]

    assert (len(quotes), len(lasts)) == (304 + 145, 304)
    assert repr(lasts[0]) == repr(Quote("KRW-LAMB", 127.0, time=1618678262.712))
    assert repr(lasts[-1]) == repr(Quote("KRW-LAMB", 126.0, time=1618678292.646))


@pytest.mark.recorded
def test_a_recorded_book_gives_its_best_bid_and_ask():
    books = [quote for quote in recorded_quotes() if quote.bid == quote.bid]

    assert len(books) == 145
    assert repr(books[0]) == repr(Quote("KRW-LAMB", bid=126.0, ask=127.0, time=1618678262.64))


@pytest.mark.recorded
def test_the_recorded_market_list_names_the_quote_first():
    ((_, body),) = answers("ws/upbit/2021-04-17_UPBIT.0.log.gz")

    listings = UPBIT.parse_markets(body)

    assert len(listings) == 294
    assert listings[0] == Listing("KRW-BTC", "BTC", "KRW")
    assert listings[-1] == Listing("BTC-SNX", "SNX", "BTC")


@pytest.mark.unit
def test_one_bad_row_of_the_markets_does_not_cost_the_others():
    body = (
        b'[{"market":"KRW-BTC","english_name":"Bitcoin"},{"market":null},{"market":"KRW"},'
        b'{"market":"A-B-C"},{"market":"USDT-TRX","english_name":"TRON"}]'
    )

    assert UPBIT.parse_markets(body) == [
        Listing("KRW-BTC", "BTC", "KRW"),
        Listing("USDT-TRX", "TRX", "USDT"),
    ]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("frame", "events"),
    [
        (b'{"status":"UP"}', []),
        (
            b'{"error":{"name":"NO_CODES","message":"codes is missing"}}',
            [Refused("", "NO_CODES: codes is missing")],
        ),
        (b'{"ty":"candle.1s","cd":"KRW-BTC"}', [Unknown("candle.1s")]),
        (b'{"ty":"orderbook","cd":"KRW-BTC","tms":1,"obu":[]}', []),
    ],
)
def test_other_messages_give_these_events(frame: bytes, events: Sequence[Event]):
    assert list(UPBIT.parse(frame)) == events


@pytest.mark.unit
@pytest.mark.parametrize(
    "frame",
    [
        TICKER.replace(b'"tp":0.04782', b'"tp":null'),
        TICKER.replace(b'"tp":0.04782', b'"tp":"0,04782"'),
        TICKER.replace(b"BTC-ETH", b"BTC\xffETH"),
        TICKER[:80],
        b"PING",
        b"{}",
        b'{"ty":' + b"[" * 100_000,
        b"",
    ],
)
def test_a_malformed_frame_raises_a_typed_error(frame: bytes):
    with pytest.raises((FrameError, msgspec.MsgspecError)):
        UPBIT.parse(frame)


@pytest.mark.unit
def test_all_markets_are_asked_for_in_one_frame():
    frame = (
        '[{"ticket":"marketcap"},{"type":"ticker","codes":["KRW-BTC","BTC-ETH"]},'
        '{"format":"SIMPLE"}]'
    )

    assert list(UPBIT.subscribe(["KRW-BTC", "BTC-ETH"])) == [
        Subscription(frame, ("KRW-BTC", "BTC-ETH"))
    ]


@pytest.mark.unit
def test_won_is_shown_and_never_counted_and_the_connection_is_kept_by_pings():
    assert UPBIT.restricted_quotes == ("KRW",)
    assert UPBIT.ping == Ping("PING", every=60.0)
    assert UPBIT.tickers is None
