"""What waits for a reader, and what happens to a message on its way there."""

import asyncio

import pytest
from starlette.types import Message

from jobs.sandbox.connections import ANSWERS, Client, framed
from jobs.sandbox.faults import AnyFault, Gap, InForce, Lag, Reorder, Repeat, Silence
from jobs.sandbox.line import Line

pytestmark = pytest.mark.unit


class Reader:
    """The far end of a client: takes messages while its gate is open."""

    def __init__(self) -> None:
        self.now = 0.0
        self.aborted = 0
        self.got: list[str] = []
        self.gate = asyncio.Event()
        self.client = Client(self.take, self.abort, lambda: self.now)

    async def take(self, message: Message) -> None:
        await self.gate.wait()
        self.got.append(message["text"])

    def abort(self) -> None:
        self.aborted += 1


async def test_only_the_newest_message_of_each_market_waits():
    reader = Reader()
    for number in range(10_000):
        reader.client.offer(number % 5, framed(f"{number}"))
    behind = reader.client.behind
    reader.gate.set()
    writing = asyncio.create_task(reader.client.write())
    await asyncio.sleep(0)
    writing.cancel()

    assert behind == 5
    assert reader.got == ["9995", "9996", "9997", "9998", "9999"]


async def test_answers_come_before_news_and_in_order():
    reader = Reader()
    reader.gate.set()
    reader.client.offer(1, framed("news"))
    reader.client.tell(framed("first"))
    reader.client.tell(framed("second"))
    writing = asyncio.create_task(reader.client.write())
    await asyncio.sleep(0)
    writing.cancel()

    assert reader.got == ["first", "second", "news"]


async def test_a_reader_that_lets_answers_pile_up_is_cut_off():
    reader = Reader()
    for _ in range(ANSWERS):
        reader.client.tell(framed("answer"))
    before = reader.aborted
    reader.client.tell(framed("one too many"))

    assert (before, reader.aborted, reader.client.behind) == (0, 1, ANSWERS)


async def test_a_reader_is_stuck_when_one_message_takes_too_long():
    reader = Reader()
    writing = asyncio.create_task(reader.client.write())
    reader.client.offer(1, framed("news"))
    await asyncio.sleep(0)
    reader.now = 10.0
    in_time = reader.client.stuck(10.0)
    reader.now = 10.1
    too_late = reader.client.stuck(10.0)
    reader.gate.set()
    await asyncio.sleep(0)
    afterwards = reader.client.stuck(10.0)
    writing.cancel()

    assert (in_time, too_late, afterwards) == (False, True, False)


async def test_writing_ends_quietly_when_the_reader_is_gone():
    async def gone(message: Message) -> None:
        raise ConnectionResetError

    client = Client(gone, lambda: None, lambda: 0.0)
    client.tell(framed("answer"))

    async with asyncio.timeout(1):
        await client.write()
    assert client.sent == 0


@pytest.mark.parametrize(
    ("message", "kind"),
    [("pong", "text"), (b'{"a":1}', "text"), (b"[1]", "text"), (b"\x1f\x8b\x08", "bytes")],
)
def test_json_travels_as_text_and_packed_bytes_as_binary(message: bytes | str, kind: str):
    assert set(framed(message)) == {"type", kind}


def passed(line: Line, *faults: AnyFault, now: float = 0.0) -> list[int]:
    turns: list[int] = []
    line.pass_on([InForce(1, fault, 0.0) for fault in faults], now, turns.append)
    return turns


def test_without_faults_a_message_comes_once_and_at_once():
    assert passed(Line(1)) == [0]


def test_silence_loses_the_message_whatever_else_is_wrong():
    assert passed(Line(1), Repeat(times=3), Silence()) == []


def test_repetition_gives_each_copy_a_turn():
    assert passed(Line(1), Repeat(times=3)) == [0, 1, 2]


def test_a_gap_loses_about_its_share():
    line = Line(1)
    came = sum(len(passed(line, Gap(share=0.25))) for _ in range(1000))

    assert came == 773


def test_lagging_messages_come_in_order_when_their_time_has_come():
    line, got = Line(1), list[str]()
    for now, name in ((0.0, "a"), (1.0, "b")):
        line.pass_on([InForce(1, Lag(delay=5), 0.0)], now, lambda turn, name=name: got.append(name))
    line.release(4.9)
    early = list(got)
    line.release(6.0)

    assert (early, got) == ([], ["a", "b"])


def test_reordered_messages_come_within_their_seconds_and_not_in_order():
    line, got = Line(1), list[int]()
    for number in range(20):
        order = [InForce(1, Reorder(within=5), 0.0)]
        line.pass_on(order, number * 0.1, lambda turn, number=number: got.append(number))
    line.release(1.9 + 5.0)

    assert sorted(got) == list(range(20))
    assert got != list(range(20))
