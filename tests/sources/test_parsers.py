"""The sources' answers: their documented shapes, and shapes that are not."""

from math import isnan

import pytest
from msgspec.structs import astuple

from jobs.rest.answers import RestError, decoded
from jobs.sources import SOURCES, UnknownSourceError, chosen
from jobs.sources.coingecko import COINGECKO
from jobs.sources.coinpaprika import COINPAPRIKA
from jobs.sources.source import figure, instant
from tests.recordings import recorded

BITCOIN = b"""[{"id":"bitcoin","symbol":"btc","name":"Bitcoin","image":"","current_price":70187,
"market_cap":1381651251183,"market_cap_rank":1,"circulating_supply":19675987.0,
"total_supply":21000000.0,"max_supply":21000000.0,"last_updated":"2024-04-07T16:49:31.736Z"}]"""

TICKER = b"""[{"id":"btc-bitcoin","name":"Bitcoin","symbol":"BTC","rank":1,
"total_supply":19883231,"max_supply":21000000,"beta_value":0.879448,
"first_data_at":"2010-07-17T00:00:00Z","last_updated":"2025-06-25T10:47:48Z",
"quotes":{"USD":{"price":107077.5,"volume_24h":23175936198.9,"market_cap":2129041002900}}}]"""


@pytest.mark.unit
def test_a_row_of_coingecko_is_read() -> None:
    (row,) = COINGECKO.parse(BITCOIN)

    assert (row.id, row.symbol, row.name, row.price) == ("bitcoin", "btc", "Bitcoin", 70187.0)
    assert (row.circulating, row.total, row.maximum) == (19675987.0, 21e6, 21e6)
    assert row.time == 1_712_508_571.736


@pytest.mark.unit
def test_a_row_of_coinpaprika_is_read_and_its_supply_is_cap_by_price() -> None:
    (row,) = COINPAPRIKA.parse(TICKER)

    assert (row.id, row.symbol, row.name, row.price) == ("btc-bitcoin", "BTC", "Bitcoin", 107077.5)
    assert (row.circulating, row.total, row.maximum) == (2129041002900 / 107077.5, 19883231.0, 21e6)
    assert row.time == 1_750_848_468.0


@pytest.mark.unit
def test_a_paid_plan_of_coinpaprika_tells_the_supply_itself() -> None:
    paid = TICKER.replace(b'"rank":1', b'"rank":1,"circulating_supply":19883000')

    assert COINPAPRIKA.parse(paid)[0].circulating == 19883000.0


@pytest.mark.unit
def test_what_is_null_or_text_is_unknown_and_costs_the_price_nothing() -> None:
    body = BITCOIN.replace(b"19675987.0", b'"N/A"').replace(b'"max_supply":21000000.0', b'"x":1')

    (row,) = COINGECKO.parse(body.replace(b'"total_supply":21000000.0', b'"total_supply":null'))

    assert row.price == 70187.0
    assert [isnan(value) for value in astuple(row)[4:7]] == [True] * 3


@pytest.mark.unit
def test_a_coin_without_a_price_has_no_derived_supply() -> None:
    (row,) = COINPAPRIKA.parse(TICKER.replace(b"107077.5", b"0"))

    assert isnan(row.circulating)


@pytest.mark.unit
def test_a_bad_row_costs_no_other() -> None:
    body = b'[{"id":7},' + BITCOIN[1:]

    assert [row.id for row in COINGECKO.parse(body)] == ["bitcoin"]


@pytest.mark.unit
@pytest.mark.parametrize("source", SOURCES.values(), ids=str)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"<html></html>",
        b'{"data":[]}',
        b'[{"identifier":"bitcoin"}]',
        b'{"status":{"error_code":429}}',
        BITCOIN[:90],
        b'[{"id":"\xff"}]',
        b"[" * 100_000,
    ],
)
def test_another_shape_is_an_error_of_one_kind(source, body: bytes) -> None:
    with pytest.raises(RestError):
        decoded(source.parse, body)


@pytest.mark.unit
def test_the_end_of_the_list_is_no_error() -> None:
    assert COINGECKO.parse(b"[]") == []


@pytest.mark.unit
@pytest.mark.parametrize(
    ("text", "value"), [("12.5", 12.5), ("1e3", 1000.0), (3.0, 3.0), ("2,080.1", None), ("", None)]
)
def test_figures_are_read_or_unknown(text: float | str, value: float | None) -> None:
    assert figure(text) == value if value is not None else isnan(figure(text))


@pytest.mark.unit
@pytest.mark.parametrize("text", [None, "", "yesterday", "2025-06-25T10:47:48"])
def test_a_time_without_a_zone_is_no_time(text: str | None) -> None:
    assert isnan(instant(text))


@pytest.mark.unit
def test_sources_are_chosen_by_name_and_unknown_names_refused() -> None:
    assert chosen("coinpaprika, coingecko") == (COINGECKO, COINPAPRIKA)
    assert (chosen("coinpaprika"), chosen("")) == ((COINPAPRIKA,), ())
    with pytest.raises(UnknownSourceError, match="known are coingecko, coinpaprika"):
        chosen("coingeko")


@pytest.mark.recorded
def test_the_recorded_page_of_coingecko_is_read_whole() -> None:
    rows = COINGECKO.parse(
        recorded("reference/coingecko_2024-01/coins_markets_top100.json").read_bytes()
    )

    assert (len(rows), rows[0].id, rows[0].price) == (100, "bitcoin", 42652.0)
    assert rows[0].circulating == 19599200.0
    assert all(row.price > 0 and row.circulating > 0 and row.time > 1.7e9 for row in rows)
