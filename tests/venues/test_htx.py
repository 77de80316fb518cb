"""HTX, on recorded frames and on payloads written from its documentation.

Quotes hold NaN, which equals nothing, so they are compared as they print.
"""

import gzip
from collections.abc import Sequence
from random import Random

import msgspec
import pytest

from app.market.quotes import Quote
from jobs.venue import Ack, Event, FrameError, Listing, Refused, Reply, Subscription, Unknown
from jobs.venues.htx import HTX, MAX_FRAME, gunzip, parse_tickers
from tests.recordings import answers, frames, samples

CAPTURE = "ws/htx/2021-04-17_HUOBI.ws.44.0.log.gz"

TICKER = (
    b'{"ch":"market.btcusdt.ticker","ts":1630982370526,"tick":{"open":51732,"high":52785.64,'
    b'"low":51000,"close":52735.63,"amount":13259.24137056181,"vol":687640987.4125315,'
    b'"count":448737,"bid":52732.88,"bidSize":0.036,"ask":52732.89,"askSize":0.583653,'
    b'"lastPrice":52735.63,"lastSize":0.03}}'
)


def recorded_events() -> list[Event]:
    return [event for _, frame in frames(CAPTURE) for event in HTX.parse(frame)]


@pytest.mark.unit
def test_a_ticker_becomes_one_quote():
    expected = Quote(
        "btcusdt",
        52735.63,
        52732.88,
        52732.89,
        13259.24137056181,
        687640987.4125315,
        1630982370.526,
    )

    assert repr(list(HTX.parse(TICKER))) == repr([expected])


@pytest.mark.recorded
def test_the_recorded_trades_and_books_give_these_quotes():
    quotes = [event for event in recorded_events() if isinstance(event, Quote)]
    lasts = [quote for quote in quotes if quote.last == quote.last]

    assert (len(quotes), len(lasts)) == (292 + 44, 44)
    assert repr(quotes[0]) == repr(Quote("trioeth", bid=9.121e-7, ask=9.28e-7, time=1618678069.87))
    assert repr(lasts[0]) == repr(Quote("trioeth", 9.2e-7, time=1618678027.94))
    assert repr(quotes[-1]) == repr(
        Quote("fil3susdt", bid=0.00013256, ask=0.00013286, time=1618678100.688)
    )


@pytest.mark.recorded
def test_of_several_recorded_trades_in_one_frame_the_newest_counts():
    newest = [
        event.last
        for event in recorded_events()
        if isinstance(event, Quote) and event.time == 1618678078.119
    ]

    assert newest == [0.00013262]


@pytest.mark.recorded
def test_each_recorded_subscription_and_ping_is_answered():
    events = recorded_events()

    assert sum(isinstance(event, Ack) for event in events) == 20
    assert Ack("market.trioeth.depth.step0") in events
    assert [event for event in events if isinstance(event, Reply)] == [
        Reply(f'{{"pong":{ping}}}') for ping in range(1618678073643, 1618678098644, 5000)
    ]


@pytest.mark.recorded
def test_a_recorded_best_bid_and_ask_is_understood():
    quotes = [
        event
        for frame in samples("map huobi messages", "messagesWithMBPData")
        for event in HTX.parse(frame)
        if isinstance(event, Quote)
    ]

    assert repr(quotes) == repr(
        [
            Quote("btcusdt", bid=7541.16, ask=7543.59, time=1575158404.058),
            Quote("btchusd", bid=9422.13, ask=9434.09, time=1588227079.008),
        ]
    )


@pytest.mark.recorded
def test_the_recorded_symbol_list_gives_these_markets():
    ((_, body),) = answers("ws/htx/2021-04-17_HUOBI.0.log.gz")

    listings = HTX.parse_markets(body)

    assert len(listings) == 938
    assert sum(not listing.active for listing in listings) == 55
    assert listings[0] == Listing("yeebtc", "YEE", "BTC")
    assert Listing("fil3susdt", "FIL3S", "USDT") in listings


@pytest.mark.unit
def test_one_bad_row_of_the_tickers_does_not_cost_the_others():
    body = (
        b'{"status":"ok","ts":1629789355531,"data":['
        b'{"symbol":"smtusdt","open":0.004659,"close":0.00468,"amount":36551302.5,'
        b'"vol":170526.25,"bid":0.004651,"ask":0.004679},'
        b'{"symbol":"ltcht","close":null,"amount":1,"vol":1},'
        b'{"symbol":"ethbtc","close":0.0276,"amount":3.5,"vol":0.1}]}'
    )

    assert repr(parse_tickers(body)) == repr(
        [
            Quote("smtusdt", 0.00468, 0.004651, 0.004679, 36551302.5, 170526.25, 1629789355.531),
            Quote("ethbtc", 0.0276, volume=3.5, turnover=0.1, time=1629789355.531),
        ]
    )


