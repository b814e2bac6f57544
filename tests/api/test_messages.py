"""What an order's customer was told, over the API: its words, how it went, and for whom its links open anything."""

import re
from typing import Any

import pytest
from tests.api.caller import Caller, content, key_for

from raincheck.actions.carry_notice import carry_next
from raincheck.actions.send_link import send_link
from raincheck.gateways.mail import Mailbox
from raincheck.notices.carriers import MailCarrier
from raincheck.store.db import run


@pytest.fixture
def told(shop: Caller) -> Caller:
    """Ann's order is confirmed and a part of it waits; then she is sent a link, which waits for its turn."""
    shop.post("/orders", {"ref": "O1", "customer": "ann", "lines": [{"sku": "lamp", "quantity": 7}]})
    carry_all()
    send_link("O1")
    return shop


def carry_all() -> None:
    while carry_next(MailCarrier(Mailbox())) is not None:
        pass


def of_order(caller: Caller, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = content(caller.get("/orders/O1/messages", query))["messages"]
    return found


def test_each_message_has_its_words_and_how_it_went(told: Caller) -> None:
    *said, waits = of_order(told)
    assert {one["event"] for one in said} >= {"order_confirmed"}
    for one in said:
        assert (one["state"], one["channel"], one["address"]) == ("kept", "email", "ann@example.com")
        assert one["subject"]
        assert one["text"]
        (way,) = one["channels"]
        assert (way["channel"], way["state"], way["address"]) == ("email", "kept", "ann@example.com")
    assert (waits["event"], waits["state"], waits["text"], waits["channels"]) == ("link_sent", "queued", None, [])


def test_links_that_act_for_the_customer_are_for_keys_that_may(told: Caller) -> None:
    text = of_order(told)[0]["text"]
    (token,) = set(re.findall(r"/my/([^\s/?]+)", text))
    assert "." in token
    reader = key_for("mailbox.view")
    run("INSERT INTO notice_delivery (notice_id, channel, address, state, attempts, queued_at, message_id, text, proof,"
        " failure) SELECT id, 'sms', '+1', 'sent', 1, now(), '', 'See https://x.example/my/' || %s, '', '' FROM notice",
        [token])  # fmt: skip
    assert token not in reader.get("/orders/O1/messages").content.decode()
    one = of_order(reader)[0]
    assert "/my/[link]" in one["text"]
    assert one["channels"][-1]["text"] == "See https://x.example/my/[link]"
    acting = key_for("mailbox.view", "order.change")
    assert of_order(acting)[0]["text"] == text
    assert of_order(acting)[0]["channels"][-1]["text"].endswith(token)


def test_messages_are_gone_through_page_by_page(told: Caller) -> None:
    whole, seen, cursor = of_order(told), [], ""
    while True:
        page = content(told.get("/orders/O1/messages", f"limit=1&cursor={cursor}"))
        seen += page["messages"]
        if page["next_cursor"] is None:
            break
        cursor = page["next_cursor"]
    assert seen == whole
    assert len(whole) > 1


def test_an_order_without_messages_and_one_that_is_none(told: Caller) -> None:
    told.post("/orders", {"ref": "O2", "lines": [{"sku": "chair", "quantity": 1}]})
    assert all(one["channel"] == "none" for one in content(told.get("/orders/O2/messages"))["messages"])
    assert told.get("/orders/O9/messages").status_code == 404
    assert told.get("/orders/O1/messages", "cursor=abc").status_code == 422
    assert told.get("/orders/O1/messages", "state=sent").status_code == 422
