"""The worker dies (-9) while messages leave, again and again: none is lost, and none comes twice."""

import random

import pytest
from bench.messages import kill_worker

pytestmark = pytest.mark.slow


@pytest.mark.usefixtures("fresh_database")
def test_whenever_the_worker_is_killed_each_message_arrives_and_none_twice() -> None:
    found = kill_worker(rounds=6, events_a_round=10, chance=random.Random(7))
    assert (found.events, found.messages, found.lost) == (60, 60, 0)
    assert found.repeated_by_id == 0, "whoever counts a Message-ID once sees each message once"
    assert found.repeated <= found.kills, "of each kill at the most the one message in hand"
