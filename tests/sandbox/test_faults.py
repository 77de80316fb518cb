"""Faults as values: reading them, how long they last, and what they do to one book."""

import pytest
from msgspec.structs import replace

from jobs.sandbox.distortion import Identity, distorted
from jobs.sandbox.faults import (
    AnyFault,
    ClockSkew,
    Depeg,
    Drop,
    FaultBoard,
    FaultError,
    FlashCrash,
    Freeze,
    Html,
    InForce,
    Silence,
    UnitSlip,
    Zero,
    read_fault,
)
from jobs.sandbox.voice import Book

pytestmark = pytest.mark.unit

BOOK = Book("ETH-USDT", "ETH", "USDT", 4000.0, 3999.0, 4001.0, 3900.0, 4100.0, 3800.0, 5.0, 10.0, 3)
ETHER = Identity("coinbase", "ethereum", "tether", crashes=True)
CROSS = Identity("coinbase", "ethereum", "bitcoin", crashes=False)


def under(*faults: AnyFault, identity: Identity = ETHER) -> Book | None:
    return distorted(BOOK, identity, [InForce(1, fault, 0.0) for fault in faults])


def prices(book: Book | None) -> tuple[float, ...]:
    assert book is not None
    return (book.last, book.bid, book.ask, book.high, book.low)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"{", "Input data was truncated"),
        (b'{"venue":"*"}', "Object missing required field `kind`"),
        (b'{"kind":"flood"}', "Invalid value 'flood' - at `$.kind`"),
        (b'{"kind":"lag"}', "Object missing required field `delay`"),
        (b'{"kind":"html","seconds":0}', "Expected `float` > 0.0 - at `$.seconds`"),
        (b'{"kind":"html","speed":1}', "Object contains unknown field `speed`"),
        (b'{"kind":"html","venue":"mtgox"}', "venue must be * or one of coinbase, kraken"),
        (b'{"kind":"drop","asset":"*"}', "asset must be the id of a listed asset, such as bitcoin"),
    ],
)
def test_a_request_that_is_no_fault_is_refused_in_words(body: bytes, message: str):
    with pytest.raises(FaultError) as error:
        read_fault(body, {"kraken", "coinbase"}, {"bitcoin"})

    assert str(error.value) == message


def test_a_fault_says_where_what_and_how_long():
    body = b'{"kind":"depeg","venue":"kraken","asset":"tether","level":0.9,"seconds":5}'

    read = read_fault(body, {"kraken"}, {"tether"})

    assert read == Depeg(venue="kraken", seconds=5.0, asset="tether", level=0.9)


def test_a_fault_is_over_after_its_seconds():
    board = FaultBoard()
    order = board.order(Html(venue="kraken", seconds=5), now=100.0)

    assert board.at("kraken", 104.9) == [order]
    assert board.at("kraken", 105.0) == []


def test_faults_concern_their_venue_or_all():
    board = FaultBoard()
    here = board.order(Html(venue="kraken"), now=0.0)
    everywhere = board.order(Silence(), now=0.0)

    assert board.at("kraken", 1.0) == [here, everywhere]
    assert board.at("gate", 1.0) == [everywhere]


def test_lifting_one_fault_leaves_the_others():
    board = FaultBoard()
    first, second = board.order(Html(), now=0.0), board.order(Silence(), now=0.0)

    assert board.lift(1.0, number=1) == [first]
    assert board.all(1.0) == [second]
    assert board.lift(1.0) == [second]


def test_a_crash_of_the_base_scales_the_prices_and_widens_the_day():
    crashed = under(FlashCrash(asset="ethereum", factor=0.5))

    assert prices(crashed) == (2000.0, 1999.5, 2000.5, 4100.0, 2000.0)


def test_a_crash_of_the_quote_raises_the_prices():
    assert prices(under(FlashCrash(asset="tether", factor=0.5)))[:3] == (8000.0, 7998.0, 8002.0)


def test_a_general_crash_leaves_crosses_between_coins_alone():
    assert prices(under(FlashCrash(factor=0.5)))[0] == 2000.0
    assert under(FlashCrash(factor=0.5), identity=CROSS) == BOOK


def test_a_lost_peg_moves_what_is_quoted_in_the_stablecoin():
    assert prices(under(Depeg(asset="tether", level=0.8)))[0] == 5000.0


def test_a_unit_slip_leaves_the_quote_alone():
    assert prices(under(UnitSlip(asset="ethereum")))[:2] == (4_000_000.0, 3_999_000.0)
    assert under(UnitSlip(asset="tether")) == BOOK


def test_zero_is_zero():
    assert prices(under(Zero())) == (0.0, 0.0, 0.0, 4100.0, 0.0)


def test_a_delisted_asset_has_no_book_as_base_or_quote():
    assert under(Drop(asset="ethereum")) is None
    assert under(Drop(asset="tether")) is None
    assert under(Drop(asset="bitcoin")) == BOOK


def test_a_skewed_clock_moves_only_the_time():
    assert under(ClockSkew(offset=-3600)) == replace(BOOK, time=-3590.0)


def test_a_frozen_book_repeats_its_first_prices_with_new_times():
    order = InForce(1, Freeze(), 0.0)
    distorted(BOOK, ETHER, [order])

    later = distorted(replace(BOOK, last=9.0, time=20.0, sequence=4), ETHER, [order])

    assert later == replace(BOOK, time=20.0, sequence=4)


def test_faults_add_up():
    both = under(UnitSlip(asset="ethereum", factor=10), Depeg(asset="tether", level=0.5))

    assert prices(both)[0] == 80_000.0