@pytest.mark.unit
def test_one_bad_row_of_the_symbols_does_not_cost_the_others():
    body = (
        b'{"status":"ok","data":[{"symbol":"btcusdt","base-currency":"btc",'
        b'"quote-currency":"usdt","state":"offline"},{"base-currency":"eth"}]}'
    )

    assert HTX.parse_markets(body) == [Listing("btcusdt", "BTC", "USDT", active=False)]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("frame", "events"),
    [
        (b'{"ping":18212558000}', [Reply('{"pong":18212558000}')]),
        (
            b'{"id":"id1","status":"ok","subbed":"market.btcusdt.ticker","ts":1489474081631}',
            [Ack("market.btcusdt.ticker")],
        ),
        (
            b'{"status":"error","ts":1494301904959,"id":"market.x.ticker",'
            b'"err-code":"bad-request","err-msg":"invalid topic market.x.ticker"}',
            [Refused("market.x.ticker", "invalid topic market.x.ticker")],
        ),
        (b'{"status":"error","err-msg":"invalid ping"}', [Refused("", "invalid ping")]),
        (b'{"id":7,"status":"error","err-msg":"no"}', [Refused("7", "no")]),
        (b'{"ch":"market.btcusdt.kline.1min","ts":1,"tick":{"id":1}}', [Unknown("kline.1min")]),
        (b'{"ch":"market.btcusdt.depth.step0","ts":1,"tick":{"bids":[],"asks":[]}}', []),
        (b'{"ch":"market.btcusdt.trade.detail","ts":1,"tick":{"data":[]}}', []),
    ],
)
def test_other_messages_give_these_events(frame: bytes, events: Sequence[Event]):
    assert list(HTX.parse(frame)) == events


@pytest.mark.unit
def test_changes_of_a_book_are_not_taken_for_the_book():
    frame = (
        b'{"ch":"market.ethbtc.depth.step0","ts":1,"update":true,"tick":{"bids":[[1,0]],"asks":[]}}'
    )

    assert HTX.parse(frame) == (Unknown("depth.step0"),)


@pytest.mark.unit
@pytest.mark.parametrize(
    "frame",
    [
        TICKER.replace(b'"lastPrice":52735.63', b'"lastPrice":null'),
        TICKER.replace(b'"lastPrice":52735.63', b'"lastPrice":"52,735.63"'),
        TICKER.replace(b"btcusdt.ticker", b"ticker"),
        TICKER.replace(b"btcusdt.ticker", b"btc.usdt.ticker"),
        TICKER.replace(b"btcusdt", b"btc\xffsdt"),
        b'{"ping":"now"}',
        b'{"ch":"market.btcusdt.depth.step0","tick":{"bids":[[]],"asks":[]}}',
        b"{}",
        b'{"tick":' + b"[" * 100_000,
        b"",
    ],
)
def test_a_malformed_frame_raises_a_typed_error(frame: bytes):
    with pytest.raises((FrameError, msgspec.MsgspecError)):
        HTX.parse(frame)


@pytest.mark.unit
def test_a_gzip_frame_is_unpacked():
    assert HTX.inflate is gunzip
    assert gunzip(gzip.compress(TICKER)) == TICKER


@pytest.mark.unit
@pytest.mark.parametrize(
    "frame",
    [
        b"",
        TICKER,
        gzip.compress(TICKER)[:-1],
        gzip.compress(TICKER)[:20],
        gzip.compress(TICKER) + b"more",
        gzip.compress(bytes(MAX_FRAME + 1)),
        gzip.compress(bytes(64 * MAX_FRAME)),
        b"\x1f" * 50_000_000,
    ],
)
def test_a_bad_or_too_large_gzip_frame_raises_a_frame_error(frame: bytes):
    with pytest.raises(FrameError):
        gunzip(frame)


@pytest.mark.unit
def test_the_largest_frame_allowed_is_unpacked():
    assert len(gunzip(gzip.compress(bytes(MAX_FRAME)))) == MAX_FRAME


@pytest.mark.unit
def test_damaged_gzip_frames_raise_nothing_but_typed_errors():
    random = Random(20260101)
    packed = gzip.compress(TICKER, mtime=0)
    for _ in range(2000):
        frame = bytearray(packed)
        frame[random.randrange(len(frame))] = random.randrange(256)
        try:
            events = HTX.parse(gunzip(bytes(frame)))
        except (FrameError, msgspec.MsgspecError):
            continue
        assert repr(list(events)) == repr(list(HTX.parse(TICKER)))


@pytest.mark.unit
def test_each_market_is_asked_for_under_its_topic():
    assert list(HTX.subscribe(["btcusdt", "ethbtc"])) == [
        Subscription(
            f'{{"sub":"market.{symbol}.ticker","id":"market.{symbol}.ticker"}}',
            (symbol,),
            (f"market.{symbol}.ticker",),
        )
        for symbol in ("btcusdt", "ethbtc")
    ]
