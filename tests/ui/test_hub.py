"""Who gets which frames."""

from typing import Any

import pytest

from app.market.health import VenueHealth
from app.market.view import Query
from app.ui.live.hub import COIN_PREFIX, PULSE_ROOM, QUALITY_ROOM, Hub
from app.ui.live.slices import Market, Slice, blocks, slice_of_page
from app.ui.state.live import LiveState
from tests.ui import market

pytestmark = pytest.mark.unit

PATCH = "patch_rx_state_"
PRICES = [1.0, 0.99989, 42_653.0, 2_511.71, 0.000001234, float("nan")]
DEARER = market.snapshot(2, changed={"price": PRICES})


class Rooms:
    """Socket rooms that remember what was sent to them."""

    def __init__(self) -> None:
        self.inside: dict[str, set[str]] = {}
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.skipped: list[list[str]] = []
        self.waiting: dict[str, int] = {}
        self.hung_up: list[str] = []

    async def send(self, room: str, update: dict[str, Any], *, skip: list[str]) -> None:
        self.sent.append((room, update))
        self.skipped.append(skip)

    async def enter(self, session: str, room: str) -> None:
        self.inside.setdefault(room, set()).add(session)

    async def leave(self, session: str, room: str) -> None:
        self.inside[room].discard(session)

    def rooms_of(self, session: str) -> list[str]:
        return [room for room, sessions in self.inside.items() if session in sessions]

    def watched(self, room: str) -> bool:
        return bool(self.inside.get(room))

    def named(self, prefix: str) -> list[str]:
        return [room for room in self.inside if room.startswith(prefix)]

    def backlog(self) -> dict[str, int]:
        return self.waiting

    async def hang_up(self, session: str) -> None:
        self.hung_up.append(session)

    def patches(self, session: str) -> list[dict[str, Any]]:
        name = LiveState.get_full_name()
        return [update["delta"][name][PATCH] for room, update in self.sent if room == session]


def hub_of(rooms: Rooms, *, ready: bool = True) -> Hub:
    mirror = market.mirror(ready=ready)
    return Hub(mirror, rooms, clock=lambda: market.NOW, quality=market.desk(mirror))


def venue(name: str, title: str) -> VenueHealth:
    return VenueHealth(
        name=name,
        title=title,
        operator=name,
        home="",
        docs="",
        state="live",
        markets=1,
        connections=1,
        connections_wanted=1,
        frames=1,
        quotes=1,
        parse_errors=0,
        unknown_symbols=0,
        reconnects=0,
        missing_acks=0,
        refused=0,
        last_message=market.NOW,
        lag_p50=0.1,
        lag_p99=0.3,
        rest_calls=0,
        rest_failures=0,
        circuit="closed",
    )


async def test_a_reader_gets_a_whole_page_and_joins_its_room():
    rooms = Rooms()
    page = slice_of_page(Query(), page=1, per=100)
    await hub_of(rooms).watch("ann", [page], fresh=True)
    assert rooms.rooms_of("ann") == [page.room]
    [patch] = rooms.patches("ann")
    assert (patch["fresh"], patch["order"][0], patch["room"]) == (True, "bitcoin", page.room)


async def test_turning_the_page_leaves_the_old_one():
    rooms, other = Rooms(), Slice(Query(), 2, 2)
    hub = hub_of(rooms)
    await hub.watch("ann", [Slice(Query(), 0, 2)], fresh=True)
    await hub.watch("ann", [other], fresh=True)
    assert rooms.rooms_of("ann") == [other.room]


async def test_scrolling_sends_only_the_blocks_that_are_new():
    rooms = Rooms()
    hub = hub_of(rooms)
    await hub.watch("ann", blocks(Query(), 0, 60), fresh=True)
    await hub.watch("ann", blocks(Query(), 60, 120), fresh=False)
    told = [(patch["first"], patch.get("fresh", False)) for patch in rooms.patches("ann")]
    assert told == [(0, True), (50, False), (100, False)]


