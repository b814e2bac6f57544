"""The reference of webhooks names every event there is, and no other; the events are those that customers hear of."""

import re
from pathlib import Path

from raincheck.notices.wording import EVENTS as MESSAGES
from raincheck.notices.wording import WITHOUT_ORDER
from raincheck.words.webhook_events import EVENTS, ORDER_EVENTS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "webhooks.md"


def test_each_event_is_in_the_reference_and_no_other() -> None:
    named = set(re.findall(r"`((?:order|product|webhook)\.[a-z_]+)`", PAGE.read_text()))
    assert named - {"order.ref", "order.state", "order.customer", "order.channel", "order.country", "order.postcode",
                    "order.placed_at", "order.wanted_on"} == set(EVENTS)  # fmt: skip


def test_every_message_about_an_order_is_an_event() -> None:
    assert set(ORDER_EVENTS) == {f"order.{message}" for message in MESSAGES if message not in WITHOUT_ORDER}
