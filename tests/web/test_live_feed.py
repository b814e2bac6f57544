"""Live pages: who hears what, and what a slow reader costs."""

import pytest
from tests.apart import run_apart

from raincheck.actions.permissions import permissions_of
from raincheck.web.live.feed import Feed, Reader
from raincheck.web.live.topics import may_listen, parse_topics
from raincheck.web.person import Person


def reader(*topics: str) -> Reader:
    """A reader of some topics."""
    return Reader(frozenset(topics))


def test_a_reader_hears_its_own_topics_and_no_others() -> None:
    async def story() -> tuple[list[str], list[str]]:
        desk, lamp = reader("desk"), reader("product:1")
        feed = Feed()
        feed.readers |= {desk, lamp}
        feed.tell_all('{"topics": ["desk", "product:2"]}')
        return await desk.changed(1), await lamp.changed(0)

    assert run_apart(story()) == (["desk"], [])


def test_a_burst_reaches_a_slow_reader_once() -> None:
    async def story() -> list[list[str]]:
        slow = reader("desk", "queue")
        feed = Feed()
        feed.readers.add(slow)
        for _ in range(1000):
            feed.tell_all('{"topics": ["queue", "desk"]}')
        return [await slow.changed(1), await slow.changed(0)]

    assert run_apart(story()) == [["desk", "queue"], []]


@pytest.mark.parametrize("payload", ["", "{}", "[]", '{"topics": 7}', "not json", '{"topics": null}'])
def test_a_notification_that_cannot_be_read_is_dropped(payload: str) -> None:
    async def story() -> list[str]:
        desk = reader("desk")
        feed = Feed()
        feed.readers.add(desk)
        feed.tell_all(payload)
        return await desk.changed(0)

    assert run_apart(story()) == []


@pytest.mark.parametrize("asked", [[], ["money"], ["desk"] + [f"order:{n}" for n in range(30)], ["order:" + "x" * 200]])
def test_what_is_no_topic_is_refused_in_words(asked: list[str]) -> None:
    with pytest.raises(ValueError, match="topic"):
        parse_topics(asked)


def test_an_order_may_be_called_anything() -> None:
    assert parse_topics(["order:A, B / 7"]) == {"order:A, B / 7"}


def test_people_listen_only_to_pages_they_may_see() -> None:
    floor = Person(1, "Sam", ("warehouse",), permissions_of(["warehouse"]))
    assert may_listen(floor, frozenset({"desk", "receiving"}))
    assert not may_listen(floor, frozenset({"desk", "mailbox"}))
