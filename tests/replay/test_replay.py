"""Recorded captures through the adapters, the board and the index."""

import asyncio
from contextlib import suppress
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from app.market.quotes import QuoteBoard
from app.market.verdict import Status
from jobs.indexer import Indexer
from jobs.mapping import build_registry
from jobs.replay import CaptureError, Player, load_tape
from jobs.seed import load_seed
from jobs.venues import VENUES
from tests.recordings import recorded

pytestmark = pytest.mark.recorded


def player(day: str = "") -> tuple[Player, Indexer]:
    tape = load_tape(recorded("ws"), VENUES, day=day)
    registry = build_registry(load_seed(), tape.listings, VENUES, version=1)
    board = QuoteBoard(len(registry.markets))
    made = Player(tape, VENUES, registry, board)
    indexer = Indexer(registry, board, source="replay", venues=made.health, first_version=1)
    return made, indexer


def test_the_day_with_the_most_venues_is_chosen():
    tape = load_tape(recorded("ws"), VENUES)

    assert tape.day == date(2021, 4, 17)
    assert sorted(tape.listings) == [
        "binance",
        "binance_us",
        "bitfinex",
        "bitstamp",
        "coinbase",
        "gemini",
        "htx",
        "kraken",
        "upbit",
    ]


def test_a_recording_of_spot_and_derivatives_plays_only_what_we_listen_to():
    tape = load_tape(recorded("ws"), VENUES, day="2026-08-09")

    assert len(tape.frames) == 681
    assert not any(b'"markPrice"' in frame.body for frame in tape.frames)


def test_every_recorded_frame_is_read_and_gives_these_quotes():
    made, indexer = player()
    made.rewind(60.0, indexer.cycle)

    heard = {venue.name: (venue.frames, venue.parse_errors) for venue in made.health()}
    quotes = {venue.name: venue.quotes for venue in made.health()}

    assert heard["coinbase"] == (9946, 0)
    assert sum(errors for _, errors in heard.values()) == 0
    assert (quotes["coinbase"], quotes["bitstamp"], quotes["kraken"]) == (107, 16, 28)


def test_bitcoin_costs_what_it_cost_on_the_recorded_day():
    made, indexer = player()
    made.rewind(1.0, indexer.cycle)

    snapshot, _ = indexer.cycle(made.now())

    bitcoin = indexer.registry.number_of["bitcoin"]
    assert snapshot.columns["price"][bitcoin] == pytest.approx(60736.07)
    assert snapshot.columns["status"][bitcoin] == Status.STALE
    assert snapshot.source == "replay"


def test_the_second_loop_is_later_than_the_first_and_is_believed():
    made, indexer = player()
    made.rewind(60.0, indexer.cycle)
    before = made.now()

    async def play() -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(0.5):
                await made.run(speed=500.0)

    asyncio.run(play())
    snapshot, _ = indexer.cycle(made.now())

    assert made.now() > before + 100
    assert np.nanmax(snapshot.columns["updated"]) > before


def test_a_day_without_recordings_names_the_days_that_have_some():
    with pytest.raises(CaptureError, match="2021-04-17"):
        load_tape(recorded("ws"), VENUES, day="2020-01-01")


@pytest.mark.unit
def test_an_empty_folder_is_refused_with_what_is_expected(tmp_path: Path):
    with pytest.raises(CaptureError, match="<venue>/<date>_<NAME>"):
        load_tape(tmp_path, VENUES)