async def test_readers_of_one_page_have_the_same_frames_to_follow():
    rooms, page = Rooms(), Slice(Query(), 0, 3)
    hub = hub_of(rooms)
    await hub.watch("ann", [page], fresh=True)
    await hub.watch("bob", [page], fresh=True)
    assert rooms.patches("ann") == rooms.patches("bob")
    assert rooms.inside[page.room] == {"ann", "bob"}


async def test_a_reader_with_a_backlog_is_passed_over_and_a_lost_one_disconnected():
    rooms, page = Rooms(), Slice(Query(), 0, 3)
    hub = hub_of(rooms)
    for session in ("ann", "bob", "cyd"):
        await hub.watch(session, [page], fresh=True)
    rooms.waiting = {"ann": 7, "bob": 8, "cyd": 100}
    await hub.pass_over_the_slow()
    await hub.tick(Market(market.registry(), DEARER, market.closes()))
    assert (rooms.sent[-1][0], rooms.skipped[-1]) == (page.room, ["bob", "cyd"])
    assert rooms.hung_up == ["cyd"]


async def test_a_tick_sends_a_room_one_frame_however_many_are_in_it():
    rooms, page = Rooms(), Slice(Query(), 0, 3)
    hub = hub_of(rooms)
    for session in ("ann", "bob", "cyd"):
        await hub.watch(session, [page], fresh=True)
    rooms.sent.clear()
    await hub.tick(Market(market.registry(), DEARER, market.closes()))
    assert [room for room, _ in rooms.sent] == [page.room]


async def test_a_hidden_tab_leaves_everything():
    rooms = Rooms()
    hub = hub_of(rooms)
    await hub.watch("ann", [Slice(Query(), 0, 3)], fresh=True)
    await hub.watch_pulse("ann")
    await hub.watch_coin("ann", "bitcoin")
    await hub.leave("ann")
    assert rooms.rooms_of("ann") == []


async def test_a_reader_follows_one_coin_at_a_time():
    rooms = Rooms()
    hub = hub_of(rooms)
    await hub.watch_coin("ann", "bitcoin")
    await hub.watch_coin("ann", "ethereum")
    assert rooms.rooms_of("ann") == [COIN_PREFIX + "ethereum"]


async def test_the_pulse_has_one_room_for_everyone():
    rooms = Rooms()
    await hub_of(rooms).watch_pulse("ann")
    assert rooms.inside == {PULSE_ROOM: {"ann"}}


async def test_before_the_first_snapshot_a_reader_joins_an_empty_room():
    rooms, page = Rooms(), Slice(Query(), 0, 3)
    hub = hub_of(rooms, ready=False)
    await hub.watch("ann", [page], fresh=True)
    assert (hub.market, hub.total(Query()), hub.coin("bitcoin")) == (None, 0, None)
    assert rooms.patches("ann")[0]["total"] == 0


def test_an_unknown_coin_is_none():
    assert hub_of(Rooms()).coin("no-such-coin") is None


def test_a_venue_is_called_by_its_title():
    mirror = market.mirror()
    mirror.venues = (venue("alpha", "Alpha"),)
    coin = Hub(mirror, Rooms(), clock=lambda: market.NOW, quality=market.desk(mirror)).coin(
        "bitcoin"
    )
    assert coin is not None
    assert coin.venues[0].venue == "beta"
    assert coin.venues[1].venue == "Alpha"


async def test_the_quality_page_is_sent_to_those_who_look_at_it():
    rooms = Rooms()
    hub = hub_of(rooms)
    await hub.watch_quality("s")
    assert rooms.rooms_of("s") == [QUALITY_ROOM]
    await hub.watch_pulse("s")
    assert rooms.rooms_of("s") == [PULSE_ROOM]


async def test_a_hidden_tab_gets_no_quality_either():
    rooms = Rooms()
    hub = hub_of(rooms)
    await hub.watch_quality("s")
    await hub.leave("s")
    assert rooms.rooms_of("s") == []
