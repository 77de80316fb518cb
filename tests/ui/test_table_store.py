"""How the browser's copy of the table takes frames."""

import json

import pytest

from app.ui import rows
from tests.ui.bun import answer

pytestmark = pytest.mark.unit

COLUMNS = json.dumps({"live": rows.LIVE, "facts": rows.FACTS})
START = f"""
    const store = new it.TableStore({COLUMNS});
    const whole = (order, seq = 1, more = {{}}) => ({{
        room: 'r', seq, whole: true, first: 0, total: order.length, order,
        facts: Object.fromEntries(order.map((id) => [id, [id, 'SYM', '', null, '', '']])),
        rows: Object.fromEntries(order.map((id, at) => [id, [100 + at, 0.1, 0.2]])),
        ...more,
    }});
    const frame = (seq, more) => ({{ room: 'r', seq, ...more }});
"""


def after(program: str):
    return answer("live_table/table_store.js", START + program)


def test_a_whole_frame_fills_the_table():
    filled = after("store.merge(whole(['a', 'b'])); return [store.view(), store.row('b')];")
    assert filled[0] == {"ids": ["a", "b"], "total": 2, "known": True}
    assert (filled[1]["name"], filled[1]["price"], filled[1]["change_24h"]) == ("b", 101, 0.2)


def test_a_shorter_row_changes_only_its_first_columns():
    row = after(
        """store.merge(whole(['a'])); store.merge(frame(2, {rows: {a: [99]}}));
        return store.row('a');"""
    )
    assert (row["price"], row["change_1h"]) == (99, 0.1)


def test_a_price_that_moves_flashes_in_its_direction():
    flashes = after(
        """store.merge(whole(['a']));
        const first = store.row('a').flash ?? null;
        store.merge(frame(2, {rows: {a: [99]}}));
        const down = store.row('a').flash.direction;
        store.merge(frame(3, {rows: {a: [101]}}));
        return [first, down, store.row('a').flash.direction];"""
    )
    assert flashes == [None, "down", "up"]


def test_a_missing_frame_is_noticed_and_nothing_of_it_is_taken():
    told = after(
        """store.merge(whole(['a']));
        return [store.merge(frame(3, {rows: {a: [1]}})), store.row('a').price];"""
    )
    assert told == [False, 100]


def test_a_frame_of_an_unknown_room_asks_for_everything():
    assert after("return store.merge(frame(8, {rows: {}}));") is False


def test_an_older_frame_is_passed_over():
    told = after(
        """store.merge(whole(['a'], 5));
        return [store.merge(frame(4, {rows: {a: [1]}})), store.row('a').price];"""
    )
    assert told == [True, 100]


def test_a_fresh_frame_forgets_the_view_before():
    view = after(
        """store.merge(whole(['a', 'b']));
        store.merge(whole(['c'], 1, {room: 's', fresh: true}));
        return [store.view().ids, store.row('a') ?? null];"""
    )
    assert view == [["c"], None]


def test_held_rows_keep_their_places_until_they_are_released():
    places = after(
        """store.merge(whole(['a', 'b'])); store.hold(true);
        store.merge(frame(2, {order: ['b', 'a'], first: 0, total: 2}));
        const held = [store.view().ids, store.isWaiting()];
        store.hold(false);
        return [...held, store.view().ids, store.isWaiting()];"""
    )
    assert places == [["a", "b"], True, ["b", "a"], False]


def test_new_rows_may_come_while_the_others_are_held():
    ids = after(
        """store.merge(whole(['a'], 1, {total: 2})); store.hold(true);
        store.merge(whole(['b'], 1, {room: 's', first: 1, total: 2}));
        return store.view().ids;"""
    )
    assert ids == ["a", "b"]


def test_who_enters_brings_a_whole_row():
    row = after(
        """store.merge(whole(['a']));
        store.merge(frame(2, {
            order: ['b'], first: 0, total: 1,
            facts: {b: ['Bee', 'B', '', 5, '', '']}, rows: {b: [7]},
        }));
        return store.row('b');"""
    )
    assert (row["name"], row["price"], row["market_cap"]) == ("Bee", 7, None)


def test_only_the_listeners_of_a_changed_row_are_told():
    told = after(
        """store.merge(whole(['a', 'b']));
        const told = [];
        store.subscribeRow('a', () => told.push('a'));
        store.subscribeRow('b', () => told.push('b'));
        store.merge(frame(2, {rows: {b: [7]}}));
        return told;"""
    )
    assert told == ["b"]


@pytest.mark.parametrize(
    ("parameters", "column", "order", "descending", "address"),
    [
        ("", {"sort": "price"}, "rank", False, "/?sort=price"),
        ("?sort=price&page=3", {"sort": "price"}, "price", True, "/?sort=price&dir=asc"),
        ("?q=x&sort=price", {"sort": "name", "upwards": True}, "price", True, "/?q=x&sort=name"),
        ("?sort=name", {"sort": "name", "upwards": True}, "name", False, "/?sort=name&dir=desc"),
        ("?sort=price", {"sort": "rank", "upwards": True}, "price", True, "/"),
    ],
)
def test_a_column_leads_to_the_view_it_sorts(
    parameters: str, column: dict[str, object], order: str, descending: bool, address: str
):
    given = json.dumps([parameters, column, {"order": order, "descending": descending}])
    assert answer("live_table/sorting.js", f"return it.sortAddress(...{given});") == address
