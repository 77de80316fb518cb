"""What only the Kraken voice does: assets have an old name and a new one."""

import pytest

from jobs.sandbox.voice import Heard
from jobs.sandbox.voices.kraken import KRAKEN as VOICE
from jobs.venue import Ack, Refused
from jobs.venues.kraken import KRAKEN
from tests.venues.hearing import answer, book, events, heard

pytestmark = pytest.mark.unit


def test_the_market_list_keeps_the_old_names_beside_those_of_the_stream():
    assert b'"wsname":"XBT/EUR"' in answer(VOICE, KRAKEN.markets.path, [book(VOICE, "BTC", "EUR")])


def test_an_old_asset_name_is_refused_and_costs_no_other_market():
    (subscription,) = KRAKEN.subscribe(["XBT/EUR", "SHIB/EUR"])

    answered = VOICE.hear(subscription.frame, 0.0)

    assert answered.subscribe == ("SHIB/EUR",)
    assert events("kraken", answered) == [
        Refused("XBT/EUR", "Currency pair not supported XBT/EUR"),
        Ack("SHIB/EUR"),
    ]


def test_it_greets_with_its_status_and_beats_every_second():
    assert VOICE.greeting is not None
    assert VOICE.heartbeat is not None

    said = [*VOICE.greeting(0.0), VOICE.heartbeat(1.0)]

    assert [heard("kraken", message) for message in said] == [[], []]
    assert VOICE.heartbeat_every == 1.0


def test_a_ping_is_answered_under_its_number():
    assert VOICE.hear('{"method":"ping","req_id":42}', 1695632671.25) == Heard(
        (
            b'{"method":"pong","time_in":"2023-09-25T09:04:31.250000Z",'
            b'"time_out":"2023-09-25T09:04:31.250000Z","req_id":42}',
        )
    )


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        ("?", "Malformed request"),
        ("[]", "Malformed request"),
        ('{"method":"listen"}', "Unsupported method"),
        ('{"method":"subscribe","params":{"channel":"candles"}}', "Unsupported channel"),
    ],
)
def test_what_it_does_not_understand_it_refuses(frame: str, reason: str):
    answered = VOICE.hear(frame, 0.0)

    assert (answered.subscribe, events("kraken", answered)) == ((), [Refused("", reason)])
